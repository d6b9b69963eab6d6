"""The items of an agenda: put there, confirmed, ordered, prepared, taken off. A steward decides; a secretary knows numbers only.

A meeting that is not nominative has no item: refused here, without a field in any form, and by the database (domain 1.3).
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Seat
from casework.services import terms
from casework.services.access import unknown_to
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting import access, notes, people
from casework.services.meeting.agenda import proposing
from casework.services.meeting.agenda.headings import PREPARE
from casework.services.meeting.agenda.ordering import grouped
from casework.services.meeting.giving import open_held, settle, to_secretaries
from casework.services.meeting.rows import (
    COMING,
    CONFIRMED,
    PROPOSED,
    WITHDRAWN,
    concerned,
    hold_agenda,
    item_of,
    items_of,
    meeting_of,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting.concerning import concerned as concerned_by
from casework.services.meeting.sitting.concerning import interests
from casework.services.membership.standing import STEWARD
from casework.services.unit import Unit, writing
from casework.wording import says

MOST = 60
"""Items of one agenda: nobody reviews more in an afternoon."""

Row = tuple[Item, Dossier]


def add(actor: Actor, meeting_id: str, numbers: Iterable[str]) -> int:
    """Put dossiers on the agenda by their numbers; how many were new. A steward confirms them by the same act, a secretary proposes them.

    Raises NotFound for a meeting of other people or one that takes no dossier; InvalidInput, and adds none, when a number is no living
    dossier of the cell, or one that the steward may not open: alike, so that nothing is learnt by trying.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        numbers = tuple(numbers)
        hold_agenda(unit, meeting, *(each.strip() for each in numbers))
        rows = put(unit, meeting, cell, [each.strip() for each in numbers if each.strip()])
        if is_steward(unit, cell):
            confirm_rows(unit, meeting, cell, rows)
        return len(rows)


def put(unit: Unit, meeting: Meeting, cell: Cell, numbers: Sequence[str], *, field: str = "numbers") -> list[Row]:
    """The items of these numbers, new ones only, at the end of the agenda and not yet confirmed. Raises as `add`."""
    if not meeting.nominative:
        raise NotFound(unit.action)
    known = {item.dossier_id: item for item, _ in items_of(unit, meeting.id, withdrawn=True, walled=True)}
    found = _dossiers(unit, cell, numbers, field)
    last = unit.session.scalar(select(func.max(Item.position)).where(Item.meeting_id == meeting.id)) or 0
    fresh = [each for each in found if each.id not in known or known[each.id].status == WITHDRAWN]
    room = MOST - sum(1 for item in known.values() if item.status != WITHDRAWN)
    terms.refuse({field: says("Un ordre du jour compte %(most)s points au plus.", most=MOST) if len(fresh) > room else None})
    origins = {each.dossier.id: each.origin for each in proposing.asking(unit, cell, meeting)}
    rows = []
    for place, dossier in enumerate(fresh, last + 1):
        rows.append((_item(unit, meeting, dossier, place, origins.get(dossier.id, proposing.ADDED), known.get(dossier.id)), dossier))
        unit.trace.show(dossier.number)
    unit.session.flush()
    return rows


def confirm(actor: Actor, meeting_id: str) -> int:
    """Confirm every item that waits for it; how many. One that the actor may not open waits for another steward.

    Raises NotFound for anybody but a steward.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        if not is_steward(unit, cell):
            raise NotFound(unit.action)
        hold_agenda(unit, meeting)
        proposed = [(item, dossier) for item, dossier in items_of(unit, meeting.id) if item.status == PROPOSED]
        waiting = [(item, dossier) for item, dossier in proposed if open_held(unit, dossier.number) is not None]
        confirm_rows(unit, meeting, cell, waiting)
        return len(waiting)


def confirm_rows(unit: Unit, meeting: Meeting, cell: Cell, rows: Sequence[Row], *, field: str = "numbers") -> None:
    """Confirm items in a steward's unit: whom they concern is proposed, the secretaries get their keys, and so does who is near.

    Raises InvalidInput for a dossier that the actor does not hold.
    """
    if not rows:
        return
    helds = []
    for _, dossier in rows:
        held = open_held(unit, dossier.number)
        terms.refuse({field: _unknown(dossier.number) if held is None else None})
        assert held is not None  # noqa: S101 - refused just above
        helds.append(held)
    for item, _ in rows:
        if item.status != CONFIRMED:
            item.status, item.version = CONFIRMED, item.version + 1
    members = people.members(unit, cell)
    propose_concerned(unit, rows, seats_of(unit, meeting.id), members)
    to_secretaries(unit, meeting, cell, helds)
    settle(unit, meeting, cell, members)


def propose_concerned(unit: Unit, rows: Sequence[Row], everybody: Iterable[Seat], members: dict[str, people.Member]) -> None:
    """Say which of these seats the items concern, where it was not said yet."""
    places = {each.user_id: each for each in everybody if each.user_id in members}
    found = interests(unit, [dossier for _, dossier in rows], members, Keychain(unit))
    known = concerned(unit, [item for item, _ in rows])
    for item, dossier in rows:
        for user_id in concerned_by(found[dossier.id], [members[each] for each in places if each]):
            seat = places[user_id]
            if seat.id not in known[item.id]:
                unit.session.add(ItemSeat(id=new_id(), version=1, item_id=item.id, seat_id=seat.id, origin="convened"))
    unit.session.flush()


def withdraw(actor: Actor, meeting_id: str, item_id: str) -> None:
    """Take an item off a meeting that has not begun: keys by that title end at once, what was written beforehand is destroyed.

    A secretary takes off what no steward has confirmed. Taken off twice, it is off. Raises NotFound.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        if any(item.id == item_id for item, _ in items_of(unit, meeting.id, withdrawn=True) if item.status == WITHDRAWN):
            return
        item, dossier = item_of(unit, meeting, item_id)
        if item.status != PROPOSED and not is_steward(unit, cell):
            raise NotFound(unit.action)
        item.status, item.withdrawn_at, item.version = WITHDRAWN, unit.now, item.version + 1
        access.end_item(unit, meeting, item)
        notes.forget(unit, item)
        for row in unit.session.scalars(select(ItemSeat).where(ItemSeat.item_id == item.id)):
            unit.session.delete(row)
        unit.trace.show(dossier.number)


