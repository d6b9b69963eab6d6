"""What happens to the town as a whole: a cell that opens later, a departure, terms that are renewed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from casework import services
from casework.cli.demo.directory import fill_directory
from casework.cli.demo.founding import TERM, Town, admit, on_call, open_cell, renew_offices
from casework.cli.demo.people import CELLS, PERSONAS, Cell, Persona, leavers, stewards
from casework.cli.demo.script import LAST_DAY, LEAVING

RENEWAL = 200
"""The day on which the terms of those who stay are renewed: they outlive the building by half a year and more."""

MORNING = timedelta(hours=6, minutes=30)


@dataclass(frozen=True, slots=True)
class Event:
    """Something of one day, before its ordinary acts."""

    day: int
    happens: Callable[[Town], None]


class Calendar:
    """The events of the town, each once, in order."""

    def __init__(self, town: Town, start: date) -> None:
        self._town = town
        self._start = datetime.combine(start, time(), tzinfo=UTC)
        self._left = sorted(_events(), key=lambda each: each.day)

    def until(self, day: int) -> None:
        """Let everything happen that is due by that day, on its own day."""
        while self._left and self._left[0].day <= day:
            event = self._left.pop(0)
            self._town.at(self._start + timedelta(days=event.day) + MORNING)
            event.happens(self._town)


def _events() -> Sequence[Event]:
    late = [Event(cell.opens, _opening(cell)) for cell in CELLS if cell.opens]
    gone = [Event(LEAVING, _departure(cell, persona)) for cell in CELLS for persona in leavers(cell.key)]
    return [*late, *gone, Event(RENEWAL, _renewal), Event(LAST_DAY, fill_directory)]


def _opening(cell: Cell) -> Callable[[Town], None]:
    return lambda town: open_cell(town, cell)


def _departure(cell: Cell, persona: Persona) -> Callable[[Town], None]:
    def leave(town: Town) -> None:
        keeper = town.actors[stewards(cell.key)[0].username]
        services.departures.end(keeper, town.cells[cell.key], town.actors[persona.username].user_id)

    return leave


def _renewal(town: Town) -> None:
    """Stewards renew their cells, the officer the offices. A cell that opened late has its first terms still."""
    renew_offices(town)
    for cell in (each for each in CELLS if not each.opens):
        keeper = town.actors[stewards(cell.key)[0].username]
        for persona in (each for each in PERSONAS if each.stays_in(cell.key)):
            town.wait(40)
            admit(town, keeper, cell, persona)
        on_call(town, cell)
    town.until = town.clock.now() + TERM - timedelta(days=RENEWAL - min(each.opens for each in CELLS if each.opens) + 1)
