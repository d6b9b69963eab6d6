"""A week of my service's permanences: what is taken, by whom as far as I may know, and what is free."""

from datetime import date, datetime, timedelta

from casework.errors import NotFound
from casework.models.permanences import Permanence
from casework.services.actor import Actor
from casework.services.permanence import showing, times
from casework.services.permanence.teams import READ, teams
from casework.services.permanence.views import Half, SlotView, WeekView
from casework.services.unit import Unit, reading

DAYS = 7
WEEK = timedelta(days=DAYS)


def week(actor: Actor, day: date | None = None) -> WeekView:
    """The week of a day (of today), from Monday on. Raises NotFound for whoever serves in no ring, and off the calendar."""
    with reading(actor, READ) as unit:
        found = teams(unit)
        today = times.today(unit.now)
        monday = times.week_of(day or today)
        rows = showing.permanences(unit, found)
        earliest, latest = _calendar(unit, rows)
        if not earliest <= monday <= latest:
            raise NotFound(unit.action)
        taken = showing.engaged(unit, [row.id for row in rows], times.midnight(monday), times.midnight(monday + WEEK))
        by_id = {row.id: row for row in rows}
        known = showing.views(unit, [(slot, by_id[place], found[by_id[place].cell_id]) for (place, _at), slot in taken.items()])
        shown = {key: known[slot.id] for key, slot in taken.items()}
        unit.trace.hits = len(shown)
        every = [monday + timedelta(days=count) for count in range(DAYS)]
        days = [(each, _halves(unit, rows, each, shown)) for each in every]
        open_slots = [slot for _day, halves in days for half in halves for slot in half.slots if slot.bookable]
        return WeekView(
            monday=monday, before=monday - WEEK if monday > earliest else None, after=monday + WEEK if monday < latest else None,
            today=today, institution=actor.institution, days=tuple(each for each in days if each[1]),
            kept=tuple(times.view(row) for row in rows if row.until is None or row.until >= today),
            taken=len(shown), free=len(open_slots),
        )  # fmt: skip


def _calendar(unit: Unit, rows: list[Permanence]) -> tuple[date, date]:
    """The Mondays of the first week of the first permanence, of this week at the latest, and of the last week that one may book in."""
    today = times.today(unit.now)
    return times.week_of(min([today, *(row.since for row in rows)])), times.week_of(times.today(unit.now + times.AHEAD))


def _halves(unit: Unit, rows: list[Permanence], day: date, shown: dict[tuple[str, datetime], SlotView]) -> tuple[Half, ...]:
    found = []
    for row in rows:
        slots = tuple(shown.get((row.id, at)) or _free(unit, row, number, at) for number, at in enumerate(times.slots(row, day), 1))
        if slots:
            found.append(Half(times.view(row), day, slots))
    return tuple(found)


def _free(unit: Unit, row: Permanence, number: int, at: datetime) -> SlotView:
    return SlotView(row.id, number, at, row.minutes, "free", started=at <= unit.now, bookable=times.bookable(row, at, unit.now))
