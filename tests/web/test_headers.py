"""The headers of every answer, and what the log keeps of it."""

import logging
import re

import pytest
from flask import Flask

from tests.web.conftest import Browser, SignedIn
from tests.web.standin import NUMBER

PAGES = [
    "/connexion",
    "/dossiers",
    f"/dossiers/{NUMBER}",
    f"/dossiers/{NUMBER}/notes/nouvelle",
    "/saisines/nouvelle",
    "/confidentialite",
    "/accessibilite",
    "/nulle-part",
    "/journal",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_closed_to_others(signed_in: SignedIn, path: str) -> None:
    """No cache, no frame, no foreign source; error pages too."""
    head = signed_in("maelle").get(path).headers
    assert head["Cache-Control"] == "no-store"
    assert head["X-Content-Type-Options"] == "nosniff"
    assert head["Referrer-Policy"] == "same-origin"
    assert head["Cross-Origin-Opener-Policy"] == head["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in head["Permissions-Policy"]
    policy = re.sub(r"'nonce-[\w-]{22}'", "NONCE", head["Content-Security-Policy"])
    assert policy == (
        "default-src 'none'; script-src NONCE; style-src NONCE; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_to_their_policy(signed_in: SignedIn, path: str) -> None:
    """One sheet and one script by nonce; nothing inline, nothing from elsewhere. Only the door sends on whoever is signed in already."""
    answer = signed_in("maelle").get(path)
    if answer.status_code == 303:
        assert path == "/connexion"
        answer = signed_in("maelle").client.application.test_client().get(path)
    assert answer.mimetype == "text/html"
    nonces = set(re.findall(r'nonce="([^"]+)"', answer.text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|data:|https?://", answer.text)
    assert re.findall(r"<script(?![^>]+src=)", answer.text) == []


def test_a_nonce_serves_once(browser: Browser) -> None:
    """Two answers, two nonces."""
    first, second = (browser.get("/connexion").headers["Content-Security-Policy"] for _ in range(2))
    assert first != second


def test_files_are_kept_under_the_address_of_their_content(browser: Browser) -> None:
    """A year in the browser; another version, another name or a way up is not found."""
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', browser.get("/connexion").text)
    assert {address.rpartition("/")[2] for address in found} == {"app.css", "dossier.css", "app.js", "icon.svg"}
    for address in found:
        answer = browser.client.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
    version = next(address for address in found if address.endswith("/app.css")).split("/")[2]
    for wrong in ("/static/000000000000/app.css", f"/static/{version}/app.js", f"/static/{version}/../app.py", "/static/app.css"):
        assert browser.client.get(wrong).status_code == 404


def test_the_log_has_routes_never_addresses(app: Flask, signed_in: SignedIn, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a query, nor a number, nor a name."""
    browser = signed_in("aude")
    with caplog.at_level(logging.DEBUG):
        browser.get("/journal?dossier=2026-0042&personne=u1")
        browser.get("/dossiers/2026-0042")
        browser.get("/Brindavoine")
    lines = [record.getMessage() for record in caplog.records]
    assert [re.sub(r" [\d.]+ ms$", "", line) for line in lines] == [
        "GET /journal 200",
        "GET /dossiers/<number:number> 404",
        "GET - 404",
    ]
