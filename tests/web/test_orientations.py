"""Orientations through the screens, on the real services: chosen, read again, sent; received, answered, ended; and the person who stops."""

import re
from datetime import timedelta

import pytest

from casework import services
from casework.services.orientation.views import OrientationQuery
from tests.house import House
from tests.services.orientation.oriented import CHOSEN, INTRO, KEPT, SERVICE, Town, followed, sent, town
from tests.web.conftest import Browser, words
from tests.web.test_real import enter


@pytest.fixture
def place(house: House) -> Town:
    return town(house)


@pytest.fixture
def number(place: Town, request: pytest.FixtureRequest) -> str:
    """A dossier that Alice leads."""
    return followed(place.house, f"Vauquoir-{len(request.node.name)}")


def page(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def typed(place: Town, number: str, hidden: dict[str, str], **given: object) -> dict[str, object]:
    offer = services.offering.prepare(place.house.alice, number, OrientationQuery("housing"))
    pieces = [each.id for each in offer.pieces if each.text == CHOSEN]
    return {**hidden, "need": "housing", "to": place.to, "agreement": "given", "intro": INTRO, "pieces": pieces, **given}


def test_sent_in_two_steps_and_received_elsewhere(place: Town, number: str) -> None:
    house = place.house
    alice, charlie = enter(house, "alice"), enter(house, "charlie")
    form = f"/dossiers/{number}/orientation"
    assert SERVICE in page(alice, form)
    filled = typed(place, number, dict(alice.hidden or {}))
    seen = alice.post(form, filled)
    assert seen.status_code == 200
    assert "Ce que le service lira, mot pour mot" in words(seen)
    assert CHOSEN in words(seen)
    answer = alice.post(f"{form}/envoi", filled)
    assert answer.status_code == 303
    own = answer.headers["Location"]
    assert "L’orientation est envoyée." in page(alice, own)
    assert SERVICE in page(alice, f"/dossiers/{number}")
    assert number in page(charlie, "/orientations")
    theirs = own.replace("/orientations/", "/orientations/recues/")
    shown = page(charlie, theirs)
    assert CHOSEN in shown
    assert KEPT not in shown
    assert "Vauquoir" not in shown
    assert re.search(r"<title>\s*Orientation reçue", charlie.get(theirs).text)
    for shut in (f"/dossiers/{number}", f"/dossiers/{number}/historique", own, f"{form}", f"/dossiers/{number}/partage"):
        assert charlie.get(shut).status_code == 404, shut
    assert charlie.post(theirs, {"step": "accepted", "seen": "3"}).status_code == 303
    assert charlie.post(theirs, {"step": "accepted", "seen": "3"}).status_code == 409
    wrong = charlie.post(theirs, {"step": "appointment", "seen": "4"})
    assert (wrong.status_code, 'id="appointment-day-error"' in wrong.text) == (422, True)
    assert charlie.post(theirs, {"step": "appointment", "seen": "4", "day": "12/03/2026", "hour": "14:30"}).status_code == 303
    assert "Rendez-vous fixé" in page(alice, own)
    assert alice.post(own, {"step": "withdrawn", "seen": "5"}).status_code == 422
    assert alice.post(own, {"step": "withdrawn", "reason": "person", "seen": "5"}).status_code == 303
    assert charlie.get(theirs).status_code == 404
    listed = page(charlie, "/orientations")
    assert "Terminée" in listed
    assert "La personne ne le souhaite plus" not in listed


def test_errors_stand_at_their_field_and_what_was_typed_is_kept(place: Town, number: str) -> None:
    alice = enter(place.house, "alice")
    form = f"/dossiers/{number}/orientation"
    page(alice, form)
    hidden = dict(alice.hidden or {})
    empty = alice.post(form, {**hidden, "intro": INTRO})
    assert empty.status_code == 422
    for field in ("need", "agreement"):
        assert f'id="{field}-error"' in empty.text
    assert INTRO in empty.text
    refused = alice.post(f"{form}/envoi", typed(place, number, hidden, agreement="refused"))
    assert (refused.status_code, 'id="agreement-error"' in refused.text, INTRO in refused.text) == (422, True, True)
    both = alice.post(form, typed(place, number, hidden, person="person:sam"))
    assert (both.status_code, 'id="to-error"' in both.text) == (422, True)
    found = alice.post(form, typed(place, number, hidden, chercher="oui", words="logement"))
    assert (found.status_code, SERVICE in words(found)) == (200, True)
    back = alice.post(form, typed(place, number, hidden, modifier="oui"))
    assert (back.status_code, INTRO in back.text) == (200, True)
    proposed = alice.post(form, typed(place, number, hidden, proposer="oui"))
    assert proposed.status_code == 303
    assert "Préparer l’envoi" in page(alice, proposed.headers["Location"])


def test_the_person_stops_and_a_steward_reviews(place: Town, number: str) -> None:
    house = place.house
    alice, stella, charlie = (enter(house, each) for each in ("alice", "stella", "charlie"))
    referral = sent(place, number)
    assert page(charlie, f"/orientations/recues/{referral}")
    told = page(alice, f"/dossiers/{number}/arret")
    assert "une orientation en cours est retirée" in told
    assert "suit sa propre voie" in told
    assert charlie.get(f"/dossiers/{number}/arret").status_code == 404
    assert alice.post(f"/dossiers/{number}/arret", {}).status_code == 303
    assert charlie.get(f"/orientations/recues/{referral}").status_code == 404
    assert "Revue avant effacement" in page(stella, f"/dossiers/{number}/revue")
    assert stella.post(f"/dossiers/{number}/revue", {}).status_code == 422
    assert stella.post(f"/dossiers/{number}/revue", {"finding": "erase"}).status_code == 303
    assert "À effacer au terme" in page(stella, f"/dossiers/{number}/revue")
    assert alice.get(f"/dossiers/{number}/revue").status_code == 404


def test_agreed_later(place: Town, number: str) -> None:
    alice = enter(place.house, "alice")
    referral = sent(place, number, agreement="not_sought", unasked="danger")
    assert "Pas encore demandé" in page(alice, f"/orientations/{referral}")
    assert alice.post(f"/orientations/{referral}/accord", {}).status_code == 422
    place.house.clock.advance(timedelta(minutes=5))
    assert alice.post(f"/orientations/{referral}/accord", {"state": "given"}).status_code == 303
    assert "Donné, noté le" in page(alice, f"/orientations/{referral}")
