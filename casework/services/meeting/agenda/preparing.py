"""Meetings of my cells: their list, a new one, and what may be typed about one."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.meetings import Item, Meeting, Seat
from casework.models.people import Institution
from casework.services import terms, typed
from casework.services.access import unknown_to
from casework.services.actor import Actor
from casework.services.meeting import people
from casework.services.meeting.agenda.headings import PREPARE, cells_where, kind_of, prepares, status_of
from casework.services.meeting.drafts import MeetingDraft
from casework.services.meeting.rows import CANCELLED, CLOSED, COMING, PREPARED, WITHDRAWN, meeting_of, require_in
from casework.services.meeting.sitting.seating import expect
from casework.services.meeting.views import Kind, MeetingLine, MeetingsPage, NewMeeting
from casework.services.membership.teams import cell_of
from casework.services.membership.teams import seats as positions
from casework.services.reasons import choices
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

READ, CALL = "meeting.read", "meeting.convene"
URGENT = "urgent"
MAX_PLACE, MAX_SECTOR = 120, 40
PAST = 40
"""Past meetings in the list."""
LATE = timedelta(hours=12)
"""A meeting that nobody closed leaves the coming ones after so long."""
FARTHEST = timedelta(days=366)


def mine(actor: Actor) -> MeetingsPage:
    """The meetings I prepare, and those I am convened to. Raises NotFound for somebody who is in no cell."""
    with reading(actor, READ) as unit:
        cells = _my_cells(unit)
        unit.require(situation for cell in cells.values() for situation in positions(unit, cell))
        kept = {each.id for each in cells.values() if prepares(unit, each)}
        found = list(unit.session.scalars(_visible(unit, kept)))
        items, seats = _counts(unit, found)
        lines = [_line(unit, each, cells[each.cell_id], kept, items.get(each.id, 0), seats.get(each.id, 0)) for each in found]
        over = [each.status.code in (CLOSED, CANCELLED) or each.starts_at < unit.now - LATE for each in lines]
        unit.trace.hits = len(lines)
        return MeetingsPage(
            coming=tuple(line for line, past in zip(lines, over, strict=True) if not past),
            past=tuple(line for line, past in reversed(list(zip(lines, over, strict=True))) if past)[:PAST],
            may_prepare=bool(kept),
            may_call=bool(cells_where(unit, cells.values(), CALL)),
        )


def _visible(unit: Unit, kept: set[str]) -> Select[Meeting]:
    """Every meeting of the cells I prepare for; elsewhere those that were convened with a seat of mine."""
    seated = select(Seat.meeting_id).where(Seat.user_id == unit.actor.user_id)
    own = Meeting.id.in_(seated) & (Meeting.status != PREPARED) & Meeting.cell_id.in_(unit.facts.cells)
    return select(Meeting).where(Meeting.cell_id.in_(kept) | own).order_by(Meeting.starts_at, Meeting.id)


def _counts(unit: Unit, meetings: list[Meeting]) -> tuple[dict[str, int], dict[str, int]]:
    ids = [each.id for each in meetings]
    items = (
        select(Item.meeting_id, func.count())
        .where(Item.meeting_id.in_(ids), Item.status != WITHDRAWN, Item.dossier_id.not_in(unknown_to(unit)))
        .group_by(Item.meeting_id)
    )
    seats = select(Seat.meeting_id, func.count()).where(Seat.meeting_id.in_(ids), Seat.user_id.is_not(None)).group_by(Seat.meeting_id)
    return {row[0]: row[1] for row in unit.session.execute(items)}, {row[0]: row[1] for row in unit.session.execute(seats)}


def _line(unit: Unit, meeting: Meeting, cell: Cell, kept: set[str], items: int, seats: int) -> MeetingLine:
    mine = cell.id in kept
    return MeetingLine(
        id=meeting.id, kind=kind_of(unit, meeting), status=status_of(meeting), cell=cell.name, starts_at=meeting.starts_at,
        place=meeting.place, items=items if mine else 0, seats=seats if mine else 0, kept=mine,
    )  # fmt: skip


def new(actor: Actor, *, action: str = PREPARE) -> NewMeeting:
    """The closed lists of a new meeting. action: PREPARE, or CALL for an urgent one. Raises NotFound where I may prepare none."""
    with reading(actor, action) as unit:
        return lists(unit, action)


def lists(unit: Unit, action: str) -> NewMeeting:
    """The same within a unit. Raises NotFound."""
    cells = cells_where(unit, _my_cells(unit).values(), action)
    unit.require(situation for cell in cells for situation in positions(unit, cell))
    rules = unit.charter.meetings
    sectors = unit.session.scalars(
        select(Institution.sector).where(Institution.sector.is_not(None)).distinct().order_by(Institution.sector)
    )
    last = select(Meeting.place).where(Meeting.cell_id.in_([each.id for each in cells])).order_by(Meeting.starts_at.desc()).limit(1)
    return NewMeeting(
        cells=tuple(Choice(each.id, each.name) for each in cells),
        kinds=tuple(Kind(each.code, each.label, each.hint, each.nominative) for each in rules.kinds.values() if each.code != URGENT),
        callers=choices(rules.callers),
        reasons=choices(rules.reasons),
        sectors=tuple(each for each in sectors if each),
        place=unit.session.scalar(last) or "",
    )


def create(actor: Actor, draft: MeetingDraft) -> str:
    """Prepare a meeting: its core and its stewards have their seats; returns its id. The same form twice makes one.

    Raises NotFound, InvalidInput.
    """
    with writing(actor, PREPARE) as unit:
        cell = cell_of(unit, draft.cell)
        require_in(unit, cell)
        for known in made_already(unit, cell, draft):
            if known.version == 1 and unit.session.scalar(select(Item.id).where(Item.meeting_id == known.id).limit(1)) is None:
                return known.id  # nothing was done with it since
        meeting = made(unit, cell, draft)
        members = people.members(unit, cell)
        expect(unit, meeting, people.core_of(unit, cell), members)
        return meeting.id


def made_already(unit: Unit, cell: Cell, draft: MeetingDraft) -> list[Meeting]:
    """Coming meetings that I made with this very form: it was sent twice. Those who call meetings of a cell take turns."""
    unit.session.execute(select(Cell.id).where(Cell.id == cell.id).with_for_update())
    mine = (Meeting.cell_id == cell.id) & (Meeting.author_id == unit.actor.user_id) & Meeting.status.in_(COMING)
    same = (Meeting.kind == draft.kind) & (Meeting.starts_at == draft.starts_at) & (Meeting.place == typed.clean(draft.place))
    found = unit.session.scalars(select(Meeting).where(mine, same).order_by(Meeting.id))
    return [each for each in found if (each.sector or "") == typed.clean(draft.sector)]


def made(unit: Unit, cell: Cell, draft: MeetingDraft) -> Meeting:
    """The new row, prepared. An urgent one says who called it and why. Raises InvalidInput with every problem at once."""
    kind = unit.charter.meetings.kinds.get(draft.kind)
    found: dict[str, str | None] = {"kind": says("Choisissez la nature de la réunion.") if kind is None else None}
    if draft.kind == URGENT:
        rules = unit.charter.meetings
        found["caller"] = None if draft.caller in rules.callers else says("Choisissez qui appelle la cellule.")
        found["reason"] = None if draft.reason in rules.reasons else says("Choisissez le motif.")
    starts_at = checked(unit, draft, found)
    assert kind is not None  # noqa: S101 - refused by `checked`
    urgent = draft.kind == URGENT
    meeting = Meeting(
        id=new_id(), version=1, cell_id=cell.id, kind=kind.code, nominative=kind.nominative, status=PREPARED, starts_at=starts_at,
        place=typed.clean(draft.place), sector=typed.clean(draft.sector) or None, caller=draft.caller if urgent else None,
        reason=draft.reason if urgent else None, author_id=unit.actor.user_id,
    )  # fmt: skip
    unit.session.add(meeting)
    unit.session.flush()
    unit.trace.meeting = meeting.id
    return meeting


def checked(unit: Unit, draft: MeetingDraft, found: dict[str, str | None] | None = None) -> datetime:
    """When the meeting begins. found: problems seen already. Raises InvalidInput with all of them."""
    problems = dict(found or {})
    problems["place"] = typed.problem(typed.clean(draft.place), MAX_PLACE)
    sector = typed.clean(draft.sector)
    problems["sector"] = typed.problem(sector, MAX_SECTOR) if sector else None
    if draft.starts_at is None:
        problems["day"] = says("Indiquez le jour et l’heure.")
    elif not unit.now < draft.starts_at <= unit.now + FARTHEST:
        problems["day"] = says("Choisissez un jour et une heure à venir, dans l’année.")
    terms.refuse(problems)
    assert draft.starts_at is not None  # noqa: S101 - refused just above
    return draft.starts_at


def draft_of(actor: Actor, meeting_id: str) -> MeetingDraft:
    """A meeting as its form shows it. Raises NotFound for who does not prepare it."""
    with reading(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id)
        require_in(unit, cell)
        if meeting.status in (CLOSED, CANCELLED):
            raise NotFound(unit.action)
        return MeetingDraft(cell.id, meeting.kind, meeting.starts_at, meeting.place, meeting.sector or "")


def _my_cells(unit: Unit) -> dict[str, Cell]:
    rows = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name))
    return {each.id: each for each in rows}
