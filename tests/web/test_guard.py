"""Who gets past the door, and what the door says to those who do not."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from casework.errors import ConfigurationError, LedgerUnavailable
from casework.web import create_app, guard
from casework.web.guard import guarded, public
from tests.web.conftest import Browser, SignedIn, words
from tests.web.standin import Town

GUARDED = ["/", "/dossiers", "/dossiers/2026-0042", "/dossiers/2026-0042/notes/nouvelle", "/saisines/nouvelle", "/journal"]
PUBLIC = ["/connexion", "/enrolement", "/confidentialite", "/accessibilite", "/sante", "/lien", "/lien/merci", "/lien/fin"]
ENROLMENT = {f"/enrolement/{page}" for page in ("telephone", "feuille", "empreinte", "fin")}
"""Open to whoever holds the secret of an enrolment, and empty without it."""
VISIT = {"/lien/visite", "/lien/quitter"}
"""Open to whoever opened a partner's link, and empty without its cookie."""


def test_every_route_says_what_it_does(app: Flask) -> None:
    """Each view carries an action or a reason."""
    marks = [(rule.rule, *getattr(app.view_functions[rule.endpoint], "casework_guard", ("", ""))) for rule in app.url_map.iter_rules()]
    assert ("/dossiers/<number:number>", "action", "dossier.open") in marks
    assert ("/brouillons", "action", "draft.write") in marks
    assert all(kind in {"action", "public"} and reason for _, kind, reason in marks)
    assert {route for route, kind, _ in marks if kind == "public"} == {
        *PUBLIC,
        *ENROLMENT,
        *VISIT,
        "/deconnexion",
        "/ecran",
        "/brouillons",
        "/static/<version>/<name>",
    }


@pytest.mark.parametrize(("mark", "starts"), [(None, False), (guarded("dossier.open"), True), (public("a test"), True)])
def test_a_bare_route_stops_the_start(town: Town, mark: Any, starts: bool) -> None:
    """Without a mark the start fails and names the route; with one it goes through."""
    app = create_app(town.instance)

    def view() -> str:
        return "x"

    app.add_url_rule("/nouveau", "new", mark(view) if mark else view)
    if starts:
        return guard.check_every_route(app)
    with pytest.raises(ConfigurationError, match="/nouveau"):
        guard.check_every_route(app)
    return None


@pytest.mark.parametrize("path", GUARDED)
def test_signed_out_goes_to_the_door(browser: Browser, path: str) -> None:
    """And the address of the door tells nothing of where one came from."""
    answer = browser.get(path)
    assert (answer.status_code, answer.location) == (303, "/connexion")
    assert "Lorenzo" not in answer.text


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_open(browser: Browser, path: str) -> None:
    """To everybody."""
    assert browser.get(path).status_code == 200


def test_after_signing_in_one_goes_where_one_wanted(browser: Browser) -> None:
    """The path waited in the signed cookie."""
    browser.get("/dossiers/2026-0042")
    assert browser.sign_in("maelle").location == "/dossiers/2026-0042"


def test_a_post_is_not_repeated_after_signing_in(browser: Browser) -> None:
    """Only pages that were asked for are gone back to."""
    browser.get("/connexion")
    assert browser.post("/saisines/nouvelle").status_code == 303
    assert browser.sign_in("maelle").location == "/"


@pytest.mark.parametrize("query", ["?suite=//evil.example", "?next=https://evil.example", "?suite=/journal"])
def test_no_address_chooses_the_way(browser: Browser, query: str) -> None:
    """An open redirect needs a parameter; there is none."""
    browser.get(f"/connexion{query}")
    answer = browser.post(f"/connexion{query}", {"username": "maelle", "passphrase": "lanterne-marée-0", "code": "123456"})
    assert answer.location == "/"


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", 7, None])
def test_even_a_forged_cookie_leads_nowhere_else(browser: Browser, wanted: object) -> None:
    """The path is looked at although only we can write it."""
    browser.get("/connexion")
    with browser.client.session_transaction() as cookie:
        cookie["suite"] = wanted
    assert browser.sign_in("maelle").location == "/"


def test_a_session_that_ended_says_so(signed_in: SignedIn, town: Town) -> None:
    """Idle, too old, killed: the same sentence."""
    browser = signed_in("maelle")
    town.live.clear()
    assert browser.get("/dossiers").location == "/connexion"
    assert "Votre session est terminée" in words(browser.get("/connexion"))


@pytest.mark.parametrize(
    ("who", "first"), [("maelle", "/jour"), ("paul", "/dossiers"), ("aude", "/journal"), ("officer", "/confidentialite")]
)
def test_the_first_room_is_one_that_is_open(signed_in: SignedIn, who: str, first: str) -> None:
    """By the doors of the profile."""
    assert signed_in(who).get("/").location == first


def test_plain_http_from_afar_is_refused(browser: Browser) -> None:
    """Only this machine may speak without encryption; anybody may with it."""
    afar = {"REMOTE_ADDR": "192.0.2.7"}
    assert browser.get("/connexion", environ_base=afar).status_code == 403
    assert browser.get("/connexion", environ_base=afar, base_url="https://localhost").status_code == 200
    assert browser.get("/connexion").status_code == 200


@pytest.mark.parametrize(
    ("host", "status"), [("localhost:8000", 200), ("127.0.0.1:8000", 200), ("evil.example", 400), ("127.0.0.1.evil.example", 400)]
)
def test_only_our_own_names_are_answered(browser: Browser, host: str, status: int) -> None:
    """A page that was rebound to us gets nothing."""
    assert browser.get("/connexion", headers={"Host": host}).status_code == status


@pytest.mark.parametrize("url", ["http://casework.example", "http://192.0.2.7:8000", "ftp://127.0.0.1", "", "127.0.0.1:8000"])
def test_plain_http_outside_loopback_stops_the_start(town: Town, url: str) -> None:
    """With a sentence that says what to do."""
    town.public_url = url
    with pytest.raises(ConfigurationError, match="CASEWORK_PUBLIC_URL"):
        create_app(town.instance)


def test_a_broken_ledger_shuts_the_door_too(signed_in: SignedIn, town: Town) -> None:
    """Resuming fails: 503, and the error page does not ask again."""
    browser = signed_in("maelle")
    town.fail["resume"] = LedgerUnavailable("broken")
    answer: TestResponse = browser.get("/dossiers")
    assert answer.status_code == 503
    assert "Maëlle" not in answer.text
    assert browser.get("/sante").status_code == 200
