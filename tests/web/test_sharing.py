"""Sharing and withdrawing through the screens, on the real services: two steps, errors in place, nothing typed lost."""

import re
from html import unescape

import pytest

from casework import services
from tests.house import House
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

UNTIL = "2026-09-01"


def page(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return words(answer)


@pytest.fixture
def number(house: House, request: pytest.FixtureRequest) -> str:
    """A dossier that Alice leads."""
    return house.follow(f"Quibérac-{len(request.node.name)}")


def test_share_in_two_steps_then_end(house: House, number: str) -> None:
    """Chosen, read again, shared; Bob opens it; ended, he does not."""
    alice, bob = enter(house, "alice"), enter(house, "bob")
    form = f"/dossiers/{number}/partage"
    shown = page(alice, form)
    assert "peut recevoir : Identité" in shown
    typed = {**(alice.hidden or {}), "to": "bob", "kinds": ["identity", "decisions"], "until": UNTIL}
    seen = alice.post(form, typed)
    assert seen.status_code == 200
    assert "Ce que Bob lira jusqu’au 1er septembre 2026" in words(seen)
    assert bob.get(f"/dossiers/{number}").status_code == 404
    assert alice.post(f"{form}/confirmation", typed).status_code == 303
    assert "Le partage est fait." in page(alice, form)
    assert bob.get(f"/dossiers/{number}").status_code == 200
    share = services.shares.prepare(house.alice, number).given[0].id
    assert alice.post(f"{form}/fin", {"partage": share}).status_code == 303
    assert bob.get(f"/dossiers/{number}").status_code == 404
    assert alice.post(f"{form}/fin", {"partage": share}).status_code == 404


def test_errors_stand_beside_their_field_and_the_choice_is_kept(house: House, number: str) -> None:
    """Nothing chosen; a volet the charter keeps from Paula; a date after her habilitation; and back with « Modifier »."""
    alice = enter(house, "alice")
    form = f"/dossiers/{number}/partage"
    page(alice, form)
    hidden = dict(alice.hidden or {})
    empty = alice.post(form, {**hidden, "until": "demain"})
    assert empty.status_code == 422
    for field in ("to", "kinds", "until"):
        assert f'id="{field}-error"' in empty.text
    typed = {**hidden, "to": "paula", "kinds": ["identity", "confidential"], "until": UNTIL}
    for address in (form, f"{form}/confirmation"):
        refused = alice.post(address, typed)
        assert refused.status_code == 422
        assert "La charte ne permet pas à cette personne" in words(refused)
        assert re.search(r'value="paula" required checked', refused.text)
        assert re.search(r'value="confidential" checked', refused.text)
    late = alice.post(form, {**typed, "kinds": ["identity"], "until": "2030-01-01"})
    assert (late.status_code, "prend fin le" in words(late)) == (422, True)
    again = alice.post(form, {**typed, "modifier": "oui"})
    assert again.status_code == 200
    assert 'value="paula" required checked' in again.text


def test_an_extract_is_given_read_and_ended(house: House, number: str) -> None:
    """Paula's page holds the number and what was chosen; the list shows the number without a name."""
    house.note(house.alice, number, "Passage attendu mardi.", compartment="confidential")
    house.note(house.alice, number, "Rien pour elle.", compartment="confidential")
    alice, paula = enter(house, "alice"), enter(house, "paula")
    form = f"/dossiers/{number}/partie"
    answer = alice.get(form)
    piece = next(each.id for each in services.extracts.prepare(house.alice, number).pieces if each.text == "Passage attendu mardi.")
    assert piece in answer.text
    typed = {**(alice.hidden or {}), "to": "paula", "pieces": [piece], "intro": "Pour mardi.", "until": UNTIL}
    seen = alice.post(form, typed)
    assert "Pour mardi." in words(seen)
    assert "Rien pour elle." not in words(seen)
    assert alice.post(f"{form}/confirmation", typed).status_code == 303
    shown = unescape(paula.get(f"/dossiers/{number}").text)
    assert "Passage attendu mardi." in shown
    assert "Adressée par Alice" in shown
    for hidden in ("Quibérac", "Rien pour elle.", "Stella", "Référent", "Prochaine date", "Saisine reçue"):
        assert hidden not in shown, hidden
    listed = words(paula.get("/dossiers"))
    assert number in listed
    assert "Quibérac" not in listed
    assert "Adressée à Paula" in words(alice.get(f"/dossiers/{number}"))
    long = alice.post(form, {**typed, "intro": "x" * 301})
    assert (long.status_code, 'id="intro-error"' in long.text, "x" * 301 in long.text) == (422, True, True)
    share = services.shares.prepare(house.alice, number).extracts[0].id
    assert alice.post(f"{form}/fin", {"partage": share}).status_code == 303
    assert paula.get(f"/dossiers/{number}").status_code == 404


def test_withdrawing_closes_the_page_and_says_so(house: House, number: str) -> None:
    """What follows is said on the dossier itself, and one button there does it; the control is a keeper, who has a page for it."""
    services.shares.give(house.alice, number, ["identity"], "bob", until=None)
    bob = enter(house, "bob")
    link = f"/dossiers/{number}/lien-personnel"
    said = page(bob, f"/dossiers/{number}")
    assert f'<form method="post" action="{link}"' in bob.get(f"/dossiers/{number}").text
    assert "vous n’avez rien à expliquer" in said
    assert "Vous ne pourrez pas revenir en arrière" in said
    stella = enter(house, "stella")
    assert f'href="{link}"' in stella.get(f"/dossiers/{number}").text, "control"
    assert "Vous ne pourrez pas revenir en arrière" not in page(stella, f"/dossiers/{number}")
    assert "Pour un membre de la cellule" not in page(bob, link)
    assert bob.post(link).status_code == 303
    assert "Vous vous êtes retiré·e" in words(bob.get("/dossiers"))
    assert bob.get(f"/dossiers/{number}").status_code == 404
    assert bob.get(link).status_code == 404


def test_a_steward_declares_for_a_member_and_turns_the_keys(house: House, number: str) -> None:
    """Errors in place first."""
    services.shares.give(house.alice, number, ["identity"], "bob", until=None)
    stella = enter(house, "stella")
    link = f"/dossiers/{number}/lien-personnel"
    page(stella, link)
    empty = stella.post(f"{link}/membre", {})
    assert (empty.status_code, 'id="username-error"' in empty.text, 'id="sure-error"' in empty.text) == (422, True, True)
    assert stella.post(f"{link}/membre", {"username": "bob", "sure": "y"}).status_code == 303
    assert "fermé à ce membre" in page(stella, f"/dossiers/{number}")
    assert enter(house, "bob").get(f"/dossiers/{number}").status_code == 404
    assert stella.post("/liens-personnels/cles").status_code == 303
