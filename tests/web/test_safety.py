"""Safety through the screens, on the real services: the first line, reaching, a consigne answered alike, a child in danger."""

import re
from datetime import timedelta

import pytest

from casework import services
from casework.services.safety.addressing import ConsigneDraft
from tests.house import House
from tests.services.safety.place import NUMBER, SAFE, Place, founded
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

WHY = "Elle a rappelé du travail et demande qu’on l’appelle ce soir."


@pytest.fixture(scope="module")
def place(house: House) -> Place:
    """One for the tests of this module."""
    return founded(house)


def test_the_first_line_is_the_first_thing_under_the_heading(place: Place) -> None:
    place.safe()
    place.to(place.monday(10, 40))
    text = words(enter(place.house, "viola").get(f"/dossiers/{place.number}")).replace("\N{NO-BREAK SPACE}", " ")
    line = text[text.index("Appeler maintenant") :]
    assert re.match(r"Appeler maintenant : OUI jusqu’à 11.h.30", line)
    assert line.index(NUMBER) < line.index(SAFE["code_word"]) < line.index("Référent·e de parcours")
    assert "Calculé à 10 h 4" in line.replace("\N{NO-BREAK SPACE}", " ")
    other = words(enter(place.house, "alice").get(f"/dossiers/{place.number}")).replace("\N{NO-BREAK SPACE}", " ")
    assert "Appeler maintenant : NON" in other
    assert "Passez par Association Rive d’Orle." in other
    assert NUMBER not in other


def test_hours_are_ticked_and_typed_and_what_is_wrong_comes_back(place: Place) -> None:
    viola, path = enter(place.house, "viola"), f"/dossiers/{place.number}/fiche/safety"
    viola.get(path)
    hidden = dict(viola.hidden or {})
    typed = {
        **hidden,
        "r0-channel": "call",
        "r0-value": NUMBER,
        "r0-limits": ["no_message", "interpreter"],
        "r0-hours-0-days": ["mon", "fri"],
    }
    wrong = viola.post(path, {**typed, "r0-hours-0-start": "14:00", "r0-hours-0-end": ""})
    assert wrong.status_code == 422
    assert "indiquez les deux heures" in words(wrong)
    assert 'value="14:00"' in wrong.text
    assert wrong.text.count(" checked") >= 4
    kept = viola.post(path, {**typed, "r0-hours-0-start": "14:00", "r0-hours-0-end": "16:30"})
    assert kept.status_code == 303
    text = words(viola.get(f"/dossiers/{place.number}"))
    assert "lundi, vendredi de 14 h à 16 h 30" in text
    assert "Ne pas laisser de message, Avec interprète" in text


def test_planning_says_the_rule_keeps_what_was_typed_and_takes_a_reason(place: Place) -> None:
    place.safe()
    viola, path = enter(place.house, "viola"), f"/dossiers/{place.number}/joindre"
    evening = (place.house.clock.now() + timedelta(days=2)).date().isoformat()
    typed = {"channel": "call", "purpose": "news", "recipient": "person", "day": evening, "hour": "20:00"}
    viola.get(path)
    refused = viola.post(path, typed)
    assert refused.status_code == 422
    assert "en dehors des heures sûres" in words(refused)
    assert f'value="{evening}"' in refused.text
    assert viola.post(path, {**typed, "override": "person_asked", "text": WHY}).status_code == 303
    assert WHY not in viola.get(path).text
    dora = enter(place.house, "dora")
    listed = dora.get("/acces-urgents/precautions")
    (address,) = set(re.findall(r'href="(/acces-urgents/precautions/[^"]+)"', listed.text))
    assert WHY not in listed.text
    assert WHY in words(dora.get(address))
    assert place.number in words(viola.get("/jour"))


def test_who_must_not_reach_the_person_gets_one_sentence(place: Place) -> None:
    alice, path = enter(place.house, "alice"), f"/dossiers/{place.number}/joindre"
    for answer in (alice.get(path), alice.post(path, {"channel": "letter", "purpose": "news", "day": "2026-12-01", "hour": "10:00"})):
        assert answer.status_code == 404
        assert "Un référent vous contactera" in words(answer)
    assert "Joindre la personne" not in words(alice.get(f"/dossiers/{place.number}"))


def test_a_letter_is_a_pdf_with_a_name_that_says_nothing(place: Place) -> None:
    place.safe(limits="")
    viola, path = enter(place.house, "viola"), f"/dossiers/{place.number}/joindre"
    viola.get(path)
    day = (place.house.clock.now() + timedelta(days=1)).date().isoformat()
    viola.post(path, {"channel": "letter", "purpose": "appointment", "day": day, "hour": "10:00"})
    (address,) = set(re.findall(r'href="([^"]+courrier\.pdf)"', viola.get(path).text))
    answer = viola.get(address)
    assert answer.data.startswith(b"%PDF")
    assert re.fullmatch(r'attachment; filename="courrier-[0-9-]+\.pdf"', answer.headers["Content-Disposition"])
    assert "no-store" in answer.headers["Cache-Control"]


def asked(browser: Browser, number: str) -> tuple[int, str | None, str]:
    """What somebody sees who sets a consigne."""
    browser.get("/consigne")
    answer = browser.post("/consigne", {"number": number, "through": "Mme Fictive, 06 39 98 55 02"})
    return answer.status_code, answer.location, re.sub(r'(nonce|value)="[^"]*"', "", browser.get("/consigne").text)


def test_a_consigne_is_answered_alike_for_every_number(place: Place) -> None:
    viola = enter(place.house, "viola")
    answers = [asked(viola, number) for number in (place.child, "2026-9876", place.number)]
    assert answers[0] == answers[1] == answers[2]
    assert "Consigne enregistrée si ce dossier existe. Un référent vous contactera." in answers[0][2]
    text = words(enter(place.house, "alice").get(f"/dossiers/{place.child}"))
    assert "passez par Mme Fictive" in text, "control: it was set where the file exists"
    services.addressing.set(place.house.viola, ConsigneDraft(place.child, "Autre"))


def test_a_child_in_danger_is_shown_to_whom_to_turn_and_recorded(place: Place) -> None:
    alice = enter(place.house, "alice")
    page = words(alice.get("/enfant-en-danger"))
    for word in ("la CRIP", "le procureur", "17", "112", "114", "119", "La cellule n’est jamais un filtre", "n’est pas un canal d’urgence"):
        assert word in page
    path = f"/dossiers/{place.child}/enfant-en-danger"
    alice.get(path)
    day = place.house.clock.now().date().isoformat()
    assert alice.submit(path, to="crip", day=day, receipt="AR 2026-118").status_code == 303
    assert "Référence du récépissé : AR 2026-118." in words(alice.get(f"/dossiers/{place.child}"))
