"""Agathe Roquebel, school head: brings a situation to the cell, and sees nothing of the cell's other dossiers."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import Visitor, words

TOO_LONG = "Douze demi-journées d’absence, la mère prévient. " * 11  # 539 characters; 500 are allowed


@pytest.fixture
def agathe(sign_in: SignIn) -> Visitor:
    """Signed in, in front of her list."""
    agathe = sign_in(username="agathe.roquebel")
    agathe.goes_to("/dossiers")
    return agathe


def fills_in(agathe: Visitor, name: str, facts: str) -> None:
    """All but the motives. What stands there is confidential from now on."""
    page = agathe.page
    agathe.town.typed.extend([name, facts])
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_label("Prénom").fill("Théodule")
    page.get_by_label("Date de naissance").fill("2012-04-05")
    page.get_by_label("Commune de résidence").fill("Valmorel-sur-Orle")
    page.get_by_label("Masculin").check()
    page.get_by_label("Origine de la saisine").select_option(label="Établissement scolaire")
    page.get_by_label("Les faits").fill(facts)


def test_she_brings_a_situation_to_the_cell(agathe: Visitor) -> None:
    """Refused in place with everything she typed still there, then received under a number, and found again in her list."""
    name = f"Quibérac-{secrets.token_hex(4)}"
    agathe.follows("Saisir la cellule")
    fills_in(agathe, name, TOO_LONG)
    expect(agathe.page.locator(".counter")).to_contain_text("caractères de trop")
    sends(agathe)
    expect(agathe.page.locator("#motives-error")).to_contain_text("Choisissez au moins un motif.")
    expect(agathe.page.locator("#facts-error")).to_contain_text("500 au plus")
    expect(agathe.page.get_by_label("Les faits")).to_have_value(TOO_LONG)
    expect(agathe.page.get_by_label("Nom", exact=True)).to_have_value(name)
    expect(agathe.page.get_by_label("Masculin")).to_be_checked()
    agathe.page.get_by_label("Absences répétées à l’école").check()
    facts = f"Douze demi-journées d’absence depuis la rentrée, référence {secrets.token_hex(6)}."
    agathe.town.typed.append(facts)
    agathe.page.get_by_label("Les faits").fill(facts)
    sends(agathe)
    number = receipt(agathe)
    rereads(agathe, number, name, facts)


def sends(agathe: Visitor) -> None:
    """Press the button."""
    agathe.presses(agathe.page.get_by_role("button", name="Envoyer la saisine"))


def receipt(agathe: Visitor) -> str:
    """The number, on a page without a name."""
    assert "Votre saisine est reçue." in agathe.text
    assert "Quibérac" not in agathe.page.content()
    found = re.search(r"Numéro ?(\d{4}-\d{4})", agathe.text)
    assert found
    return found.group(1)


def rereads(agathe: Visitor, number: str, name: str, facts: str) -> None:
    """On its receipt and in her list, with its state; for a quarter of an hour she may read what she sent."""
    agathe.follows("Suivre cette saisine")
    assert f"{number} reçue" in agathe.text
    agathe.goes_to("/dossiers")
    sent = agathe.page.get_by_role("region", name="Mes saisines").locator("tr").filter(has_text=number)
    assert "reçue" in words(sent)
    agathe.goes_to(f"/dossiers/{number}")
    assert words(agathe.page.locator("h1")) == f"Théodule {name}"
    assert facts in agathe.text


def test_of_the_others_she_sees_nothing(agathe: Visitor) -> None:
    """What nobody shared with her is the same page as a number that does not exist, to the letter; and so are their forms for notes."""
    open_to_her = {words(row)[:9] for row in agathe.page.locator("a.row-link .number, tbody th > .number").all()}
    unknown = agathe.fetches("/dossiers/2026-9999")
    assert unknown[0] == 404
    others = [paper for paper in agathe.town.truth() if paper["number"] not in open_to_her]
    assert len(others) > 10
    for paper in others:
        for rest in ("", "/notes/nouvelle"):
            assert agathe.fetches(f"/dossiers/{paper['number']}{rest}") == unknown, paper["number"]
    agathe.goes_to(f"/dossiers/{others[0]['number']}")
    assert "Page introuvable" in agathe.text


def test_in_a_shared_dossier_she_reads_what_was_shared(agathe: Visitor) -> None:
    """Identity, decisions and school of a dossier she was given a part of; no address, no other note."""
    agathe.presses(agathe.page.locator("tbody tr").filter(has_text="partagée nommément").first.locator("a.row-link"))
    sections = [words(heading) for heading in agathe.page.locator(".volet:not(.shut) h3").all()]
    mine = [each for each in sections if each != "Partie partagée"]  # an action that a meeting gave her
    assert mine == ["Identité", "Décisions (N0)", "École"]
    paper = next(paper for paper in agathe.town.truth() if paper["number"] == agathe.path.rpartition("/")[2])
    whole = agathe.page.content()
    assert any(name in whole for name in paper["names"])
    assert not any(value in whole for value in (*paper["phones"], *paper["addresses"]))
    assert not all(note in whole for note in paper["notes"])
