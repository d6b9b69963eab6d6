"""Permanences through the screens, on the real services and both engines."""

import re
from dataclasses import dataclass

import pytest

from casework import services
from tests.house import House
from tests.paper.reading import read
from tests.services.permanence.scene import TUESDAY, WORD, at, receive, serve, take
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

TYPED = {"place": "Point-justice, bureau 2", "weekday": "1", "starts": "09:00", "ends": "12:00", "minutes": "30", "since": "02/03/2026"}
HERE = "/permanences/2026-s10"
BUTTON = re.compile(r'name="(venue|absence)" value="([^"]+)"')


@dataclass
class Desk:
    """Alice serves in her service's ring; Hugo serves in none."""

    alice: Browser
    hugo: Browser


@pytest.fixture
def desk(house: House) -> Desk:
    """Both signed in."""
    serve(house)
    return Desk(enter(house, "alice"), enter(house, "hugo"))


def test_a_permanence_is_made_and_ended_through_its_forms(house: House, desk: Desk) -> None:
    page = desk.alice.get("/permanences/nouvelle")
    refused = desk.alice.submit("/permanences/nouvelle", **{**TYPED, "ends": "09:10"})
    assert refused.status_code == 422
    assert "aucun rendez-vous ne tient" in words(refused)
    assert 'value="Point-justice, bureau 2"' in refused.text, "what was typed is kept"
    made = desk.alice.submit("/permanences/nouvelle", **TYPED)
    assert (page.status_code, made.status_code, made.location) == (200, 303, "/permanences")
    week = desk.alice.get(HERE)
    assert "Point-justice, bureau 2" in words(week)
    assert "mardi" in words(week)
    end = re.search(r'href="(/permanences/[0-9a-f]{32}/fin)"', week.text)
    assert end
    desk.alice.get(end[1])
    assert desk.alice.submit(end[1], until="01/03/2026").status_code == 422
    assert desk.alice.submit(end[1], until="31/03/2026").status_code == 303
    assert "jusqu’au 31" in words(desk.alice.get("/permanences"))


def test_a_slot_is_booked_moved_and_freed(house: House, desk: Desk) -> None:
    place, number = receive(house), house.follow("Quibérac-Guichet")
    form = f"/permanences/{place}/creneaux/2026-03-03T0900"
    assert "mardi 3" in words(desk.alice.get(form)).replace("\N{NO-BREAK SPACE}", " ")
    wrong = desk.alice.submit(form, number="2026-9999")
    assert (wrong.status_code, "aucun dossier que vous ouvrez" in words(wrong), "2026-9999" in wrong.text) == (422, True, True)
    booked = desk.alice.submit(form, number=number)
    assert booked.status_code == 303
    assert number not in (booked.location or "")
    week = desk.alice.get(HERE)
    assert "Théodule Quibérac-Guichet" in words(week)
    slot = (booked.location or "").partition("#rdv-")[2]
    page = f"/permanences/rendez-vous/{slot}"
    shown = desk.alice.get(page)
    other = re.search(rf'value="({place}\.2026-03-03T0930)"', shown.text)
    assert other
    moved = desk.alice.submit(f"{page}/deplacement", slot=other[1])
    assert moved.status_code == 303
    slot = (moved.location or "").partition("#rdv-")[2]
    desk.alice.get(f"/permanences/rendez-vous/{slot}")
    stale = desk.alice.post(f"/permanences/rendez-vous/{slot}/annulation", {"version": "9"})
    assert stale.status_code == 422
    assert "changé entre-temps" in words(stale)
    assert desk.alice.submit(f"/permanences/rendez-vous/{slot}/annulation").status_code == 303
    assert "Quibérac-Guichet" not in desk.alice.get(HERE).text


def test_nobody_else_finds_a_way_in(house: House, desk: Desk) -> None:
    """Unknown and forbidden are the same page; the room is not offered."""
    place = receive(house)
    slot = take(house, place, at(11), words=WORD)
    paths = (
        "/permanences", HERE, "/permanences/nouvelle", f"/permanences/{place}/fin", f"/permanences/{place}/creneaux/2026-03-03T0900",
        f"/permanences/rendez-vous/{slot}", "/permanences/feuille/2026-03-03", "/permanences/feuille/2026-03-03/liste.pdf",
    )  # fmt: skip
    unknown = desk.hugo.get("/permanences/rendez-vous/" + "0" * 32)
    for path in paths:
        answer = desk.hugo.get(path)
        assert (answer.status_code, words(answer)) == (404, words(unknown))
        assert desk.alice.get(path).status_code == 200
    assert '/permanences"' not in desk.hugo.get("/jour").text
    assert '/permanences"' in desk.alice.get("/jour").text


@pytest.mark.parametrize(
    "path", ["2026-s54", "2026-s00", "2026-13", "feuille/2026-02-30", "feuille/x", "x/creneaux/2026-03-03", "rendez-vous/x"]
)
def test_what_is_no_page(desk: Desk, path: str) -> None:
    assert desk.alice.get(f"/permanences/{path}").status_code == 404


def test_the_day_list_has_boxes_and_nobody(house: House, desk: Desk) -> None:
    place, number = receive(house, place="Point-justice imprimé"), house.follow("Quibérac-Papier")
    take(house, place, at(9), number=number)
    take(house, place, at(9, 30), words=WORD)
    page = desk.alice.get("/permanences/feuille/2026-03-03")
    pdf = desk.alice.get("/permanences/feuille/2026-03-03/liste.pdf")
    printed = read(pdf.data)
    assert (printed.tagged, printed.universal, printed.numbers) == (True, True, [])
    for text in (words(page), printed.text):
        assert "Point-justice imprimé" in text
        assert "Absent·e" in text
        assert not any(secret in text for secret in (number, "Quibérac", "Théodule", WORD))
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="permanences-2026-03-03.pdf"'


def test_presence_is_one_click(house: House, desk: Desk) -> None:
    """The last of this module: it moves the clock."""
    place = receive(house)
    slot = take(house, place, at(10), words=WORD)
    house.clock.move_to(at(10, 5))
    alice = enter(house, "alice")
    buttons = {value.partition(".")[0]: value for name, value in BUTTON.findall(alice.get(HERE).text) if name == "venue"}
    said = alice.post(HERE, {"venue": buttons[slot]})
    assert (said.status_code, said.location) == (303, f"{HERE}#rdv-{slot}")
    assert "venu·e" in words(alice.get(HERE))
    again = alice.post(HERE, {"absence": buttons[slot]})
    assert again.status_code == 422
    assert "changé entre-temps" in words(again)
    assert alice.post(HERE, {"venue": "x"}).status_code == 404
    states = [
        each.state
        for _day, halves in services.week.week(house.alice, TUESDAY).days
        for half in halves
        for each in half.slots
        if each.id == slot
    ]
    assert states == ["attended"]
