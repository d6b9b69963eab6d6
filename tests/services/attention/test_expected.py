"""A meeting stands in the day of those who are expected at it, seen alert or not, until it is held; and in nobody else's."""

from datetime import timedelta

from casework import services
from casework.models.meetings import Meeting, Seat
from tests.house import House
from tests.services.meeting.room import convene


def shown(house: House, name: str) -> list[tuple[str, str]]:
    """Cell and dossier number of the meetings in somebody's day."""
    return [(each.cell, each.number) for each in services.day.read(house.actors[name]).due if each.code == "meeting"]


def test_who_is_expected_sees_the_meeting_and_nobody_else(house: House) -> None:
    """It names no dossier. Excused, or too early, there is nothing; control: before and after, there is."""
    room = convene(house, {house.follow("Quibérac-Attendu"): ["alice"]}, people=["stella"])
    for name, expected in (("alice", True), ("stella", True), ("bob", False), ("charlie", False)):
        assert shown(house, name) == ([("Cellule nord", "")] if expected else []), name
    room.change(Seat, room.seats["alice"], status="excused")
    assert shown(house, "alice") == []
    starts_at = room.row(Meeting, room.meeting).starts_at
    room.change(Meeting, room.meeting, starts_at=starts_at + timedelta(days=8))
    assert shown(house, "stella") == []
    room.change(Meeting, room.meeting, starts_at=starts_at)
    assert len(shown(house, "stella")) == 1
    room.change(Meeting, room.meeting, status="cancelled")
    assert shown(house, "stella") == []
