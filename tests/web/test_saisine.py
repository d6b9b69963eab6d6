"""From the saisine to its examination through the screens, on the real services: two siblings, a receipt, a complement, two outcomes."""

import re
from datetime import timedelta

import pytest

from casework import services
from tests.house import House
from tests.web.conftest import Browser, served, words
from tests.web.test_referrals import SHARED, child

NAME = "Quibérac-Fratrie"
PATH = "/saisines/nouvelle"


def enter(house: House, name: str) -> Browser:
    """Somebody signs in through the form, with a fresh code."""
    house.clock.advance(timedelta(seconds=61))
    browser, kept = Browser(served(house.instance).test_client()), house.people[name]
    assert browser.sign_in(name, passphrase=kept.passphrase, code=kept.code(house.clock.now())).status_code == 303
    return browser


@pytest.fixture
def siblings(house: House) -> tuple[Browser, str, str]:
    """Hugo, and the numbers of the two children he brought to the cell."""
    hugo = enter(house, "hugo")
    hugo.get(PATH)
    two = {**child(0, last_name=NAME, contact="06 39 98 12 34"), **child(1, last_name=NAME, first_name="Zélie", sex="f")}
    answer = hugo.submit(PATH, **{**SHARED, **two})
    assert answer.status_code == 201, words(answer)
    assert NAME not in answer.text
    first, second = re.findall(r'class="number big">(\d{4}-\d{4})', answer.text)
    return hugo, first, second


def test_a_saisine_from_end_to_end(house: House, siblings: tuple[Browser, str, str]) -> None:
    """Sent, re-read, completed, examined; and its sender learns the state and no more."""
    hugo, first, second = siblings
    assert NAME in words(hugo.get(f"/dossiers/{first}"))
    hugo.get(f"/saisines/{first}")
    assert hugo.submit(f"/saisines/{first}/complement", body="La mère a rappelé.").status_code == 303
    assert "Le complément est déposé" in words(hugo.get(f"/saisines/{first}"))
    stella = enter(house, "stella")
    assert second in words(stella.get("/saisines"))
    page = stella.get(f"/saisines/{first}/examen")
    for said in ("La mère a rappelé.", "06 39 98 12 34", f"Zélie {NAME}", "encore 15 jours", "même date de naissance"):
        assert said in words(page).replace("\u00a0", " "), said
    answer = stella.submit(f"/saisines/{first}/examen", outcome="retained", lead="alice", next_date="2026-09-01")
    assert answer.location == f"/dossiers/{first}"
    stella.get(f"/saisines/{second}/examen")
    assert stella.submit(f"/saisines/{second}/examen", outcome="not_retained").status_code == 303
    text = words(hugo.get(f"/saisines/{first}"))
    assert f"{first} orientée" in text
    assert f"{second} close" in text
    assert "non retenue" not in text
    assert hugo.get(f"/dossiers/{first}").status_code == 404
    assert 'name="body"' not in hugo.get(f"/saisines/{second}").text


def test_an_examination_says_what_is_missing_and_keeps_what_was_chosen(house: House, siblings: tuple[Browser, str, str]) -> None:
    """One round, beside the fields of the chosen outcome."""
    stella, number = enter(house, "stella"), siblings[1]
    path = f"/saisines/{number}/examen"
    stella.get(path)
    answer = stella.submit(path, outcome="retained", lead="alice", next_date="bientôt")
    assert answer.status_code == 422
    assert 'selected value="alice"' in answer.text
    assert "Cette date ne se lit pas" in words(answer)
    assert answer.text.count('id="next_date-error"') == 1
    assert stella.submit(path).status_code == 422
    assert stella.submit(path, outcome="duplicate", duplicate_of="2026-9999").status_code == 422


def test_forbidden_and_unknown_are_the_same_page(house: House, siblings: tuple[Browser, str, str]) -> None:
    """For everybody who neither sent nor examines."""
    bob = enter(house, "bob")
    for path in ("/saisines/{}", "/saisines/{}/examen", "/dossiers/{}/reference"):
        pages = [bob.get(path.format(number)) for number in (siblings[1], "2026-9999")]
        assert [page.status_code for page in pages] == [404, 404]
        assert words(pages[0]) == words(pages[1])


def test_another_lead_is_named(house: House) -> None:
    """And both are named in the right place."""
    number, stella = house.follow("Quibérac-Relève"), enter(house, "stella")
    path = f"/dossiers/{number}/reference"
    assert "Aujourd’hui : Alice." in words(stella.get(path))
    assert stella.submit(path).status_code == 422
    assert stella.submit(path, lead="elsa").status_code == 422
    assert stella.submit(path, lead="bob").location == f"/dossiers/{number}"
    assert services.dossiers.open(house.bob, number).lead == "Bob"
