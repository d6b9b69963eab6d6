"""A release and a measure's end through the screens, on the real services."""

import pytest

from tests.house import House
from tests.victims import follow, found_cell
from tests.web.conftest import words
from tests.web.test_real import enter

WARNED = "Le parquet l’a annoncée ce matin."


@pytest.fixture
def place(fresh_house: House) -> tuple[House, str]:
    """The victims' cell and one dossier."""
    found_cell(fresh_house)
    return fresh_house, follow(fresh_house, "Quibérac-Écran")


def test_a_release_is_told_on_her_dossier(place: tuple[House, str]) -> None:
    """What she wishes stands first; too long a text is kept and said; the alert is a note of what protects her."""
    house, number = place
    viola, form = enter(house, "viola"), f"/dossiers/{number}/sortie"
    assert form in viola.get(f"/dossiers/{number}").text
    page = words(viola.get(form))
    assert page.index("n’a pas encore dit") < page.index("Ce qu’il faut savoir")
    assert "L’application ne lui dit rien" in page
    hidden = viola.hidden or {}
    wrong = viola.post(form, {**hidden, "day": "2026-05-04", "text": "x" * 201})
    assert wrong.status_code == 422
    assert "x" * 201 in wrong.text
    done = viola.post(form, {**hidden, "day": "2026-05-04", "text": WARNED})
    assert (done.status_code, done.location) == (303, f"/dossiers/{number}"), words(done)
    page = words(viola.get(f"/dossiers/{number}"))
    assert "Alerte : sortie de détention" in page
    assert WARNED in page
    assert enter(house, "alice").get(form).status_code == 404


def test_the_end_that_the_law_names_is_proposed_and_said_so(place: tuple[House, str]) -> None:
    house, number = place
    vera, form = enter(house, "vera"), f"/dossiers/{number}/fiche/judicial"
    assert "jamais le numéro" in words(vera.get(form))
    sent = {**(vera.hidden or {}), "r0-id": "", "r0-version": "0", "r0-label": "protection_order", "r0-since": "2026-03-02", "r0-until": ""}
    done = vera.post(form, sent)
    assert (done.status_code, done.location) == (303, form)
    page = vera.get(form)
    assert "2027-03-02" in page.text
    assert "Proposé : 12 mois" in words(page)
