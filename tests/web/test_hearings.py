"""« Qui a vu ce dossier dans cette réunion ? »: one click from the journal, for the auditor alone."""

import pytest

from casework.services.meeting.sitting import opening
from tests.house import House
from tests.services.meeting.room import Room, convene
from tests.services.meeting.sitting.test_hearings import come, show
from tests.web.conftest import title, words
from tests.web.test_real import enter

NAME = "Quibérac-Clic"


@pytest.fixture(scope="module")
def room(house: House) -> Room:
    """An item that Alice heard, and Hugo did not."""
    number = house.follow(NAME)
    room = convene(house, {number: ("alice", "hugo")})
    opening.open(room.steward, room.meeting, "4821", "4821")
    come(room, alice="present", hugo="excused")
    show(room, number)
    return room


def test_from_the_journal_one_click_says_who_saw(room: Room) -> None:
    """The link stands on the journal of that number; the page names professionals, times and volets, and never the person."""
    (number,) = room.items
    ada = enter(room.house, "ada")
    address = f"/journal/reunion/{room.meeting}/{number}"
    journal = ada.get(f"/journal?dossier={number}")
    assert f'href="{address}"' in journal.text
    assert "Montré à 2 personnes" in words(journal)
    assert address not in ada.get("/journal").text
    page = ada.get(address)
    for expected in ("Alice", "Stella", "Identité", "Conforme", "Hugo", "n’était pas dans la salle", "Examiner un dossier en réunion"):
        assert expected in words(page), expected
    assert NAME not in page.text
    assert title(page).startswith(f"Vu en réunion {number}")


def test_nobody_else_finds_that_page(room: Room) -> None:
    """Not even those who were there; an unknown meeting is the same page for the auditor."""
    (number,) = room.items
    address = f"/journal/reunion/{room.meeting}/{number}"
    for name in ("stella", "alice"):
        assert enter(room.house, name).get(address).status_code == 404
    assert enter(room.house, "ada").get(f"/journal/reunion/nulle-part/{number}").status_code == 404


def test_what_was_taken_away_is_said(lone_house: House) -> None:
    """In words, at the head of the page. Control: before, nothing is said."""
    number = lone_house.follow(NAME)
    room = convene(lone_house, {number: ("alice",)})
    opening.open(room.steward, room.meeting, "4821", "4821")
    come(room, alice="present")
    show(room, number)
    ada, address = enter(lone_house, "ada"), f"/journal/reunion/{room.meeting}/{number}"
    assert "n’est plus dans la base" not in words(ada.get(address))
    with lone_house.instance.database.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM item_hearing WHERE seat_id = '{room.seats['alice']}'")
    assert "Une lecture dont parle le journal n’est plus dans la base" in words(ada.get(address))
