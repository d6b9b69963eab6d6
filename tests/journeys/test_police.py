"""Municipal police: identity and decisions of what was shared with them, and a note they leave in a compartment that stays closed."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.notes import begin_note, choose, notes_with, readers, save, unheard_of
from tests.journeys.visitor import Visitor, words


@pytest.fixture
def officer(sign_in: SignIn) -> Visitor:
    """Of the two, one with whom a dossier in progress was shared, in front of it."""
    for name in ("marc.plessandre", "ines.gardavoine"):
        officer = sign_in(username=name)
        officer.goes_to("/dossiers")
        shared = officer.page.locator("tbody tr").filter(has_text="partagée nommément").filter(has_text="en cours").locator("a.row-link")
        if shared.count():
            officer.presses(shared.first)
            return officer
    pytest.fail("the town has shared no dossier in progress with its police")


def test_identity_and_decisions_alone(officer: Visitor) -> None:
    """No address, no phone, no school, nothing of what the cell shares."""
    assert [words(heading) for heading in officer.page.locator(".volet:not(.shut) h3").all()] == ["Identité", "Décisions (N0)"]
    for note in officer.page.locator(".timeline > li").all():
        assert words(note.locator(".badge")) == "Décisions (N0)" or "(vous)" in words(note)


def test_a_note_is_left_in_a_compartment_that_stays_closed(officer: Visitor) -> None:
    """Said before writing: it can be re-read, the rest of the compartment cannot. And so it is."""
    body = unheard_of("Aperçu")
    begin_note(officer, body)
    choose(officer, "Partagé avec la cellule")
    assert "Vous déposez cette note : vous la relirez, mais pas le reste de ce volet." in readers(officer)
    assert "(vous)" not in readers(officer)
    save(officer)
    expect(notes_with(officer, body)).to_have_count(1)
    assert [words(heading) for heading in officer.page.locator(".volet:not(.shut) h3").all()] == ["Identité", "Décisions (N0)"]
