"""An administrator writes himself, or a friend in the cell, into a meeting before it begins: a row that no leaf speaks of gives no key."""

import pytest

from casework import services
from casework.errors import TamperedError
from casework.models.base import new_id
from casework.models.meetings import Meeting, Seat
from casework.services.meeting import giving
from casework.services.meeting.sitting import opening
from tests.attacks.sql import insert, row, tamper
from tests.house import House
from tests.services.meeting.room import Room, convene, reads
from tests.services.meeting.sitting.test_opening import CODE


def seat_row(house: House, room: Room, name: str) -> str:
    """A place at the table, written with SQL; its id."""
    seat, like = new_id(), row(house, Seat, id=room.seats["bob"])
    columns = {column.key: getattr(like, column.key) for column in Seat.__mapper__.column_attrs}
    actor = house.actors[name]
    own = {"id": seat, "user_id": actor.user_id, "institution_id": actor.institution_id, "profession": actor.profession}
    insert(house, "meeting_seat", **{key: value for key, value in (columns | own).items() if value is not None})
    return seat


def concern(house: House, room: Room, number: str, seat: str) -> None:
    """That somebody is concerned by an item, written with SQL."""
    insert(house, "item_seat", id=new_id(), version=1, item_id=room.items[number], seat_id=seat, origin="convened")


def opens(room: Room) -> None:
    """As its steward does."""
    services.opening.open(room.steward, room.meeting, CODE, CODE)


@pytest.fixture
def room(fresh_house: House) -> tuple[House, Room, str]:
    """Bob is convened for one dossier, Hugo for another; charlie of the other cell for none."""
    number, other = fresh_house.follow("Planté"), fresh_house.follow("Planté-Autre", lead="bob")
    return fresh_house, convene(fresh_house, {number: ["bob"], other: ["paula"]}, people=["hugo"]), number


def test_somebody_planted_among_those_concerned_stops_the_opening(room: tuple[House, Room, str]) -> None:
    house, meeting, number = room
    concern(house, meeting, number, meeting.seats["hugo"])
    with pytest.raises(TamperedError):
        opens(meeting)
    assert reads(house, "hugo", number) == frozenset()
    assert row(house, Meeting, id=meeting.meeting).status == "convened", "nothing was given, nothing has begun"


def test_a_planted_seat_or_one_that_was_moved_to_another_account_does_as_well(room: tuple[House, Room, str]) -> None:
    house, meeting, number = room
    seat = seat_row(house, meeting, "elsa")
    with pytest.raises(TamperedError):
        opens(meeting)
    tamper(house, "DELETE FROM meeting_seat WHERE id = ?", (seat,))
    tamper(house, "UPDATE meeting_seat SET user_id = ? WHERE id = ?", (house.elsa.user_id, meeting.seats["bob"]))
    with pytest.raises(TamperedError):
        opens(meeting)
    tamper(house, "UPDATE meeting_seat SET user_id = ? WHERE id = ?", (house.bob.user_id, meeting.seats["bob"]))
    opens(meeting)
    assert "confidential" in reads(house, "bob", number), "control: with the rows as they were, the meeting begins"


def test_control_without_the_question_the_planted_member_holds_the_keys(
    room: tuple[House, Room, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, meeting, number = room
    concern(house, meeting, number, meeting.seats["hugo"])
    monkeypatch.setattr(opening, "insist_on", lambda *_: None)
    opens(meeting)
    assert reads(house, "hugo", number)


def test_before_the_meeting_as_well_nobody_is_given_a_name_by_a_planted_row(
    room: tuple[House, Room, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house, meeting, number = room
    concern(house, meeting, number, meeting.seats["hugo"])
    with pytest.raises(TamperedError):
        services.briefing.prepare(meeting.steward, meeting.meeting, [])
    assert reads(house, "hugo", number) == frozenset()
    monkeypatch.setattr(giving, "insist_on", lambda *_: None)
    services.briefing.prepare(meeting.steward, meeting.meeting, [])
    assert reads(house, "hugo", number) == {"identity"}, "control"
