"""« Chiffres »: what a cell received, retained and closed, how long it took, and what was done in time; never who.

From clear columns only, by finished quarters of a calendar year: a quarter that goes on would be watched from one day to the next. No
query, no export. What is hidden is decided in `hiding`; a year has totals once its last quarter is over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Task
from casework.services.actor import Actor
from casework.services.meeting.sitting import hiding
from casework.services.membership.teams import seats
from casework.services.offices.rosters import cell_line
from casework.services.offices.views import CellLine
from casework.services.referral.examination import RETAINED
from casework.services.support import refusals
from casework.services.support.erasing import UNAGREED
from casework.services.support.words import takes_calls
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading

READ = "figures.read"
QUARTERS = (1, 2, 3, 4)
YEARS = 3
"""How many calendar years are shown, the present one included."""

COUNTS = 4
"""How many numbers of a quarter are counted each for itself."""

Quarter = tuple[int, int]
"""A year and one of `QUARTERS`."""


@dataclass(frozen=True, slots=True)
class FiguresLine:
    """A quarter, or a whole year (quarter 0). None: hidden.

    delay: median of days from reception to examination; refused: people who did not agree to be referred, where that is asked.
    """

    quarter: int
    received: int | None
    retained: int | None
    closed: int | None
    delay: int | None
    due: int | None
    in_time: int | None
    late: int | None
    refused: int | None = None


@dataclass(frozen=True, slots=True)
class FiguresYear:
    """The finished quarters of a year, and the year itself once it is over."""

    year: int
    quarters: tuple[FiguresLine, ...]
    whole: FiguresLine | None


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The figures of one cell, the latest year first. least: counts below it are hidden. refusals: the cell counts them."""

    cell: CellLine
    years: tuple[FiguresYear, ...]
    least: int
    refusals: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted in one quarter, or in several. delays: one number of days for each saisine examined."""

    received: int
    retained: int
    closed: int
    delays: tuple[int, ...]
    in_time: int
    late: int
    refused: int = 0


def mine(actor: Actor) -> tuple[CellLine, ...]:
    """The cells whose figures the actor may read. Raises NotFound when there is none."""
    with reading(actor, READ) as unit:
        found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name)).all()
        open_ = [each for each in found if unit.check(READ, seats(unit, each)).permitted]
        unit.require(situation for each in open_ for situation in seats(unit, each))
        return tuple(cell_line(unit, each) for each in open_)


def read(actor: Actor, cell_id: str) -> FiguresPage:
    """The figures of a cell. Raises NotFound for a cell the actor neither keeps nor was elected for, and for an unknown one."""
    with reading(actor, READ) as unit:
        cell = unit.session.get(Cell, cell_id)
        if cell is None:
            raise NotFound(READ)
        unit.require(seats(unit, cell))
        unit.trace.facts["cell"] = cell.id
        counted = _counted(unit, cell.id)
        finished = _finished(_day(cell.founded_at), _day(unit.now))
        years = sorted({year for year, _ in finished}, reverse=True)
        return FiguresPage(
            cell_line(unit, cell),
            tuple(
                year_of(year, {each: counted(each) for each in finished if each[0] == year}, over=year < _day(unit.now).year)
                for year in years
            ),
            hiding.LEAST,
            takes_calls(unit.charter.programmes[cell.programme]),
        )


def year_of(year: int, tallies: dict[Quarter, Tally], *, over: bool) -> FiguresYear:
    """A year as it is shown. tallies: its finished quarters. over: whether there are no more to come."""
    counted = [tallies[each] for each in sorted(tallies)]
    parts = [[_counts(each, column) for each in counted] for column in range(COUNTS)]
    tasks = [hiding.halves(each.in_time, each.late) for each in counted]
    lines = tuple(
        _line(quarter, [column[place].shown[0] for column in parts], _median(tally), tasks[place].shown)
        for place, ((_, quarter), tally) in enumerate(sorted(tallies.items()))
    )
    return FiguresYear(year, lines, _whole(counted, parts, tasks) if over else None)


def _whole(counted: Sequence[Tally], parts: Sequence[Sequence[hiding.Part]], tasks: Sequence[hiding.Part]) -> FiguresLine:
    sums = [sum(values) for values in zip(*(_numbers(each) for each in counted), strict=True)]
    in_time, late = sum(each.in_time for each in counted), sum(each.late for each in counted)
    counts = [hiding.total(column, (value,))[0] for column, value in zip(parts, sums, strict=True)]
    return _line(0, counts, _median_over(counted), hiding.total(tasks, (in_time + late, in_time, late)))


def _line(quarter: int, counts: Sequence[int | None], delay: int | None, tasks: hiding.Shown) -> FiguresLine:
    received, retained, closed, refused = counts
    due, in_time, late = tasks
    return FiguresLine(quarter, received, retained, closed, delay, due, in_time, late, refused)


def _numbers(tally: Tally) -> tuple[int, int, int, int]:
    """As many as `COUNTS`."""
    return tally.received, tally.retained, tally.closed, tally.refused


def _counts(tally: Tally, column: int) -> hiding.Part:
    return hiding.count(_numbers(tally)[column])


def _median(tally: Tally) -> int | None:
    """Hidden while it rests on fewer than five."""
    return round(median(tally.delays)) if len(tally.delays) >= hiding.LEAST else None


def _median_over(counted: Sequence[Tally]) -> int | None:
    """That of a whole year; hidden also while it rests on a few more than the quarters that show theirs."""
    hidden = [len(each.delays) for each in counted if len(each.delays) < hiding.LEAST]
    if 0 < sum(hidden) < hiding.LEAST:
        return None
    return _median(Tally(0, 0, 0, tuple(days for each in counted for days in each.delays), 0, 0))


def _counted(unit: Unit, cell_id: str) -> Callable[[Quarter], Tally]:
    """Count, for any quarter, what clear columns say of this cell."""
    columns = (Dossier.received_at, Dossier.opened_at, Dossier.closed_at, Dossier.outcome)
    dossiers = unit.session.execute(select(*columns).where(Dossier.cell_id == cell_id)).all()
    received = [_day(row.received_at) for row in dossiers]
    examined = [
        (_day(at), _day(row.received_at), row.outcome)
        for row in dossiers
        if row.outcome not in (None, UNAGREED) and (at := row.opened_at or row.closed_at)
    ]
    closed = [_day(row.closed_at) for row in dossiers if row.opened_at and row.closed_at]
    tasks, refused = _tasks(unit, cell_id), refusals.by_month(unit, cell_id)

    def tally(quarter: Quarter) -> Tally:
        here = [(on, since, outcome) for on, since, outcome in examined if _quarter(on) == quarter]
        due = [in_time for on, in_time in tasks if _quarter(on) == quarter]
        return Tally(
            received=_within(received, quarter),
            retained=sum(outcome == RETAINED for _, _, outcome in here),
            closed=_within(closed, quarter),
            delays=tuple((on - since).days for on, since, _ in here),
            in_time=sum(due),
            late=len(due) - sum(due),
            refused=sum(many for month, many in refused if _quarter(month) == quarter),
        )

    return tally


def _tasks(unit: Unit, cell_id: str) -> list[tuple[date, bool]]:
    """When each task and question of the cell's meetings was due, and whether it was done by then. Those given up are left out."""
    columns = (Task.due, Task.status, Task.reported_at, Task.told_on)
    query = select(*columns).join(Meeting, Meeting.id == Task.meeting_id).where(Meeting.cell_id == cell_id, Task.status != "dropped")
    return [(row.due, row.status == "done" and _done(row.told_on, row.reported_at) <= row.due) for row in unit.session.execute(query)]


def _done(told_on: date | None, reported_at: datetime | None) -> date:
    """The day a result was told, else the day it was recorded."""
    if told_on is not None:
        return told_on
    return _day(reported_at) if reported_at is not None else date.max


def _within(days: Iterable[date], quarter: Quarter) -> int:
    return sum(_quarter(each) == quarter for each in days)


def _finished(founded: date, today: date) -> list[Quarter]:
    """The quarters from the foundation (the last `YEARS` years of it) that are over."""
    every = ((year, number) for year in range(today.year - YEARS + 1, today.year + 1) for number in QUARTERS)
    return [each for each in every if _quarter(founded) <= each < _quarter(today)]


def _quarter(day: date) -> Quarter:
    return day.year, (day.month + 2) // 3


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
