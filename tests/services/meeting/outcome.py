"""A sitting that decides: the shortest way to a decision, a close and a relevé, for the tests of what a meeting leaves behind."""

from datetime import date, timedelta
from typing import Any

from casework import services
from casework.services.actor import Actor
from casework.services.meeting.decisions.outcome_views import DecisionDraft, MinutesView, TaskRow, UndecidedChoice
from tests.house import House
from tests.services.meeting.room import Room, convene

SOON = date(2026, 6, 1)
LATER = date(2026, 9, 15)


def sitting(house: House, agenda: dict[str, list[str]], **given: Any) -> Room:
    """A meeting of the north cell that has begun. agenda: dossier number -> user names of those concerned."""
    room = convene(house, agenda, **given)
    services.opening.open(room.steward, room.meeting, "2468", "2468")
    return room


def arrive(room: Room, *names: str) -> None:
    """They come in: what all of them may read may be shown."""
    services.attendance.keep(room.steward, room.meeting, {room.seats[name]: ("convened", "present") for name in names})


def task(house: House, owner: str, text: str, *, due: date = SOON) -> TaskRow:
    """An action or a question as the form sends it."""
    return TaskRow(text, house.actors[owner].user_id, due)


def draft(outcome: str = "continued", **given: Any) -> DecisionDraft:
    """A decision as the form sends it, with a date where most outcomes ask for one."""
    return DecisionDraft(**{"outcome": outcome, "next_date": LATER, **given})


def decide(room: Room, number: str, outcome: str = "continued", *, by: Actor | None = None, **given: Any) -> None:
    """Enter a decision, as the steward unless somebody else is named."""
    services.deciding.decide(by or room.steward, room.meeting, room.items[number], draft(outcome, **given))


def close(room: Room, *, withdrawn: tuple[str, ...] = ()) -> None:
    """Read the closing page, then close."""
    page = services.closing.prepare(room.steward, room.meeting)
    chosen = [UndecidedChoice(room.items[number], "withdrawn") for number in withdrawn]
    services.closing.close(room.steward, room.meeting, chosen, page.seen)


def minutes(room: Room, name: str) -> MinutesView:
    """Somebody's relevé."""
    return services.minutes.read(room.house.actors[name], room.meeting)


def after(house: House, days: int) -> None:
    """Let days go by."""
    house.clock.advance(timedelta(days=days))
