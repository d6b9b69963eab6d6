"""Writing a note."""

import re
from datetime import date

import pytest

from casework.errors import InvalidInput, LedgerUnavailable, ReadersChanged
from casework.services.drafts import EntryDraft
from tests.web.conftest import Browser, SignedIn, title, words
from tests.web.standin import NUMBER, Town

PATH = f"/dossiers/{NUMBER}/notes/nouvelle"
TYPED = {"kind": "observation", "compartment": "social", "occurred_on": "2026-11-20", "body": "Vu ce matin.\r\nÀ revoir."}


@pytest.fixture
def maelle(signed_in: SignedIn) -> Browser:
    """A social worker before the empty form."""
    browser = signed_in("maelle")
    browser.get(PATH)
    return browser


def draft(town: Town) -> EntryDraft:
    """The last draft a screen handed over."""
    found = [asked for asked in town.asked if isinstance(asked, EntryDraft)]
    return found[-1]


def test_a_note_is_written_with_the_readers_that_were_shown(maelle: Browser, town: Town) -> None:
    """The digest beside the chosen compartment goes along; line ends are plain."""
    answer = maelle.submit(PATH, **TYPED)
    assert (answer.status_code, answer.location) == (303, f"/dossiers/{NUMBER}#note-e0")
    made = draft(town)
    assert (made.kind, made.compartment, made.occurred_on, made.body) == (
        "observation",
        "social",
        date(2026, 11, 20),
        "Vu ce matin.\nÀ revoir.",
    )
    assert (made.readers, made.corrects) == ("d-social", None)
    assert "La note est enregistrée." in words(maelle.get(f"/dossiers/{NUMBER}"))
    assert "La note est enregistrée." not in words(maelle.get(f"/dossiers/{NUMBER}"))


def test_a_double_click_hands_over_the_same_id(maelle: Browser, town: Town) -> None:
    """And another form another."""
    form = dict(maelle.hidden or {})
    for _ in range(2):
        maelle.post(PATH, {**form, **TYPED})
    assert len(town.written) == 1
    maelle.get(PATH)
    maelle.submit(PATH, **TYPED)
    assert len(town.written) == 2


def test_without_javascript_every_choice_lists_its_readers(maelle: Browser) -> None:
    """Names and functions, or nobody, or that one deposits."""
    page = maelle.get(PATH).text
    lists = dict(re.findall(r'<div class="readers" data-of="(\w+)">(.*?)</div>', page, re.DOTALL))
    assert set(lists) == {"decisions", "confidential", "social", "judicial", "sealed"}
    assert lists["decisions"].count("<li>") == 3
    assert "coordonnatrice du CLSPD" in lists["decisions"]
    assert "Personne d’autre que vous." in lists["sealed"]
    assert "Vous déposez cette note" in lists["judicial"]


def test_no_reader_is_chosen_beforehand(maelle: Browser) -> None:
    """The usual kind and today stand there; no default may be wider than its author meant, so a volet waits to be proposed or chosen."""
    page = maelle.get(PATH).text
    assert not re.search(r'type="radio"[^>]* checked', page)
    assert '<option value="observation" data-default="social" selected>' in page
    assert 'value="2026-11-22"' in page


def test_the_text_comes_first(maelle: Browser) -> None:
    """Then its kind and its day, then who reads it, then the button."""
    page = maelle.get(PATH).text
    places = [
        page.index(mark)
        for mark in ("<textarea", 'id="kind"', 'id="occurred_on"', 'name="compartment"', "data-live", '<button class="main"')
    ]
    assert places == sorted(places)
    assert re.search(r"<textarea autofocus\b|<textarea[^>]* autofocus", page)


def test_what_is_missing_is_said_in_place(maelle: Browser, town: Town) -> None:
    """And nothing that was typed is lost, the form's id included."""
    before = dict(maelle.hidden or {})
    answer = maelle.submit(PATH, body="Un texte commencé", occurred_on="hier")
    assert answer.status_code == 422
    assert title(answer) == "Erreur — Nouvelle note, dossier 2026-0042 — casework"
    for anchor in ("kind", "compartment-0", "occurred_on"):
        assert f'<a href="#{anchor}">' in answer.text
    assert "Un texte commencé</textarea>" in answer.text
    assert 'value="hier"' in answer.text
    assert (maelle.hidden or {})["submission"] == before["submission"]
    assert town.written == {}


@pytest.mark.parametrize("forged", ["", "x", "1" * 33, "z" * 32])
def test_an_id_that_is_not_ours_is_refused(maelle: Browser, town: Town, forged: str) -> None:
    """It would not even fit the column; control: the one of the form goes through."""
    answer = maelle.submit(PATH, **TYPED, submission=forged)
    assert answer.status_code == 422
    assert "Rechargez la page et recommencez." in words(answer)
    assert town.written == {}
    maelle.get(PATH)
    assert maelle.submit(PATH, **TYPED).status_code == 303


def test_a_service_may_refuse_in_its_own_words(maelle: Browser, town: Town) -> None:
    """Beside the field, or above the form for what is no field."""
    town.fail["write"] = InvalidInput({"body": "Ce texte compte 4001 caractères.", "elsewhere": "Une autre raison."})
    answer = maelle.submit(PATH, **TYPED)
    assert answer.status_code == 422
    assert re.search(r'id="body-error".*?4001', answer.text, re.DOTALL)
    assert "Une autre raison." in words(answer)
    assert "Vu ce matin.\nÀ revoir.</textarea>" in answer.text
    assert re.search(r'value="social"[^>]* checked', answer.text)


def test_readers_that_changed_are_shown_before_anything_is_written(maelle: Browser, town: Town) -> None:
    """409, the text kept, the same form id, the new digest."""
    town.fail["write"] = ReadersChanged()
    answer = maelle.submit(PATH, **{**TYPED, "readers-social": "an older digest"})
    assert answer.status_code == 409
    assert draft(town).readers == "an older digest"
    assert "ont changé pendant que vous écriviez" in words(answer)
    assert (maelle.hidden or {})["readers-social"] == "d-social"
    del town.fail["write"]
    assert maelle.submit(PATH, **TYPED).status_code == 303


def test_a_correction_starts_from_the_note(maelle: Browser, town: Town) -> None:
    """Its text, kind, place and day; the original stays visible, and is named to the service."""
    page = maelle.get(f"{PATH}?corrige=e1")
    assert title(page) == "Corriger une note, dossier 2026-0042 — casework"
    assert "La note d’origine reste visible" in words(page)
    assert re.search(r'value="confidential"[^>]* checked', page.text)
    maelle.submit(f"{PATH}?corrige=e1", **{**TYPED, "compartment": "confidential"})
    assert draft(town).corrects == "e1"
    assert "La correction est enregistrée." in words(maelle.get(f"/dossiers/{NUMBER}"))


def test_a_broken_ledger_says_that_nothing_was_written(maelle: Browser, town: Town) -> None:
    """503."""
    town.fail["write"] = LedgerUnavailable("broken")
    answer = maelle.submit(PATH, **TYPED)
    assert answer.status_code == 503
    assert "n’affiche et n’enregistre rien" in words(answer)


def test_only_whoever_may_write_sees_the_form(signed_in: SignedIn) -> None:
    """The others are told that there is no such page."""
    assert signed_in("paul").get(PATH).status_code == 404
