"""Keys before a meeting: each person concerned by a confirmed item opens its identity from some days before, and nobody else by this.

Only a steward gives, for only a holder can: at the convocation when the meeting is near, else when a steward next signs in, or opens
« Mon jour » or its page (`due_keys`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import update

from casework.errors import NotFound
from casework.models.attention import Alert
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Seat
from casework.services import apart
from casework.services.access import Held, find
from casework.services.meeting import access, people
from casework.services.meeting.people import Member
from casework.services.meeting.rows import CONFIRMED, CONVENED, concerned, hold_agenda, items_of, seats_of
from casework.services.meeting.vouching import insist_on
from casework.services.unit import Unit

COMING_SEATS = ("convened", "present")
"""Seats of people who are expected: they get keys. Excused, replaced and proposed ones do not."""

BY_SECRETARY = ("identity", "decisions")
NOT_GIVEN = "meeting_keys_due"
"""An alert of a job: a meeting is near, and nobody has given yet what its members are to see before it."""


@dataclass(frozen=True, slots=True)
class Owed:
    """The keys of one dossier: who should have one and does not, who has one and should not."""

    dossier: Dossier
    item: Item
    missing: frozenset[str]
    stray: frozenset[str]


def near(unit: Unit, meeting: Meeting) -> bool:
    """Whether a convened meeting is so near that its members see whom their items are about."""
    return meeting.status == CONVENED and unit.now >= meeting.starts_at - unit.charter.meetings.before


def owed(unit: Unit, meeting: Meeting, members: Mapping[str, Member]) -> list[Owed]:
    """The items of a meeting whose keys are not as they should be now. Stewards need none: they keep the dossiers."""
    items = items_of(unit, meeting.id, walled=True)
    expected = {each.id: each.user_id for each in seats_of(unit, meeting.id) if each.status in COMING_SEATS and each.user_id}
    by_item = concerned(unit, [item for item, _ in items])
    holding = access.holders_by_item(unit, meeting, [item for item, _ in items])
    links = apart.pairs(unit.session, holding, unit.now)
    found = []
    for item, dossier in items:
        wanted: set[str] = set()
        if near(unit, meeting) and item.status == CONFIRMED:
            here = {user for seat, user in expected.items() if seat in by_item[item.id]}
            wanted = {user for user in here if _reads(unit, dossier, members.get(user))}
            wanted -= {user for user in wanted if (dossier.id, user) in links}
        held = holding.get(dossier.id, set())
        if wanted != held:
            found.append(Owed(dossier, item, frozenset(wanted - held), frozenset(held - wanted)))
    return found


def _reads(unit: Unit, dossier: Dossier, member: Member | None) -> bool:
    if member is None or member.steward or not member.reads:
        return False
    return all(access.may_read(unit, dossier, member.profession, access.CONVENED_TITLE, kind) for kind in access.BEFORE)


def settle(unit: Unit, meeting: Meeting, cell: Cell, members: Mapping[str, Member] | None = None) -> None:
    """Give the keys that are owed and end those that are not, in a steward's writing unit.

    A dossier that the actor has a personal link to, or does not keep, waits for another steward. Raises UncertifiedKey for a compartment
    whose boxes say something false, TamperedError for a row of the meeting that was planted.
    """
    hold_agenda(unit, meeting)
    unit.session.flush()
    receivers = access.Receivers(unit, meeting)
    keys = owed(unit, meeting, people.members(unit, cell) if members is None else members)
    insist_on(unit, [each.item for each in keys if each.missing], seats_of(unit, meeting.id) if any(each.missing for each in keys) else ())
    for each in keys:
        if each.stray:
            access.end_item(unit, meeting, each.item, among=each.stray)
        held = open_held(unit, each.dossier.number) if each.missing else None
        if held is not None:
            access.give(held, meeting, each.missing, receivers, kinds=access.BEFORE)
            unit.trace.show(each.dossier.number, *access.BEFORE)
    told = (Alert.kind == NOT_GIVEN) & (Alert.reference == meeting.id) & Alert.seen_at.is_(None)
    unit.session.execute(update(Alert).where(told).values(seen_at=unit.now))


def to_secretaries(unit: Unit, meeting: Meeting, cell: Cell, helds: Iterable[Held]) -> None:
    """Give the cell's secretaries the identity and the decisions of items that a steward has confirmed."""
    wanted, receivers = people.secretaries(unit, cell), access.Receivers(unit, meeting)
    for held in helds if wanted else ():
        if access.give(held, meeting, wanted, receivers, kinds=BY_SECRETARY, title=access.SECRETARY_TITLE):
            held.unit.trace.show(held.dossier.number, *BY_SECRETARY)


def give_anew(unit: Unit, meeting: Meeting, cell: Cell) -> None:
    """All keys of a meeting, ended and given again: it was moved, and a key says until when it opens."""
    hold_agenda(unit, meeting)
    access.end(unit, meeting)
    confirmed = [dossier.number for item, dossier in items_of(unit, meeting.id, walled=True) if item.status == CONFIRMED]
    to_secretaries(unit, meeting, cell, [held for held in (open_held(unit, number) for number in confirmed) if held is not None])
    settle(unit, meeting, cell)


def open_held(unit: Unit, number: str) -> Held | None:
    """A dossier that the actor holds and may put on an agenda; None for any other."""
    try:
        held = find(unit, number)
    except NotFound:
        return None
    return held if held.verdict("meeting.confirm").permitted else None


def end_seat(unit: Unit, meeting: Meeting, items: Sequence[tuple[Item, Dossier]], seat: Seat) -> None:
    """End what somebody who is not coming held by this meeting. Needs no key."""
    for item, _ in items if seat.user_id else ():
        access.end_item(unit, meeting, item, among=[seat.user_id or ""])
