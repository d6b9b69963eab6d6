"""Closing a meeting of sixty decisions and fifteen members: effects, owners' extracts and relevés, in one act.

The mix of a long sitting: most are continued with an action, some saisines are retained or not, some follow-ups end.
"""

import time
from collections.abc import Iterator
from datetime import date

from benchmarks import meeting
from benchmarks.places import house_at, on_both
from benchmarks.report import Figure
from casework import services
from casework.cli.server import settle
from tests.house import House
from tests.services.meeting.outcome import decide, sitting, task
from tests.services.meeting.room import Room

DECISIONS = 60
CLOSING = 2.0  # seconds
SOON = date(2026, 6, 1)


def figures() -> list[Figure]:
    """On both databases."""
    return on_both(_figures)


def _figures(name: str, url: str | None) -> Iterator[Figure]:
    with house_at(url) as house:
        room = decided(house)
        page = services.closing.prepare(room.steward, room.meeting)
        settle()
        begin = time.perf_counter()
        services.closing.close(room.steward, room.meeting, [], page.seen)
        spent = time.perf_counter() - begin
        assert len(services.minutes.read(room.steward, room.meeting).lines) == DECISIONS
        yield Figure(f"{name}: closing {DECISIONS} decisions, {meeting.MEMBERS} members", spent, CLOSING, "s")


def decided(house: House) -> Room:
    """A meeting of sixty items, each decided: forty-four continued, eight saisines examined, eight follow-ups ended."""
    names = meeting.members(house)
    numbers = [
        house.refer(house.hugo, f"Quibérac-{place}") if place < 8 else house.follow(f"Quibérac-{place}") for place in range(DECISIONS)
    ]
    room = sitting(house, {number: sorted({names[place % len(names)], "alice"}) for place, number in enumerate(numbers)}, people=names)
    for place, number in enumerate(numbers):
        owner = names[place % len(names)]
        text, actions = f"Suite convenue, point {place}.", (task(house, owner, "Appeler la famille.", due=SOON),)
        if place < 4:
            decide(room, number, "not_retained", text=text)
        elif place < 8:
            decide(room, number, "retained", lead="alice", text=text, actions=actions)
        elif place < 16:
            decide(room, number, "closed", closing_reason="achieved", text=text, actions=actions)
        else:
            decide(room, number, text=text, actions=actions)
    return room
