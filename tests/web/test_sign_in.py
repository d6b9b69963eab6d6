"""The sign-in page."""

import pytest
from flask import Flask

from casework.errors import LedgerUnavailable, TooManyAttempts
from tests.web.conftest import Browser, SignedIn, title, words
from tests.web.standin import Town


@pytest.mark.parametrize(("username", "changes"), [("nobody", {}), ("maelle", {"passphrase": "x"}), ("maelle", {"code": "000000"})])
def test_one_sentence_for_every_refusal(browser: Browser, username: str, changes: dict[str, str]) -> None:
    """Unknown user, wrong passphrase, wrong code."""
    answer = browser.sign_in(username, **changes)
    assert answer.status_code == 403
    assert "Identifiant, phrase de passe ou code incorrect." in words(answer)
    assert browser.cookie("sid") is None
    assert f'value="{username}"' in answer.text
    assert "lanterne" not in answer.text
    assert "000000" not in answer.text


def test_empty_fields_are_named(browser: Browser, town: Town) -> None:
    """In place, in a summary that links to them, and in the title."""
    answer = browser.sign_in(" ", passphrase="", code="")
    assert answer.status_code == 422
    assert title(answer) == "Erreur — Connexion — casework"
    for field in ("username", "passphrase", "code"):
        assert f'<a href="#{field}">' in answer.text
        assert f'id="{field}-error"' in answer.text
    assert town.asked == []


def test_spaces_in_name_and_code_do_no_harm(app: Flask, browser: Browser) -> None:
    """Applications show « 123 456 »; a passphrase is taken as typed."""
    assert browser.sign_in(" maelle ", code=" 123 456 ").status_code == 303
    assert Browser(app.test_client()).sign_in("maelle", passphrase=" lanterne-marée-0").status_code == 403


def test_the_address_is_handed_on(browser: Browser, town: Town) -> None:
    """Attempts are limited for it."""
    browser.sign_in("maelle")
    assert town.asked == [("maelle", "127.0.0.1")]


@pytest.mark.parametrize(("seconds", "sentence"), [(40, "dans une minute"), (61, "dans 2 minutes"), (900, "dans 15 minutes")])
def test_too_many_attempts(browser: Browser, town: Town, seconds: int, sentence: str) -> None:
    """How long, in words and in the header."""
    town.fail["sign_in"] = TooManyAttempts(seconds)
    answer = browser.sign_in("maelle")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, str(seconds))
    assert sentence in words(answer)


def test_no_sign_in_without_a_ledger(browser: Browser, town: Town) -> None:
    """503 and no cookie."""
    town.fail["sign_in"] = LedgerUnavailable("broken")
    assert browser.sign_in("maelle").status_code == 503
    assert browser.cookie("sid") is None


def test_whoever_is_inside_goes_on(signed_in: SignedIn) -> None:
    """The door is not shown twice."""
    assert signed_in("maelle").get("/connexion").location == "/"


def test_leaving_works_when_the_session_is_over(signed_in: SignedIn, town: Town) -> None:
    """And says goodbye."""
    browser = signed_in("maelle")
    town.live.clear()
    assert browser.post("/deconnexion").location == "/connexion"
    assert "Vous avez quitté casework" in words(browser.get("/connexion"))


def test_the_form_helps_password_managers(browser: Browser) -> None:
    """The three tokens of the HTML standard."""
    page = browser.get("/connexion").text
    for token in ("username", "current-password", "one-time-code"):
        assert f'autocomplete="{token}"' in page
