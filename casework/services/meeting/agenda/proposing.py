"""What asks to be on the agenda: decisions not carried out first, then new saisines, then reviews that are due. Clear columns only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select

from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Task
from casework.services.meeting.rows import CLOSED, WITHDRAWN
from casework.services.terms import PARIS
from casework.services.unit import Unit

UNFINISHED, RECEIVED, REVIEW, ADDED = "unfinished", "received", "review", "added"
AHEAD = timedelta(days=7)
"""Reviews due so many days after the meeting are still for this one."""

LIVING = ("received", "open")
"""Statuses of a dossier that a meeting may examine."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A dossier that asks to be examined.

    on: since when it is late, when it was received, or its next date; None for one without.
    """

    dossier: Dossier
    origin: str
    on: date | None


def asking(unit: Unit, cell: Cell, meeting: Meeting, *, without: Iterable[str] = (), every: bool = False) -> list[Asking]:
    """Dossiers of the cell that ask to be examined at this meeting, each once, by its strongest reason. without: dossier ids.

    every: those that ask for nothing come after them, soonest next date first.
    """
    if not meeting.nominative:
        return []
    known = set(without)
    found: list[Asking] = []
    others = _under_way(unit, cell) if every else []
    for each in (*_unfinished(unit, cell), *_received(unit, cell), *_due(unit, cell, meeting), *others):
        if each.dossier.id not in known:
            known.add(each.dossier.id)
            found.append(each)
    return found


def origin_of(unit: Unit, cell: Cell, meeting: Meeting, dossier: Dossier) -> str:
    """Why this dossier comes on the agenda: the reason that proposes it, or that somebody added it."""
    return next((each.origin for each in asking(unit, cell, meeting) if each.dossier.id == dossier.id), ADDED)


def _unfinished(unit: Unit, cell: Cell) -> list[Asking]:
    """Late actions first, by their day; then those that were told not done since a meeting last dealt with their dossier."""
    late = (Task.status == "open") & (Task.due < today(unit))
    dealt = select(func.max(Meeting.closed_at)).join(Item, Item.meeting_id == Meeting.id)
    dealt = dealt.where(Item.dossier_id == Dossier.id, Item.status != WITHDRAWN, Meeting.status == CLOSED)
    failed = (Task.status == "not_done") & (Task.reported_at > dealt.scalar_subquery())
    since = func.min(case((late, Task.due)))
    query = select(Dossier, since).join(Task, Task.dossier_id == Dossier.id).where(late | failed, Dossier.cell_id == cell.id)
    query = query.where(Dossier.status.in_(LIVING)).group_by(Dossier.id).order_by(since.is_(None), since, Dossier.number)
    return [Asking(dossier, UNFINISHED, due) for dossier, due in unit.session.execute(query)]


def _received(unit: Unit, cell: Cell) -> list[Asking]:
    query = select(Dossier).where(Dossier.cell_id == cell.id, Dossier.status == "received").order_by(Dossier.received_at, Dossier.number)
    return [Asking(each, RECEIVED, each.received_at.astimezone(PARIS).date()) for each in unit.session.scalars(query)]


def _due(unit: Unit, cell: Cell, meeting: Meeting) -> list[Asking]:
    until = meeting.starts_at.astimezone(PARIS).date() + AHEAD
    query = select(Dossier).where(Dossier.cell_id == cell.id, Dossier.status == "open", Dossier.next_date <= until)
    rows = unit.session.scalars(query.order_by(Dossier.next_date, Dossier.number))
    return [Asking(each, REVIEW, each.next_date) for each in rows if each.next_date is not None]


def _under_way(unit: Unit, cell: Cell) -> list[Asking]:
    query = select(Dossier).where(Dossier.cell_id == cell.id, Dossier.status == "open")
    rows = unit.session.scalars(query.order_by(Dossier.next_date.is_(None), Dossier.next_date, Dossier.number))
    return [Asking(each, ADDED, each.next_date) for each in rows]


def today(unit: Unit) -> date:
    """The day it is in Paris."""
    return unit.now.astimezone(PARIS).date()
