"""One key covers the screen of whoever is signed in, in a meeting or not: nothing answers until their passphrase takes the cover away."""

import re

import pytest

from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.test_real import enter


@pytest.fixture
def dossier(house: House) -> str:
    """The address of a dossier that Alice leads."""
    return f"/dossiers/{house.follow('Quibérac-Couvert')}"


def covered(house: House, page: str) -> Browser:
    """Alice, who covered her screen on that page."""
    alice = enter(house, "alice")
    assert alice.get(page).status_code == 200
    assert alice.post("/ecran/couvrir", {"page": page}).location == "/ecran"
    return alice


def test_every_page_has_the_button_and_says_where_one_was(house: House, dossier: str) -> None:
    """Its own path, and nothing of what stands on it."""
    shown = enter(house, "alice").get(dossier).text
    form = re.search(r'<form method="post" action="/ecran/couvrir" data-cover>(.*?)</form>', shown, re.DOTALL)
    assert form
    assert f'name="page" value="{dossier}"' in form[1]
    assert "Quibérac" not in form[1]


def test_nothing_answers_until_the_passphrase_and_then_the_page_is_back(house: House, dossier: str) -> None:
    """Another window of the same session included. Control: before, both answered."""
    alice = covered(house, dossier)
    other = Browser(alice.client.application.test_client())
    other.client.set_cookie("sid", alice.cookie("sid") or "")
    for page in (dossier, "/dossiers", "/jour", "/ecran/nulle-part"):
        assert (alice.get(page).location, other.get(page).location) == ("/ecran", "/ecran")
    cover = alice.get("/ecran")
    assert "Phrase de passe" in words(cover)
    assert "Alice" not in cover.text
    assert dossier not in cover.text
    assert alice.post("/ecran", {"code": "phrase bob"}).status_code == 403
    assert alice.post("/ecran", {"code": "phrase alice"}).location == dossier
    assert (alice.get(dossier).status_code, other.get("/dossiers").status_code) == (200, 200)


def test_five_failures_end_the_session_and_covering_again_gives_no_new_ones(house: House, dossier: str) -> None:
    """Then the passphrase alone does not help any more."""
    alice = covered(house, dossier)
    alice.get("/ecran")
    assert [alice.post("/ecran", {"code": "phrase bob"}).status_code for _ in range(4)] == [403] * 4
    assert alice.post("/ecran/couvrir", {"page": "/dossiers"}).location == "/ecran"
    assert alice.post("/ecran", {"code": "phrase bob"}).location == "/connexion"
    assert alice.post("/ecran", {"code": "phrase alice"}).location == "/connexion"


@pytest.mark.parametrize(
    "page", ["https://ailleurs.example/", "//ailleurs.example/dossiers", "/\\ailleurs.example", "/nulle-part", "/deconnexion", ""]
)
def test_one_comes_back_to_a_page_of_ours_or_home(house: House, page: str) -> None:
    """Not to another host, not to an address that only takes a form."""
    alice = enter(house, "alice")
    alice.get("/dossiers")
    alice.post("/ecran/couvrir", {"page": page})
    alice.get("/ecran")
    assert alice.post("/ecran", {"code": "phrase alice"}).location == "/"
