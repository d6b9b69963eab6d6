"""A partner's pages on the real services and both engines: one answer for whatever is wrong, no word outside the page itself."""

import re
from http.cookies import SimpleCookie
from typing import Any

import pytest
from werkzeug.test import TestResponse

from casework import services
from casework.services.partner.views import About
from casework.web import create_app
from tests.house import House
from tests.services.partner.partners import CONTACT, WORDS, orientation
from tests.web.conftest import Browser, served, title, words
from tests.web.standin import Town
from tests.web.test_real import enter as sign_in

FIELD = re.compile(r'(nonce|value)="[^"]*"')
LINK = re.compile(r"data-link>([^<]+)#([A-Za-z0-9_-]{22})<")
CODE = re.compile(r"data-code>((?:\d\d ){3}\d\d)<")


@pytest.fixture
def sent(house: House) -> About:
    """An orientation of Alice's, sent by link."""
    return orientation(house.alice, house.follow("Quibérac-Écran-Lien"))


@pytest.fixture
def partner(house: House) -> Browser:
    """Somebody without an account."""
    return Browser(served(house.instance).test_client())


def made(alice: Browser, about: About) -> tuple[str, str]:
    """Alice makes a link on its page; secret and code as the page shows them, once."""
    alice.get(f"/orientations/{about.id}/lien")
    page = alice.post(f"/orientations/{about.id}/lien")
    link, code = LINK.search(page.text), CODE.search(page.text)
    assert link
    assert code
    assert page.headers["Cache-Control"] == "no-store"
    assert "Dites le code de vive voix" in words(page)
    return link[2], code[1]


def opened(partner: Browser, secret: str, code: str) -> TestResponse:
    """The partner's way in."""
    partner.get("/lien")
    return partner.post("/lien", {"secret": secret, "code": code})


def test_the_whole_way(house: House, sent: About, partner: Browser) -> None:
    alice = sign_in(house, "alice")
    secret, code = made(alice, sent)
    answer = opened(partner, secret, code)
    assert (answer.status_code, answer.location) == (303, "/lien/visite")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["lien"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (True, "Strict", "/lien", "")
    page = partner.get("/lien/visite")
    assert WORDS in words(page)
    assert title(page) == "Document partagé — casework"
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "same-origin")
    wrong = partner.post("/lien/visite", {"answer": "told", "text": CONTACT})
    assert (wrong.status_code, CONTACT in wrong.text, "Choisissez ce qu’il en est." in words(wrong)) == (422, True, True)
    done = partner.post("/lien/visite", {"answer": "accepted", "on": "2026-03-20", "text": CONTACT})
    assert (done.status_code, done.location) == (303, "/lien/merci")
    assert partner.cookie("lien") is None
    again = partner.get("/lien/visite")
    assert (again.status_code, WORDS in again.text) == (403, False)
    inside = words(alice.get(f"/orientations/{sent.id}/lien"))
    assert CONTACT in inside
    assert "Nous accompagnons cette personne" in inside
    assert "répondu par le lien" in words(alice.get("/jour"))


def test_unknown_wrong_and_over_are_one_page(house: House, sent: About, partner: Browser) -> None:
    secret, code = made(sign_in(house, "alice"), sent)
    pages = [opened(partner, *typed) for typed in (("x" * 22, code), (secret, "00000000"), (secret, ""), ("", code))]
    assert [each.status_code for each in pages] == [403, 403, 422, 422]
    assert FIELD.sub("", pages[0].text) == FIELD.sub("", pages[1].text)
    services.making.end(house.alice, sent)
    over = opened(partner, secret, code)
    assert FIELD.sub("", over.text) == FIELD.sub("", pages[0].text)


def test_leaving_shows_nothing_afterwards(house: House, sent: About, partner: Browser) -> None:
    opened(partner, *made(sign_in(house, "alice"), sent))
    assert WORDS in partner.get("/lien/visite").text, "control"
    answer = partner.post("/lien/quitter")
    assert (answer.status_code, answer.location) == (303, "/lien/fin")
    assert WORDS not in partner.get("/lien/visite").text
    assert partner.post("/lien/quitter").status_code == 403


def test_a_member_signed_in_is_nobody_here(house: House, sent: About) -> None:
    """The pages look alike for everybody: no name, no room of the house."""
    alice = sign_in(house, "alice")
    for path in ("/lien", "/lien/visite", "/lien/merci", "/lien/fin"):
        page = alice.get(path)
        assert "Mes dossiers" not in page.text
        assert house.alice.institution not in page.text


def test_who_may_make_none_sees_one_page(house: House, sent: About) -> None:
    """Bob, of the cell; unknown and forbidden alike, by every way."""
    bob = sign_in(house, "bob")
    for path in (f"/orientations/{sent.id}/lien", f"/orientations/{'0' * 32}/lien", f"/actions/{sent.id}/lien"):
        assert bob.get(path).status_code == 404
        bob.get("/confidentialite")
        assert bob.post(path).status_code == 404


def test_the_sender_ends_a_link(house: House, sent: About, partner: Browser) -> None:
    alice = sign_in(house, "alice")
    secret, code = made(alice, sent)
    page = alice.get(f"/orientations/{sent.id}/lien")
    assert (secret in page.text, code in page.text, "pas encore" in page.text) == (False, False, True)
    assert alice.post(f"/orientations/{sent.id}/lien/fin").status_code == 303
    assert "Lien en cours" not in alice.get(f"/orientations/{sent.id}/lien").text
    assert opened(partner, secret, code).status_code == 403


def test_over_https_the_cookie_says_so(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Secure, named so that no plain page can plant it, for these pages alone."""

    def enter(*_: Any, **__: Any) -> str:
        return "c" * 43

    monkeypatch.setattr(services.entering, "enter", enter)
    town.public_url = "https://casework.example"
    client = create_app(town.instance).test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    browser, given = Browser(client), {"base_url": "https://casework.example", "headers": {"Referer": "https://casework.example/lien"}}
    browser.get("/lien", **given)
    answer = browser.post("/lien", {"secret": "x" * 22, "code": "1"}, **given)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["__Secure-lien"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, True, "Strict", "/lien")
