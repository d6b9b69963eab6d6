"""The door: coming in, going out, and being turned away without a hint."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext

from tests.journeys.conftest import NewContext, pass_the_door
from tests.journeys.town import Town
from tests.journeys.visitor import ONCE_ONLY, Visitor

MARC, CELIA = "marc.plessandre", "celia.pontavel"
WRONG = "000000"


def test_signing_out_kills_the_session(visitor: Visitor, new_context: NewContext) -> None:
    """Back shows the door, not the list; the old secret opens nothing any more; the cookies are as they should be."""
    pass_the_door(visitor.page, visitor.town, visitor.town.account(username=CELIA))
    visitor.goes_to("/dossiers")
    visitor.presses(visitor.page.locator("a.row-link").first)
    name = visitor.page.locator("h1").inner_text()
    kept = visitor.page.context
    flags_are_right(kept.cookies())
    thief = new_context(cookies=kept)
    visitor.presses(visitor.page.get_by_role("button", name="Se déconnecter"))
    assert visitor.path == "/connexion"
    visitor.page.go_back()
    visitor.page.wait_for_url(re.compile("/connexion$"))
    assert name not in visitor.page.content()
    assert "/connexion" in answer(thief, visitor.town, "/dossiers")
    assert name not in answer(thief, visitor.town, "/dossiers")


def flags_are_right(cookies: Any) -> None:
    """On loopback HTTP: `sid`, unreadable to scripts, sent by our own pages only, gone when the browser closes."""
    found = {cookie["name"]: cookie for cookie in cookies}
    assert set(found) == {"sid", "csrf"}
    assert all(cookie["httpOnly"] and cookie["path"] == "/" and cookie["expires"] == -1 for cookie in found.values())
    assert found["sid"]["sameSite"] == "Strict"
    assert found["csrf"]["sameSite"] == "Lax"


def answer(context: BrowserContext, town: Town, path: str) -> str:
    """Where an address leads, and what it says."""
    reply = context.request.get(town.url + path, max_redirects=0)
    return reply.headers.get("location", "") + reply.text()


@pytest.fixture
def at_the_door(new_context: NewContext, town: Town) -> Any:
    """`at_the_door(username, passphrase, code)`: status and page of an attempt in a fresh browser, what was typed taken out."""

    def attempt(username: str, passphrase: str, code: str) -> tuple[int, str]:
        page = new_context().new_page()
        page.goto(f"{town.url}/connexion")
        page.get_by_label("Identifiant").fill(username)
        page.get_by_label("Phrase de passe").fill(passphrase)
        page.get_by_label("Code à usage unique").fill(code)
        with page.expect_response(lambda response: response.request.method == "POST") as heard:
            page.get_by_role("button", name="Se connecter").click()
        response = heard.value
        body = "" if response.status == 303 else response.text()
        return response.status, ONCE_ONLY.sub("", body).replace(f'value="{username}"', "")

    return attempt


def test_every_refusal_is_the_same_page(at_the_door: Any, town: Town) -> None:
    """Unknown name, wrong passphrase, wrong code, used code; and the right three come in."""
    marc = town.account(username=MARC)
    refusals = [at_the_door("nobody.atall", marc["passphrase"], WRONG), at_the_door(MARC, marc["passphrase"], WRONG)]
    code = town.code(marc)  # it lives for half a minute, and the machine may be slow
    refusals.append(at_the_door(MARC, "not the passphrase", code))
    assert at_the_door(MARC, marc["passphrase"], code)[0] == 303
    refusals.append(at_the_door(MARC, marc["passphrase"], code))
    assert len(set(refusals)) == 1
    status, page = refusals[0]
    assert status == 403
    assert "Identifiant, phrase de passe ou code incorrect." in page
    assert marc["passphrase"] not in page
    assert code not in page


def test_the_door_is_accessible_when_it_refuses(visitor: Visitor) -> None:
    """Empty fields: said in place and at the top."""
    visitor.goes_to("/dossiers")
    assert visitor.path == "/connexion"
    visitor.presses(visitor.page.get_by_role("button", name="Se connecter"))
    assert "3 points à corriger" in visitor.text
