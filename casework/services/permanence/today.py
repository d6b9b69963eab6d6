"""The list of a day to lay on a desk: times, slot numbers, boxes to tick. It opens no link and names nobody, not even by a number."""

from datetime import date, datetime, timedelta

from casework.models.permanences import Permanence, Slot
from casework.services.actor import Actor
from casework.services.permanence import showing, times
from casework.services.permanence.teams import READ, teams
from casework.services.permanence.views import DayLine, DayPlace, DaySheet
from casework.services.unit import reading

CHANNEL = {"channel": "pdf"}
"""What the leaf of a printed answer says beside the rest."""


def sheet(actor: Actor, day: date | None = None, *, printed: bool = False) -> DaySheet:
    """The slots of a day (of today), permanence by permanence. Raises NotFound for whoever serves in no ring."""
    with reading(actor, READ) as unit:
        found = teams(unit)
        today = times.today(unit.now)
        day = day or today
        rows = showing.permanences(unit, found)
        begin, end = times.midnight(day), times.midnight(day + timedelta(days=1))
        taken = showing.engaged(unit, [row.id for row in rows], begin, end)
        if printed:
            unit.trace.facts.update(CHANNEL)
        places = [_place(row, day, {at: slot for (place, at), slot in taken.items() if place == row.id}) for row in rows]
        return DaySheet(day, today, actor.institution, tuple(each for each in places if each.lines), unit.now)


def _place(row: Permanence, day: date, taken: dict[datetime, Slot]) -> DayPlace:
    begins = enumerate(times.slots(row, day), 1)
    return DayPlace(row.place, row.starts, row.ends, tuple(DayLine(number, at, row.minutes, at in taken) for number, at in begins))
