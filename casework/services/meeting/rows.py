"""Finding a meeting and what belongs to it: seats, items, who is concerned by which, who is in the room."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, select

from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Seat
from casework.services.access import hold, shut, unknown_to
from casework.services.membership.teams import seats
from casework.services.unit import Unit

PREPARED, CONVENED, OPEN, CLOSED, CANCELLED = "prepared", "convened", "open", "closed", "cancelled"
COMING = (PREPARED, CONVENED)
"""Statuses of a meeting that has not begun."""

PRESENT = "present"
PROPOSED, CONFIRMED, SETTLED, WITHDRAWN = "proposed", "confirmed", "settled", "withdrawn"


def meeting_of(unit: Unit, meeting_id: str, *statuses: str) -> tuple[Meeting, Cell]:
    """A meeting of a cell I am in, with that cell; the leaf names it. statuses: those it must be in, any when none is given.

    A writing unit holds the row, so that two scribes take turns. It authorises nothing by itself: the caller requires an action next.
    Raises NotFound; TamperedError for one that takes dossiers though the law says of its kind that it takes none.
    """
    found = unit.session.get(Meeting, meeting_id, with_for_update=True if unit.writes else None)
    if found is None or (statuses and found.status not in statuses):
        raise NotFound(unit.action)
    cell = unit.session.get(Cell, found.cell_id)
    if cell is None or cell.id not in unit.facts.cells:
        raise NotFound(unit.action)
    unit.trace.meeting = found.id
    kind = unit.charter.meetings.kinds.get(found.kind)
    if found.nominative and found.status != CLOSED and not (kind is not None and kind.nominative):
        raise TamperedError("a meeting is not of its kind")
    return found, cell


def require_in(unit: Unit, cell: Cell) -> None:
    """Require the unit's action by one of my positions in the cell. Raises NotFound."""
    unit.require(seats(unit, cell))


def seats_of(unit: Unit, meeting_id: str) -> list[Seat]:
    """Everybody's seats, guests included, in a steady order."""
    return list(unit.session.scalars(select(Seat).where(Seat.meeting_id == meeting_id).order_by(Seat.id)))


def my_seat(unit: Unit, meeting_id: str) -> Seat | None:
    """My own seat at a meeting."""
    return unit.session.scalar(select(Seat).where(Seat.meeting_id == meeting_id, Seat.user_id == unit.actor.user_id))


def items_of(unit: Unit, meeting_id: str, *, withdrawn: bool = False, walled: bool = False) -> list[tuple[Item, Dossier]]:
    """The agenda in its order, with the dossiers' rows (numbers, statuses, dates: nothing sealed), as far as it exists for the actor.

    walled: also the items about dossiers behind a wall: for acts upon the whole agenda, never for a page.
    """
    query = _agenda(meeting_id) if withdrawn else _agenda(meeting_id).where(Item.status != WITHDRAWN)
    found = [(item, dossier) for item, dossier in unit.session.execute(query.order_by(Item.position, Item.id))]
    gone = frozenset() if walled else unknown_to(unit)
    return [(item, dossier) for item, dossier in found if dossier.id not in gone]


def hold_agenda(unit: Unit, meeting: Meeting, *more: str) -> None:
    """For an act upon several items: hold all their dossiers at once, and those of these numbers, in the one order that everybody takes
    them in (`access.hold`); an agenda has an order of its own."""
    hold(unit, *(dossier.number for _, dossier in items_of(unit, meeting.id, walled=True)), *more)


def item_of(unit: Unit, meeting: Meeting, item_id: str) -> tuple[Item, Dossier]:
    """One item of this meeting that was not withdrawn. Raises NotFound."""
    found = unit.session.execute(_agenda(meeting.id).where(Item.id == item_id, Item.status != WITHDRAWN)).one_or_none()
    walled = found is not None and found[1].id in unknown_to(unit)
    shut(unit, None if found is None else found[1].id if walled else "")
    assert found is not None  # noqa: S101 - refused just above
    return found[0], found[1]


def _agenda(meeting_id: str) -> Select[Item, Dossier]:
    """The items of a meeting that are about dossiers of its own cell: a row that somebody wrote brings no other cell's to the table."""
    query = select(Item, Dossier).join(Dossier, Dossier.id == Item.dossier_id).join(Meeting, Meeting.id == Item.meeting_id)
    return query.where(Item.meeting_id == meeting_id, Dossier.cell_id == Meeting.cell_id)


def concerned(unit: Unit, items: Iterable[Item]) -> dict[str, set[str]]:
    """Item id -> ids of the seats concerned by it."""
    found: dict[str, set[str]] = {item.id: set() for item in items}
    for row in unit.session.scalars(select(ItemSeat).where(ItemSeat.item_id.in_(list(found)))):
        found[row.item_id].add(row.seat_id)
    return found


def in_the_room(everybody: Iterable[Seat]) -> list[Seat]:
    """Who is there now: present, and not gone."""
    return [seat for seat in everybody if seat.status == PRESENT and seat.left_at is None]


def users_of(everybody: Sequence[Seat], among: Collection[str]) -> list[str]:
    """User ids of those seats, guests left out."""
    return [seat.user_id for seat in everybody if seat.user_id is not None and seat.id in among]
