"""The record's screens on the real services: fields, problems in place, two people at once, history."""

import re
from datetime import date
from urllib.parse import quote_from_bytes, urlencode

import pytest

from casework import services
from casework.services.record import records
from tests.house import House
from tests.services.record.test_records import typed
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

NAME = "Quibérac-Fiche"


@pytest.fixture
def number(house: House) -> str:
    """A dossier that Alice leads."""
    return house.follow(NAME)


def values(browser: Browser, page: str) -> dict[str, str]:
    """The controls of a page's form as a browser would send them untouched."""
    found = {name: value for name, value in (browser.hidden or {}).items() if name.startswith("r")}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="(r\d-\w+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and 'type="hidden"' not in tag and 'type="checkbox"' not in tag and 'type="radio"' not in tag:
            found[name.group(1)] = value.group(1) if value else ""
    for name, body in re.findall(r'<select[^>]*name="(r\d-\w+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        found[name] = chosen.group(1) if chosen else ""
    return found


def opened(house: House, who: str, number: str, kind: str = "identity") -> tuple[Browser, str, dict[str, str]]:
    """Somebody at a form, and what stands in it."""
    browser, path = enter(house, who), f"/dossiers/{number}/fiche/{kind}"
    return browser, path, values(browser, browser.get(path).text)


def commune(house: House, number: str) -> str:
    return records.compose(house.stella, number, "identity").rows[0].texts["commune"]


def test_from_the_dossier_to_the_form_and_back(house: House, number: str) -> None:
    alice, path, sent = opened(house, "alice", number)
    assert f'href="{path}"' in alice.get(f"/dossiers/{number}").text
    assert sent["r0-last_name"] == NAME
    assert sent["r0-birth_date"] == "2012-04-05"
    assert alice.post(path, {**sent, "r0-commune": "Pont-l’Orle"}).location == f"/dossiers/{number}"
    page = words(alice.get(f"/dossiers/{number}"))
    assert "La fiche est à jour." in page
    assert "Pont-l’Orle" in page
    past = words(alice.get(f"/dossiers/{number}/historique/identity"))
    assert "avant Valmorel-sur-Orle" in past
    assert "après Pont-l’Orle" in past
    assert "Alice" in past


def test_the_second_to_save_sees_both_texts_and_retypes_nothing(house: House, number: str) -> None:
    stella, path, sent = opened(house, "stella", number)
    records.write(house.alice, number, "identity", [typed(house, "alice", number, commune="Pont-l’Orle", first_name="Théo")])
    answer = stella.post(path, {**sent, "r0-commune": "Saint-Aubin"})
    assert answer.status_code == 409
    page = words(answer)
    for text in ("Valmorel-sur-Orle", "Pont-l’Orle", "Saint-Aubin", "Alice l’a enregistrée", "sa modification est reprise"):
        assert text in page
    assert commune(house, number) == "Pont-l’Orle"
    again = values(stella, answer.text)
    assert (again["r0-commune"], again["r0-first_name"], again["r0-version"]) == ("Saint-Aubin", "Théo", "2")
    assert stella.post(path, again).status_code == 303
    assert commune(house, number) == "Saint-Aubin"


def test_or_takes_the_other_text_with_one_click(house: House, number: str) -> None:
    stella, path, sent = opened(house, "stella", number)
    records.write(house.alice, number, "identity", [typed(house, "alice", number, commune="Pont-l’Orle")])
    page = stella.post(path, {**sent, "r0-commune": "Saint-Aubin"}).text
    again = {**values(stella, page), **(stella.hidden or {})}
    assert stella.post(path, {**again, "r0-commune-choice": "theirs"}).status_code == 303
    assert commune(house, number) == "Pont-l’Orle"


def test_every_problem_stands_at_its_field_and_the_text_is_kept(house: House, number: str) -> None:
    alice, path, sent = opened(house, "alice", number)
    long = "x" * 81
    answer = alice.post(path, {**sent, "r0-last_name": long, "r0-birth_date": "31/02/2012", "r0-commune": "", "r0-sex": "z"})
    assert answer.status_code == 422
    for field in ("last_name", "birth_date", "commune", "sex"):
        assert f'id="r0-{field}-error"' in answer.text
    assert long in answer.text
    assert "31/02/2012" in answer.text
    assert "4 points à corriger" in words(answer)


@pytest.mark.parametrize("bad", [b"Val\xff\xfemorel", "Val\u202emorel".encode(), b"Val\x07morel"])
def test_hostile_bytes_are_refused_in_place(house: House, number: str, bad: bytes) -> None:
    alice, path, sent = opened(house, "alice", number)
    sent.pop("r0-commune")
    body = urlencode({**sent, "csrf_token": alice.token}).encode() + b"&r0-commune=" + quote_from_bytes(bad).encode()
    answer = alice.client.post(path, data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert 'id="r0-commune-error"' in answer.text
    assert commune(house, number) == "Valmorel-sur-Orle"


def test_control_what_only_looks_like_bytes_is_what_was_typed(house: House, number: str) -> None:
    """A percent sign is a sign like any other, and so is an accent."""
    alice, path, sent = opened(house, "alice", number)
    assert alice.post(path, {**sent, "r0-commune": "Val%FF-l’Épée 100 %"}).status_code == 303
    assert commune(house, number) == "Val%FF-l’Épée 100 %"


def test_a_field_sent_twice_is_said_and_nothing_written(house: House, number: str) -> None:
    alice, path, sent = opened(house, "alice", number)
    answer = alice.post(path, {**sent, "r0-commune": ["Ici", "Là"]})
    assert answer.status_code == 422
    assert "deux fois" in words(answer)
    assert commune(house, number) == "Valmorel-sur-Orle"


def test_contact_points_by_the_form(house: House, number: str) -> None:
    """Add, add another, take one away."""
    alice, path, sent = opened(house, "alice", number, "contact")
    assert alice.post(path, {**sent, "r0-label": "phone", "r0-value": "06 39 98 55 66", "encore": "1"}).location == path
    again = values(alice, alice.get(path).text)
    assert again["r0-value"] == "06 39 98 55 66"
    assert alice.post(path, {**again, "r1-label": "email", "r1-value": "mere@exemple.test"}).status_code == 303
    page = words(alice.get(f"/dossiers/{number}"))
    assert "06 39 98 55 66" in page
    assert "mere@exemple.test" in page
    last = values(alice, alice.get(path).text)
    gone = next(name[:2] for name, value in last.items() if value == "06 39 98 55 66")
    assert alice.post(path, {**last, f"{gone}-remove": "1"}).status_code == 303
    assert "06 39 98 55 66" not in words(alice.get(f"/dossiers/{number}"))
    assert "06 39 98 55 66" in words(alice.get(f"/dossiers/{number}/historique/contact"))


def test_next_date_and_closing(house: House, number: str) -> None:
    """Two dates at once: the second is told and keeps what was typed; the end asks for a reason of the programme."""
    stella, path = enter(house, "stella"), f"/dossiers/{number}/fiche"
    page = stella.get(path)
    assert 'name="seen" value="2026-09-01"' in page.text
    services.lifecycle.plan(house.alice, number, date(2026, 10, 2))
    answer = stella.post(f"/dossiers/{number}/echeance", {"next_date": "2026-11-03", "seen": "2026-09-01"})
    assert answer.status_code == 409
    assert "2 octobre 2026" in words(answer).replace("\xa0", " ")
    assert 'value="2026-11-03"' in answer.text
    assert stella.post(f"/dossiers/{number}/echeance", {"next_date": "2026-11-03", "seen": "2026-10-02"}).status_code == 303
    assert stella.post(f"/dossiers/{number}/echeance", {"next_date": "hier"}).status_code == 422
    for far in ("2020-11-03", "2126-11-03"):
        answer = stella.post(f"/dossiers/{number}/echeance", {"next_date": far, "seen": "2026-11-03"})
        assert (answer.status_code, "une date à venir, dans l’année" in words(answer), far in answer.text) == (422, True, True)
    assert stella.post(f"/dossiers/{number}/cloture", {"reason": "rumour"}).status_code == 422
    assert stella.post(f"/dossiers/{number}/cloture", {}).status_code == 422
    assert stella.post(f"/dossiers/{number}/cloture", {"reason": "achieved"}).status_code == 303
    assert "clôturée" in words(stella.get(f"/dossiers/{number}"))


@pytest.mark.parametrize("who", ["charlie", "ada", "hugo"])
def test_strangers_find_no_page(house: House, number: str, who: str) -> None:
    browser = enter(house, who)
    browser.get("/brouillons")
    for path in ("fiche", "fiche/identity", "fiche/forged", "historique", "historique/identity"):
        assert browser.get(f"/dossiers/{number}/{path}").status_code == 404
    browser.get("/brouillons")
    assert browser.post(f"/dossiers/{number}/fiche/identity", {"r0-id": ""}).status_code == 404
    assert browser.post(f"/dossiers/{number}/cloture", {"reason": "achieved"}).status_code == 404
