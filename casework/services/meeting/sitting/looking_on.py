"""What the room reads, whichever page of the sitting is on the screen: the same cut everywhere, and the same record of who read it.

The page of a decision and the closing page are opened on the laptop that is mirrored: what the room's own screen would hold back is
held back there as well. Source: decision 4, domain 2.20.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.models.base import new_id
from casework.models.meetings import Hearing, Item, Meeting, Seat
from casework.services.access import Held
from casework.services.meeting.rows import OPEN, concerned, in_the_room, seats_of
from casework.services.meeting.sitting import projection
from casework.services.terms import PARIS
from casework.services.unit import Unit

DECISIONS = "decisions"


@dataclass(frozen=True, slots=True)
class Sight:
    """What a page of the sitting may show of one item. words: those of its decisions. question: the one asked beforehand."""

    words: bool
    question: bool


def sight(held: Held, meeting: Meeting, item: Item, *, speaks: bool = True) -> Sight:
    """What may be shown of an item to those who look on now; shown words are recorded as read by each of them.

    speaks: whether there are words to show at all. Needs a writing unit.
    """
    everybody = seats_of(held.unit, meeting.id)
    if _alone(held.unit, meeting, everybody):
        return Sight(words=True, question=True)
    room = in_the_room(everybody)
    cut = projection.cut_for(held, item, room, concerned(held.unit, [item])[item.id])
    none_yet = cut.state == projection.ALL and held.compartment(DECISIONS) is None
    words = DECISIONS in cut.kinds or none_yet
    if words and speaks and not none_yet:
        hear(held, item, (DECISIONS,), cut.heard, room)
    return Sight(words, projection.asks(cut, item))


def hear(held: Held, item: Item, kinds: Sequence[str], heard: Sequence[str], room: Sequence[Seat]) -> None:
    """Record these kinds of an item as read: once for each call, seat and set of kinds, the keeper's own seat included."""
    unit = held.unit
    own = [seat.id for seat in room if seat.user_id == unit.actor.user_id]
    seats, shown = [*heard, *own] if kinds else [], " ".join(kinds)
    query = select(Hearing.seat_id).where(Hearing.item_id == item.id, Hearing.kinds == shown)
    if item.called_at is not None:  # called again is read again: the leaf of that call leads to its own hearings
        query = query.where(Hearing.heard_at >= item.called_at)
    known = set(unit.session.scalars(query)) if seats else set()
    for seat_id in seats:
        if seat_id not in known:
            unit.session.add(Hearing(id=new_id(), item_id=item.id, seat_id=seat_id, heard_at=unit.now, kinds=shown, version=1))


def _alone(unit: Unit, meeting: Meeting, everybody: Sequence[Seat]) -> bool:
    """Whether nobody looks on any more: the meeting is closed, the day of its opening is past, or all who came have left."""
    opened = (meeting.opened_at or meeting.starts_at).astimezone(PARIS).date()
    if meeting.status != OPEN or unit.now.astimezone(PARIS).date() > opened:
        return True
    others = [seat for seat in everybody if seat.user_id != unit.actor.user_id]
    return not in_the_room(others) and any(seat.left_at is not None for seat in others)