def move(actor: Actor, meeting_id: str, item_id: str, place: int) -> None:
    """Put an item at a place of the agenda, counted from one; the others make room. Raises NotFound."""
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        item, _ = item_of(unit, meeting, item_id)
        rest = [each for each, _ in items_of(unit, meeting.id) if each.id != item.id]
        at = max(0, min(place - 1, len(rest)))
        renumber([*rest[:at], item, *rest[at:]])
        _show(unit, meeting)


def regroup(actor: Actor, meeting_id: str) -> None:
    """Put side by side the items that need the same institutions, so that these may leave early. Raises NotFound."""
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        items = {item.id: item for item, _ in items_of(unit, meeting.id)}
        order = grouped(institutions_needed(unit, items.values(), seats_of(unit, meeting.id)))
        renumber([items[each] for each in order])
        _show(unit, meeting)


def institutions_needed(unit: Unit, items: Iterable[Item], everybody: Iterable[Seat]) -> dict[str, frozenset[str]]:
    """Item id -> ids of the institutions whose people it concerns, in the order of the items."""
    where = {each.id: each.institution_id for each in everybody if each.institution_id}
    by_item = concerned(unit, items)
    return {item: frozenset(where[seat] for seat in here if seat in where) for item, here in by_item.items()}


def renumber(items: Iterable[Item]) -> None:
    """Give these items the places one, two, three…"""
    for place, item in enumerate(items, 1):
        if item.position != place:
            item.position, item.version = place, item.version + 1


def is_steward(unit: Unit, cell: Cell) -> bool:
    """Whether the actor keeps this cell, by a signed habilitation."""
    return cell.id in unit.facts.cells_as(STEWARD)


def _dossiers(unit: Unit, cell: Cell, numbers: Sequence[str], field: str) -> list[Dossier]:
    wanted = list(dict.fromkeys(numbers))
    here = select(Dossier).where(Dossier.cell_id == cell.id, Dossier.number.in_(wanted), Dossier.status.in_(proposing.LIVING))
    here = here.where(Dossier.id.not_in(unknown_to(unit)))
    found = {each.number: each for each in unit.session.scalars(here)}
    missing = [each for each in wanted if each not in found]
    terms.refuse({field: _unknown(missing[0]) if missing else None})
    if not wanted:
        terms.refuse({field: says("Choisissez ou saisissez au moins un numéro.")})
    return [found[each] for each in wanted]


def _unknown(number: str) -> str:
    return says("« %(number)s » n’est pas le numéro d’un dossier en cours que cette cellule peut examiner.", number=number[:16])


def _item(unit: Unit, meeting: Meeting, dossier: Dossier, place: int, origin: str, former: Item | None) -> Item:
    """A new row, or the one that was taken off, put back: a dossier is on an agenda once."""
    if former is not None:
        former.status, former.withdrawn_at, former.position, former.origin = PROPOSED, None, place, origin
        former.informed, former.deferral, former.author_id, former.version = None, None, unit.actor.user_id, former.version + 1
        return former
    item = Item(
        id=new_id(), version=1, meeting_id=meeting.id, nominative=meeting.nominative, dossier_id=dossier.id, position=place, origin=origin,
        status=PROPOSED, shown="all", author_id=unit.actor.user_id,
    )  # fmt: skip
    unit.session.add(item)
    return item


def _show(unit: Unit, meeting: Meeting) -> None:
    for _, dossier in items_of(unit, meeting.id):
        unit.trace.show(dossier.number)


def drop_seat(unit: Unit, seat: Seat) -> None:
    """Delete a seat with all that says whom it concerns."""
    for row in unit.session.scalars(select(ItemSeat).where(ItemSeat.seat_id == seat.id)):
        unit.session.delete(row)
    unit.session.flush()
    unit.session.delete(seat)
