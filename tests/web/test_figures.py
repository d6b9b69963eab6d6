"""« Chiffres » on the screen: a table, and no way to ask it anything."""

import re
from datetime import UTC, datetime

import pytest

from tests.house import House
from tests.services.support.calls import ready
from tests.web.conftest import title, words
from tests.web.test_offices import enter

JULY = datetime(2026, 7, 6, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def summer(house: House) -> House:
    """Two quarters are over, with next to nothing in them."""
    house.follow("Quibérac")
    house.clock.move_to(JULY)
    return house


@pytest.mark.parametrize("name", ["stella", "elsa"])
def test_those_who_answer_for_the_cell_read_a_table(summer: House, name: str) -> None:
    browser = enter(summer, name)
    assert "/chiffres" in browser.get("/").text or "/chiffres" in browser.get("/jour").text
    answer = browser.get("/chiffres")
    assert (answer.status_code, answer.location) == (303, f"/cellules/{summer.cells['nord']}/chiffres")
    page = browser.get(answer.location)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
    assert "2e trimestre" in words(page)
    assert "masqué" in words(page)
    assert title(page).startswith("Chiffres")
    main = page.text[page.text.index("<main") : page.text.index("</main")]
    assert not re.search(r"<(form|input|select|button)\b|download|\.csv", main), "nothing to ask, nothing to take away"
    for wanted in ("<caption", 'scope="col"', 'scope="row"', 'data-label="Saisines reçues"'):
        assert wanted in main
    assert "Quibérac" not in page.text
    assert not re.search(r"2026-\d{4}", main)


def test_a_query_changes_nothing(summer: House) -> None:
    browser, path = enter(summer, "stella"), f"/cellules/{summer.cells['nord']}/chiffres"
    first, second = browser.get(path), browser.get(f"{path}?programme=school&profession=elected&du=2026-05-01&format=csv")
    assert words(first) == words(second)
    assert second.mimetype == "text/html"


@pytest.mark.parametrize("name", ["bob", "sam", "dora", "oscar"])
def test_nobody_else_finds_the_page(summer: House, name: str) -> None:
    browser = enter(summer, name)
    assert browser.get(f"/cellules/{summer.cells['nord']}/chiffres").status_code == 404
    assert browser.get("/chiffres").status_code == (303 if name == "sam" else 404)


def test_a_cell_that_notes_calls_has_a_column_of_refusals(summer: House) -> None:
    """Control: the other cell's table has none."""
    ready(summer)
    summer.clock.move_to(JULY.replace(month=10))
    main = enter(summer, "vera").get(f"/cellules/{summer.cells['appui']}/chiffres").text
    assert 'data-label="Accords refusés"' in main
    assert "Accords refusés" not in enter(summer, "stella").get(f"/cellules/{summer.cells['nord']}/chiffres").text
