"""The projected view: what everybody who is in the room *and* concerned may read, and whoever keeps the screen; nothing else.

While somebody is there whom the item does not concern, it is the number and nothing else. What is private to one author, what
keeps somebody safe, ways of reaching people and who reported are never projected. Source: decision 4, domain 2.3.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from casework.charter import Situation
from casework.models.cells import Habilitation
from casework.models.meetings import Item, Seat
from casework.services.access import Held, linked
from casework.services.dossier.readers import Holding, holdings
from casework.services.keys.certificates import certified_people
from casework.services.keys.keychain import DUTY
from casework.services.membership.admissions import proven
from casework.services.membership.standing import alive

PROJECTED = ("identity", "decisions", "confidential", "school", "judicial")
"""Kinds that a room may ever see, in the order of the screen."""

ALL, NUMBER = "all", "number"
GUEST = "guest"
CONDUCT = frozenset({"steward", "secretary"})
"""Titles of those who conduct the meeting and hold its items: an item concerns them without being convened for it."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in the room, for one item. kinds: what they may read of it. may: they could be associated to it."""

    seat: str
    concerned: bool
    kinds: frozenset[str]
    may: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """What the room may see of one item. strangers: who is there and not concerned. heard: seats that read what is shown."""

    state: str
    kinds: tuple[str, ...]
    strangers: tuple[Present, ...]
    heard: tuple[str, ...]


def cut(room: Iterable[Present], keeper: Collection[str], *, only_number: bool = False) -> Cut:
    """Cut an item to those present. keeper: the kinds that whoever keeps the screen reads. Pure: the whole rule is here."""
    everybody = list(room)
    strangers = tuple(each for each in everybody if not each.concerned)
    if strangers or only_number or not everybody:  # nobody said who is there: an empty sheet must not show everything to a full room
        return Cut(NUMBER, (), () if only_number else strangers, ())
    kinds = [kind for kind in PROJECTED if kind in keeper and all(kind in each.kinds for each in everybody)]
    return Cut(ALL, tuple(kinds), (), tuple(each.seat for each in everybody) if kinds else ())


def cut_for(held: Held, item: Item, room: Sequence[Seat], concerned: Collection[str]) -> Cut:
    """The cut of one item for these seats, the keeper's own left out. concerned: ids of the seats that the item concerns."""
    unit = held.unit
    keeper = {kind for kind in PROJECTED if (place := held.compartment(kind)) is not None and held.key(place) is not None}
    others = [seat for seat in room if seat.user_id != unit.actor.user_id]
    return cut(present(held, others, concerned), keeper, only_number=item.shown == NUMBER)


def asks(found: Cut, item: Item) -> bool:
    """Whether the question may be read: by a room that is all concerned, or because the steward chose number and question."""
    return found.state == ALL or item.shown == NUMBER


def present(held: Held, room: Sequence[Seat], concerned: Collection[str]) -> list[Present]:
    """What each of these seats may read of the dossier now."""
    accounts = {seat.user_id for seat in room if seat.user_id is not None}
    professions = _professions(held, accounts)
    boxes: dict[str, list[Holding]] = {user_id: [] for user_id in accounts}
    for each in holdings(held):
        if each.user_id in boxes and each.title != DUTY:
            boxes[each.user_id].append(each)
    kept_out = linked(held.unit, held.dossier.id)
    return [
        _guest(held, seat, concerned)
        if seat.user_id is None
        else _member(held, seat, professions.get(seat.user_id), boxes[seat.user_id], concerned, apart=seat.user_id in kept_out)
        for seat in room
    ]


def _guest(held: Held, seat: Seat, concerned: Collection[str]) -> Present:
    """A guest has no key: what the charter would let their profession be shown."""
    kinds = frozenset(kind for kind in PROJECTED if may_read(held, seat.profession, GUEST, kind))
    return Present(seat.id, seat.id in concerned and "identity" in kinds, kinds, may="identity" in kinds)


def _member(held: Held, seat: Seat, profession: str | None, boxes: list[Holding], concerned: Collection[str], *, apart: bool) -> Present:
    """An account reads what it holds a living box of, under a title by which the charter lets its certified profession read it.

    apart: they have a personal link to the person; convened or not, the item does not concern them.
    """
    if profession is None or apart:
        return Present(seat.id, False, frozenset())
    by_title = [(each.kind, each.title) for each in boxes if may_read(held, profession, each.title, each.kind)]
    conducts = any(kind == "identity" and title in CONDUCT for kind, title in by_title)
    may = may_read(held, profession, "convened", "identity")
    return Present(seat.id, seat.id in concerned or conducts, frozenset(kind for kind, _ in by_title), may)


def may_read(held: Held, profession: str, position: str, kind: str) -> bool:
    """What the charter says of somebody else's reading a kind of compartment of this dossier."""
    asked = Situation(profession, position, held.dossier.programme, held.dossier.status, kind)
    return held.unit.check("compartment.read", [asked]).permitted


def _professions(held: Held, user_ids: Collection[str]) -> dict[str, str]:
    """Certified professions of those whom a signed habilitation lets into the cell now."""
    unit = held.unit
    here = select(Habilitation).where(Habilitation.cell_id == held.dossier.cell_id, Habilitation.user_id.in_(user_ids), alive(unit.now))
    admitted = {row.user_id for row in unit.session.scalars(here) if proven(unit.session, unit.instance, row)}
    certified = certified_people(unit.session, unit.instance.anchor, admitted)
    return {user_id: each.claims["profession"] for user_id, each in certified.items()}
