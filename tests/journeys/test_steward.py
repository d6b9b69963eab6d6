"""Claire Vasselane and Hugues Trémarelle, stewards: they receive saisines, keep their cells' dossiers, and read no social note."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.notes import begin_note, notes_with, readers, save, unheard_of
from tests.journeys.visitor import words


def test_claire_reads_a_saisine_that_waits(sign_in: SignIn) -> None:
    """Received, without a lead, with its facts."""
    claire = sign_in(username="claire.vasselane")
    claire.goes_to("/dossiers")
    row = claire.page.locator("tbody tr").filter(has_text="reçue").last
    assert "à désigner" in words(row)
    claire.presses(row.locator("a.row-link"))
    assert "Vous êtes la coordonnatrice de cette cellule." in claire.text
    assert re.search(r"Faits ?\w.{20}", claire.text)


def test_claire_writes_a_decision(sign_in: SignIn) -> None:
    """A decision goes to the decisions, which the elected member reads as well."""
    claire = sign_in(username="claire.vasselane")
    claire.goes_to("/dossiers")
    claire.presses(claire.page.locator("tbody tr").filter(has_text="en cours").first.locator("a.row-link"))
    body = unheard_of("Décidé")
    begin_note(claire, body, kind="Décision")
    assert "Claire Vasselane (vous)" in readers(claire)
    assert "Odile Sermanges" in readers(claire)
    save(claire)
    expect(notes_with(claire, body)).to_have_count(1)


def test_hugues_turns_the_pages_of_two_cells(sign_in: SignIn) -> None:
    """The count is exact, and every dossier stands once on the pages."""
    hugues = sign_in(username="hugues.tremarelle")
    hugues.goes_to("/dossiers")
    said = re.search(r"(\d+) dossiers vous sont ouverts", hugues.text)
    assert said
    mine = hugues.page.get_by_role("table", name="Les dossiers qui me sont ouverts").locator("a.row-link .number")
    numbers = shown(mine.all_text_contents())
    assert len(numbers) < int(said.group(1)), "the town is too small to turn pages in"
    while hugues.page.get_by_role("link", name="Page suivante").count():
        hugues.follows("Page suivante")
        numbers += shown(mine.all_text_contents())
    assert re.search(r"page (\d+) sur \1", hugues.page.title())
    assert len(numbers) == len(set(numbers)) == int(said.group(1)) >= len(hugues.town.truth("Nord")) + len(hugues.town.truth("Sud"))


def shown(texts: list[str]) -> list[str]:
    """Numbers as they stand in the list."""
    return [text.strip() for text in texts]
