"""Two cookies, guarded as the public address allows."""

from http.cookies import Morsel, SimpleCookie

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from casework.web import create_app
from tests.web.conftest import Browser, SignedIn
from tests.web.standin import Town


def morsels(answer: TestResponse) -> dict[str, Morsel[str]]:
    """The cookies an answer sets."""
    found: dict[str, Morsel[str]] = {}
    for line in answer.headers.getlist("Set-Cookie"):
        found.update(SimpleCookie(line))
    return found


@pytest.fixture
def secure(town: Town) -> Browser:
    """A browser of an instance served over HTTPS, signed in."""
    town.public_url = "https://casework.example"
    client = create_app(town.instance).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    return Browser(client)


HTTPS = {"base_url": "https://casework.example", "headers": {"Referer": "https://casework.example/connexion"}}


def test_over_https_both_carry_the_host_prefix(secure: Browser) -> None:
    """Secure, Path=/, no Domain, HttpOnly; the session's is Strict."""
    page = secure.get("/connexion", **HTTPS)
    token = morsels(page)["__Host-csrf"]
    answer = secure.post("/connexion", {"username": "maelle", "passphrase": "lanterne-marée-0", "code": "123456"}, **HTTPS)
    sid = morsels(answer)["__Host-sid"]
    for cookie, site in ((token, "Lax"), (sid, "Strict")):
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"], cookie["samesite"]) == (True, True, "/", "", site)
        assert not cookie["expires"]
        assert not cookie["max-age"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


def test_over_https_a_foreign_referer_is_refused(secure: Browser) -> None:
    """Flask-WTF compares the Referer; the control above signs in with ours."""
    secure.get("/connexion", **HTTPS)
    foreign = {**HTTPS, "headers": {"Referer": "https://evil.example/"}}
    assert (
        secure.post("/connexion", {"username": "maelle", "passphrase": "lanterne-marée-0", "code": "123456"}, **foreign).status_code == 400
    )


def test_on_loopback_the_names_are_plain(browser: Browser) -> None:
    """A `__Host-` cookie without Secure would be dropped."""
    answer = browser.sign_in("maelle")
    sid = morsels(answer)["sid"]
    assert (sid["secure"], sid["httponly"], sid["samesite"], sid["path"]) == ("", True, "Strict", "/")
    assert "Strict-Transport-Security" not in answer.headers


def test_the_signed_cookie_knows_nobody(signed_in: SignedIn) -> None:
    """The CSRF token and codes of notices, nothing of Flask-Login's."""
    browser = signed_in("maelle")
    browser.get("/dossiers/2026-0042")
    with browser.client.session_transaction() as cookie:
        assert set(cookie) == {"csrf_token"}


def test_signing_in_starts_the_signed_cookie_afresh(browser: Browser) -> None:
    """A token planted before does not serve after."""
    browser.get("/connexion")
    planted = browser.token
    browser.sign_in("maelle")
    assert browser.client.post("/deconnexion", data={"csrf_token": planted}).status_code == 400
    browser.get("/dossiers")
    assert browser.post("/deconnexion").status_code == 303


def test_signing_out_kills_the_session_and_both_cookies(signed_in: SignedIn, town: Town) -> None:
    """A kept copy of the secret opens nothing any more."""
    browser = signed_in("maelle")
    secret = browser.cookie("sid")
    assert secret in town.live
    answer = browser.post("/deconnexion")
    assert secret not in town.live
    assert browser.cookie("sid") is None
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert secret is not None
    browser.client.set_cookie("sid", secret)
    assert browser.get("/dossiers").location == "/connexion"


def test_signing_in_again_ends_the_former_session(signed_in: SignedIn, town: Town) -> None:
    """One browser, one session."""
    browser = signed_in("maelle")
    former = browser.cookie("sid")
    browser.post("/connexion", {"username": "aude", "passphrase": "lanterne-marée-0", "code": "123456"})
    assert former not in town.live
    assert list(town.live.values()) == ["aude"]


def test_no_remember_me(app: Flask, browser: Browser) -> None:
    """A cookie of Flask-Login's default name opens nothing, and none is ever made."""
    browser.client.set_cookie("remember_token", "maelle|0")
    assert browser.get("/dossiers").location == "/connexion"
    assert app.login_manager.session_protection is None  # type: ignore[attr-defined]  # Flask-Login's place
