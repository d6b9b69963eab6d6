"""One page for each kind of error, in the house's words, telling nothing of the cause."""

import logging
import re

import pytest

from casework.errors import (
    InvalidInput,
    LedgerUnavailable,
    NotFound,
    ReadersChanged,
    SessionEnded,
    TamperedError,
    TooManyAttempts,
    UncertifiedKey,
)
from tests.web.conftest import Browser, SignedIn, title, words
from tests.web.standin import NUMBER, Town

SECRET = "Brindavoine"


def bare(text: str) -> str:
    """A page without what differs from one answer to the next."""
    return re.sub(r'(nonce|value)="[^"]*"', "", text)


def test_unknown_and_forbidden_are_the_same_page(signed_in: SignedIn) -> None:
    """Paul may not open it; nobody can open the other; the others are no dossier's address: one page for each sort, on which only the
    sentence « un référent vous contactera » differs."""
    browser = signed_in("paul")
    of_dossiers = [f"/dossiers/{NUMBER}", "/dossiers/1999-0000", f"/dossiers/{NUMBER}/notes/nouvelle", "/dossiers/1999-0000/notes/nouvelle"]
    answers = [browser.get(path) for path in of_dossiers]
    others = [browser.get(path) for path in ("/nulle-part", "/journal")]
    assert {answer.status_code for answer in (*answers, *others)} == {404}
    assert len({bare(answer.text) for answer in answers}) == len({bare(answer.text) for answer in others}) == 1
    assert "Un référent vous contactera" in answers[0].text
    assert "Un référent vous contactera" not in others[0].text
    assert browser.get("/dossiers/%00").status_code == 404
    assert title(answers[0]) == "Page introuvable — casework"


def test_a_room_is_marked_where_one_is_in_it_and_not_on_an_error(signed_in: SignedIn) -> None:
    """An address of a dossier would mark « Mes dossiers » even for a dossier that is not there."""
    browser = signed_in("maelle")
    assert 'aria-current="true">Mes dossiers' in browser.get(f"/dossiers/{NUMBER}").text
    assert "aria-current" not in browser.get("/dossiers/1999-0000").text


def test_control_a_dossier_that_opens_is_another_page(signed_in: SignedIn) -> None:
    """The comparison above can see a difference."""
    browser = signed_in("maelle")
    assert bare(browser.get(f"/dossiers/{NUMBER}").text) != bare(browser.get("/dossiers/1999-0000").text)


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        (NotFound("x"), 404),
        (LedgerUnavailable(SECRET), 503),
        (TamperedError(SECRET), 503),
        (UncertifiedKey(SECRET), 503),
        (InvalidInput({"x": SECRET}), 422),
        (ReadersChanged(SECRET), 409),
        (TooManyAttempts(90), 429),
        (ValueError(SECRET), 500),
    ],
)
def test_every_error_has_its_page(
    signed_in: SignedIn, town: Town, caplog: pytest.LogCaptureFixture, problem: Exception, status: int
) -> None:
    """With no word of its cause, on the page or in the log."""
    browser = signed_in("maelle")
    town.fail["open"] = problem
    with caplog.at_level(logging.DEBUG):
        answer = browser.get(f"/dossiers/{NUMBER}")
    assert answer.status_code == status
    assert SECRET not in answer.text
    assert SECRET not in caplog.text
    assert NUMBER not in caplog.text
    assert title(answer).endswith("— casework")
    if status >= 500:
        assert "Maëlle" not in answer.text
        assert type(problem).__name__ in caplog.text
        assert "standin.py" in caplog.text


def test_a_session_that_ends_midway_leads_to_the_door(signed_in: SignedIn, town: Town) -> None:
    """The cookie goes, the reason stays."""
    browser = signed_in("maelle")
    town.fail["open"] = SessionEnded()
    assert browser.get(f"/dossiers/{NUMBER}").location == "/connexion"
    assert browser.cookie("sid") is None
    assert "Votre session est terminée" in words(browser.get("/connexion"))


def test_waiting_is_told_in_seconds(signed_in: SignedIn, town: Town) -> None:
    """For programs, in the header."""
    browser = signed_in("maelle")
    town.fail["list"] = TooManyAttempts(90)
    assert browser.get("/dossiers").headers["Retry-After"] == "90"


def test_the_wrong_method_is_refused(signed_in: SignedIn) -> None:
    """405, in the house's words."""
    answer = signed_in("maelle").post("/dossiers")
    assert answer.status_code == 405
    assert "Rien n’a été enregistré" in words(answer)


def test_an_overlong_body_is_refused(signed_in: SignedIn, town: Town) -> None:
    """413, before any service sees it; half of it would pass the limit."""
    browser = signed_in("maelle")
    assert browser.post(f"/dossiers/{NUMBER}/notes/nouvelle", {"body": "x" * 140_000}).status_code == 413
    assert browser.post(f"/dossiers/{NUMBER}/notes/nouvelle", {"body": "x" * 65_000}).status_code == 422
    assert town.written == {}


@pytest.mark.parametrize("path", ["/connexion?x=%00", "/journal?dossier=%00"])
def test_a_nul_is_refused(browser: Browser, path: str) -> None:
    """PostgreSQL could not even look for it."""
    assert browser.get(path).status_code == 400
    assert browser.get("/connexion?x=%01").status_code == 200


def test_a_nul_in_a_form_is_refused(browser: Browser, town: Town) -> None:
    """Before the token is looked at."""
    assert browser.sign_in("mae\0lle").status_code == 400
    assert town.asked == []
