"""A dossier is closed to somebody who read it: from then on it is a number that nobody has, wherever they look."""

import secrets

from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.room import button
from tests.journeys.visitor import Visitor, words

STEWARD, OTHER_SIDE = "marion.saulnaie", "laure.debrenne"
NAME = "Laure Debrenne"
NEUTRAL = "Un référent vous contactera."


def test_behind_a_wall_there_is_nothing(sign_in: SignIn) -> None:
    """Control first: she opens it by its number, finds the name and sees it in her list. The steward sees it after as before."""
    laure, marion = sign_in(username=OTHER_SIDE), sign_in(username=STEWARD)
    address, family = what_she_reads_and_does_not_lead(laure)
    assert sees(laure, address)
    assert address in finds(laure, family)
    walls_off(marion, address, NAME)
    nobody_s = f"/dossiers/2019-{secrets.randbelow(9000) + 1000}"
    assert not sees(laure, address)
    assert address not in finds(laure, family)
    assert laure.fetches(address) == (404, laure.fetches(nobody_s)[1])
    assert laure.goes_to(address).status == 404
    assert NEUTRAL in laure.text
    for place in ("/jour", "/saisines/envoyees", "/orientations", "/actions"):
        assert address.rpartition("/")[2] not in laure.fetches(place)[1], place
    assert family in marion.fetches(address)[1]


def what_she_reads_and_does_not_lead(who: Visitor) -> tuple[str, str]:
    """The address of a dossier of her list that somebody else leads, and the family name in it."""
    who.goes_to("/dossiers")
    row = who.page.locator("tbody tr").filter(has_not_text=NAME).filter(has_text="en cours").first
    link = row.locator("a.row-link")
    return link.get_attribute("href") or "", words(link.locator(".exact")).split()[-1]


def sees(who: Visitor, address: str) -> bool:
    """Whether it stands in the list."""
    return f'href="{address}"' in who.fetches("/dossiers")[1]


def finds(who: Visitor, family: str) -> list[str]:
    """The addresses found under a name."""
    who.goes_to("/dossiers")
    box = who.page.get_by_role("searchbox", name="Rechercher parmi mes dossiers")
    box.fill(family)
    box.press("Enter")
    expect(who.page.locator("h1")).to_have_text("Recherche")
    who.looks()
    return [link.get_attribute("href") or "" for link in who.page.locator("a.row-link").all()]


def walls_off(steward: Visitor, address: str, name: str) -> None:
    """By her exact name, for a reason of the list."""
    steward.goes_to(address)
    steward.follows("Fermer ce dossier à quelqu’un")
    steward.page.get_by_label("Nom exact, ou identifiant").fill(name)
    steward.page.get_by_label("Motif").select_option(index=1)
    steward.presses(button(steward, "Fermer ce dossier à cette personne"))
    assert name in steward.text
