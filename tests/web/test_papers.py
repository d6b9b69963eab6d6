"""Paper through the screens, on the real services: tagged PDFs that nothing on the way keeps, under names that say nothing."""

import pytest

from tests.house import House
from tests.paper.reading import read
from tests.services.meeting.room import convene
from tests.web.test_real import enter

NAME = "Quibérac-Feuille"
SHEETS = {"ordre-du-jour": 1, "feuille-de-decisions": 1, "presence": 0}


@pytest.mark.parametrize("what", SHEETS)
def test_a_sheet_is_a_tagged_pdf_that_nothing_keeps(house: House, what: str) -> None:
    """By number only; a convened member finds no such page."""
    number = house.follow(NAME)
    room = convene(house, {number: ("bob",)})
    address = f"/reunions/{room.meeting}/papier/{what}.pdf"
    answer = enter(house, "stella").get(address)
    printed = read(answer.data)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{what}-2026-03-02.pdf"'
    assert (printed.tagged, printed.language, NAME in printed.text) == (True, "fr-FR", False)
    assert printed.numbers == [number] * SHEETS[what]
    assert enter(house, "bob").get(address).status_code == 404
