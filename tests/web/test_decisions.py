"""The pages of decisions through real services: entering, clashing, closing, reading the relevé, telling a result."""

from datetime import date, timedelta

import pytest

from casework import services
from tests.house import House
from tests.services.meeting.outcome import arrive, close, decide, sitting, task
from tests.services.meeting.room import Room
from tests.web.conftest import words
from tests.web.test_real import enter

NAME = "Quibérac-Décision"
TEXT = "Rencontre fixée avec la famille."


@pytest.fixture
def room(house: House) -> Room:
    """Two open dossiers, Alice and Hugo concerned by the first, Alice by the second."""
    first, second = house.follow(NAME), house.follow(f"{NAME}-Deux")
    found = sitting(house, {first: ["alice", "hugo"], second: ["alice"]})
    arrive(found, "alice")
    return found


def address(room: Room, place: int = 0) -> str:
    """The form of an item."""
    item = list(room.items.values())[place]
    return f"/reunions/{room.meeting}/points/{item}/decision"


def typed(house: House, **changes: str) -> dict[str, str]:
    """A decision as a browser sends it."""
    soon = (house.clock.now().date() + timedelta(days=60)).isoformat()
    line = {"actions-0-text": "Appeler le collège.", "actions-0-owner": house.hugo.user_id, "actions-0-due": soon}
    return {"outcome": "continued", "next_date": soon, "text": TEXT, "version": "0", "suite": "seance", **line, **changes}


def test_a_decision_is_entered_and_stands_on_its_page(house: House, room: Room) -> None:
    stella = enter(house, "stella")
    page = stella.get(address(room))
    assert page.status_code == 200
    assert NAME not in page.text, "numbers only: this page is mirrored in the room"
    answer = stella.post(address(room), typed(house))
    assert (answer.status_code, answer.location) == (303, f"/reunions/{room.meeting}/seance")
    again = stella.get(address(room))
    assert TEXT in again.text
    assert "Appeler le collège." in again.text
    assert 'name="version" value="1"' in again.text


def test_what_is_missing_is_said_at_its_field_and_nothing_is_retyped(house: House, room: Room) -> None:
    stella = enter(house, "stella")
    stella.get(address(room))
    answer = stella.post(address(room), typed(house, outcome="closed", **{"actions-0-owner": ""}))
    assert answer.status_code == 422
    assert "Choisissez un motif de la liste." in words(answer)
    assert "Choisissez qui s’en charge" in words(answer)
    assert TEXT in answer.text
    assert "Appeler le collège." in answer.text


def test_two_scribes_see_both_texts(house: House, room: Room) -> None:
    stella = enter(house, "stella")
    stella.get(address(room))
    decide(room, next(iter(room.items)), text="Mots de l’autre scribe.", actions=(task(house, "alice", "Visiter."),))
    clash = stella.post(address(room), typed(house))
    assert clash.status_code == 409
    for text in ("Mots de l’autre scribe.", TEXT, "Visiter.", "Appeler le collège."):
        assert text in words(clash) or text in clash.text
    assert 'name="version" value="1"' in clash.text
    lines = {"actions-1-text": "Visiter.", "actions-1-owner": house.alice.user_id, "actions-1-due": "2026-06-01"}
    assert stella.post(address(room), typed(house, version="1", keep="both", **lines)).status_code == 303
    kept = stella.get(address(room)).text
    assert "Mots de l’autre scribe." in kept
    assert TEXT in kept


def test_what_was_typed_survives_the_session(house: House, room: Room) -> None:
    stella = enter(house, "stella")
    stella.get(address(room))
    kept = stella.post("/brouillons", {**typed(house), "brouillon": "decision", "lieu": next(iter(room.items.values()))})
    assert kept.json == {**(kept.json or {}), "state": "kept"}
    assert TEXT in stella.get(address(room)).text
    assert "Décision de réunion" in words(stella.get("/brouillons"))
    way = stella.get(f"/reunions/points/{next(iter(room.items.values()))}/decision")
    assert way.location == address(room)
    stella.post(address(room), typed(house))
    assert "Décision de réunion" not in words(stella.get("/brouillons"))


def test_one_decision_for_two_items_in_one_act(house: House, room: Room) -> None:
    """The other items of the meeting are offered by number; each gets its own."""
    stella, (first, second) = enter(house, "stella"), room.items.values()
    page = stella.get(address(room))
    assert f'name="copies" id="copies-0" value="{second}"' in page.text
    assert stella.post(address(room), typed(house, copies=second)).status_code == 303
    for item in (first, second):
        assert services.deciding.prepare(house.stella, room.meeting, item).draft.text == TEXT


def closing(room: Room) -> str:
    """The closing page."""
    return f"/reunions/{room.meeting}/cloture"


def test_a_meeting_is_read_then_closed(house: House, room: Room) -> None:
    stella, (first, second) = enter(house, "stella"), room.items.items()
    decide(room, first[0], text=TEXT, actions=(task(house, "hugo", "Appeler le collège."),))
    page = stella.get(closing(room))
    assert TEXT in page.text
    assert "Sans décision" in words(page)
    refused = stella.submit(closing(room))
    assert refused.status_code == 422
    assert "Décidez, reportez ou retirez ce point." in words(refused)
    answer = stella.submit(closing(room), **{f"choice-{second[1]}": "withdrawn"})
    assert (answer.status_code, answer.location) == (303, f"/reunions/{room.meeting}/releve")
    assert TEXT in stella.get(answer.location).text
    assert stella.get(closing(room)).status_code == 404


def test_a_page_that_was_read_before_a_change_does_not_close(house: House, room: Room) -> None:
    stella, numbers = enter(house, "stella"), list(room.items)
    for number in numbers:
        decide(room, number)
    stella.get(closing(room))
    decide(room, numbers[0], text="Changé.", version=1)
    assert stella.submit(closing(room)).status_code == 409


def test_each_reads_their_own_releve_and_nobody_else_any(house: House, room: Room) -> None:
    for number in room.items:
        decide(room, number, text=f"Texte {number}.")
    close(room)
    hugo, paula, charlie = (enter(house, name) for name in ("hugo", "paula", "charlie"))
    first, second = room.items
    shown = hugo.get(f"/reunions/{room.meeting}/releve")
    assert first in shown.text
    assert second not in shown.text
    assert NAME not in shown.text
    for browser in (paula, charlie):
        assert browser.get(f"/reunions/{room.meeting}/releve").status_code == 404


def test_an_action_is_listed_and_its_result_told(house: House, room: Room) -> None:
    first, second = room.items
    decide(room, first, actions=(task(house, "hugo", "Appeler le collège.", due=date(2026, 4, 1)),))
    close(room, withdrawn=(second,))
    hugo = enter(house, "hugo")
    board = hugo.get("/actions")
    assert "Appeler le collège." in board.text
    assert NAME not in board.text
    (line,) = [each for each in services.tasks.board(house.hugo).mine if each.number == first]
    assert "Dire le résultat" in words(hugo.get(f"/actions/{line.id}"))
    assert hugo.post(f"/actions/{line.id}", {"text": "Fait hier."}).status_code == 422
    assert hugo.post(f"/actions/{line.id}", {"status": "done", "text": "Fait hier."}).status_code == 303
    assert "Fait hier." in [each.body for each in house.open(house.alice, first).timeline]
    assert enter(house, "stella").get("/jour").status_code == 200
