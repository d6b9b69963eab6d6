"""The page of a call and of an agreement, through the screens, on the real services and both engines."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.house import House
from tests.services.support.calls import CODE_WORD, NUMBER, ready, unsought
from tests.web.conftest import Browser, words
from tests.web.test_saisine import enter

PATH = "/saisir/appel"
NAME = "Quibérac-Téléphone"
TYPED: dict[str, Any] = {
    "origin": "national_police",
    "channel": "call",
    "value": NUMBER,
    "hours": "mardi 9h-11h30",
    "code_word": CODE_WORD,
    "limits": ["no_message"],
    "agreement": "given",
    "last_name": NAME,
    "first_name": "Hermeline",
    "commune": "Valmorel-sur-Orle",
    "sex": "f",
    "need-rights": "wanted",
    "need-housing": "oriented",
    "children": "2015",
    "measures-0-label": "no_contact",
    "measures-0-since": "01/02/2026",
}


@pytest.fixture
def town(house: House) -> House:
    """A house whose victims' cell takes calls."""
    return ready(house)


@pytest.fixture
def igor(town: House) -> Browser:
    """The ISCG before the page of a call."""
    browser = enter(town, "igor")
    browser.get(PATH)
    return browser


def test_a_call_from_end_to_end(igor: Browser) -> None:
    """Noted, re-read, followed; the receipt has a number and no word of the person, and no cookie holds it."""
    answer = igor.submit(PATH, **TYPED)
    assert answer.status_code == 201, words(answer)
    assert NAME not in answer.text
    assert "L’appel est noté." in words(answer)
    found = re.search(r'class="number big">(\d{4}-\d{4})', answer.text)
    assert found
    with igor.client.session_transaction() as cookie:
        assert not any(found[1] in str(value) for value in cookie.values())
    page = words(igor.get(f"/dossiers/{found[1]}")).replace("\u00a0", " ")
    for said in (NAME, NUMBER, CODE_WORD, "mardi de 9 h à 11 h 30", "Accès aux droits, Logement ou hébergement"):
        assert said in page, said


def test_a_refusal_says_that_nothing_is_kept(igor: Browser) -> None:
    """Before and after; an empty page is enough for it."""
    assert "Rien ne sera gardé de cette personne" in words(igor.get(PATH))
    answer = igor.submit(PATH, agreement="refused")
    assert answer.status_code == 201
    assert "Rien n’a été gardé." in words(answer)
    assert not re.search(r"\d{4}-\d{4}", words(answer))


def test_every_problem_is_told_at_once_and_what_was_typed_stays(igor: Browser) -> None:
    """In the order of the page; the details of measures are open when something is wrong there."""
    wrong = {
        **TYPED,
        "origin": "",
        "hours": "mardi matin",
        "children": "deux",
        "measures-0-label": "",
        "need-rights": "",
        "need-housing": "",
    }
    answer = igor.submit(PATH, **wrong)
    assert answer.status_code == 422
    places = ["origin", "hours", "need-rights-0", "children", "measures-0-label"]
    found = [answer.text.index(f'<a href="#{place}">') for place in places]
    assert found == sorted(found)
    for place in places:
        assert f'id="{place}"' in answer.text, place
    for kept in ('value="mardi matin"', f'value="{NAME}"', 'value="no_message" checked', 'value="given" required checked', 'value="deux"'):
        assert kept in answer.text, kept
    assert '<details class="more" open>' in answer.text
    assert "5 points à corriger" in words(answer)


def test_the_same_form_twice_is_one_call(igor: Browser) -> None:
    """A reload of the receipt."""
    form = {**(igor.hidden or {}), **TYPED, "last_name": "Quibérac-Deux"}
    numbers = {tuple(re.findall(r"\d{4}-\d{4}", words(igor.post(PATH, form)))[:1]) for _ in range(2)}
    assert len(numbers) == 1


def test_the_door_is_there_for_those_who_may_and_for_nobody_else(town: House) -> None:
    """A button on the day and in the navigation; a member of another cell finds neither page nor button."""
    igor, bob = enter(town, "igor"), enter(town, "bob")
    for path in ("/jour", "/saisines/envoyees"):
        assert f'href="{PATH}"' in igor.get(path).text
        assert f'href="{PATH}"' not in bob.get(path).text
    assert bob.get(PATH).status_code == 404
    assert "Ceci n’est pas un canal d’urgence" in words(igor.get(PATH))
    assert 'name="facts"' not in igor.get(PATH).text


def test_a_draft_is_taken_up_again(igor: Browser) -> None:
    """Needs included; it goes with what is sent."""
    igor.post("/brouillons", {**(igor.hidden or {}), **TYPED, "brouillon": "call", "lieu": ""})
    page = igor.get(PATH).text
    assert f'value="{NAME}"' in page
    assert 'id="need-housing-2" value="oriented" checked' in page
    assert igor.submit(PATH, **TYPED).status_code == 201
    assert NAME not in igor.get(PATH).text


def test_an_agreement_is_recorded_later(town: House) -> None:
    """The banner leads to it; a refusal takes a second tick, and then nothing is left to open."""
    number, other = (unsought(town, town.igor, last_name=name) for name in ("Quibérac-Oui", "Quibérac-Non"))
    vera = enter(town, "vera")
    assert "Accord de la personne à obtenir au plus tard le" in words(vera.get(f"/dossiers/{number}"))
    path = f"/dossiers/{number}/accord"
    assert f'href="{path}"' in vera.get(f"/dossiers/{number}").text
    vera.get(path)
    assert vera.submit(path).status_code == 422
    assert vera.submit(path, state="given").location == f"/dossiers/{number}"
    assert "Accord de la personne à obtenir" not in words(vera.get(f"/dossiers/{number}"))
    assert vera.get(path).status_code == 404
    path = f"/dossiers/{other}/accord"
    vera.get(path)
    asked = vera.submit(path, state="refused")
    assert asked.status_code == 422
    assert 'id="sure-error"' in asked.text
    assert vera.submit(path, state="refused", sure="y").status_code == 303
    assert "Le refus est consigné" in words(vera.get("/jour"))
    assert vera.get(f"/dossiers/{other}").status_code == 404


def test_forbidden_and_unknown_are_the_same_page(town: House) -> None:
    """For those who may not record it."""
    number = unsought(town, town.igor)
    town.clock.advance(timedelta(minutes=16))
    bob = enter(town, "bob")
    pages = [bob.get(f"/dossiers/{asked}/accord") for asked in (number, "2026-9999")]
    assert [page.status_code for page in pages] == [404, 404]
    assert words(pages[0]) == words(pages[1])


def test_the_other_form_leads_here_and_asks_nothing(town: House, igor: Browser) -> None:
    """Whoever is in a victims' cell alone finds a link on « Saisir la cellule »; a story posted there is of no cell; what a sender adds is
    no story. Control: the town's form has the field, its complement asks facts.
    """
    page = igor.get("/saisines/nouvelle")
    assert page.status_code == 200
    assert 'name="facts"' not in page.text
    assert f'href="{PATH}"' in page.text
    typed = {
        "cell": town.cells["appui"],
        "origin": "person",
        "motives": ["partner_violence"],
        "facts": "Il l’a frappée.",
        "submission": "7" * 32,
    }
    child = {"last_name": NAME, "first_name": "Hermeline", "birth_date": "05/04/1990", "commune": "Valmorel-sur-Orle", "sex": "f"}
    answer = igor.submit("/saisines/nouvelle", **typed, **{f"children-0-{name}": said for name, said in child.items()})
    assert answer.status_code == 404
    igor.get(PATH)
    number = re.search(r'class="number big">(\d{4}-\d{4})', igor.submit(PATH, **TYPED).text)
    assert number
    assert "jamais le récit des faits" in words(igor.get(f"/saisines/{number[1]}"))
    assert "Des faits, en" not in words(igor.get(f"/saisines/{number[1]}"))
    hugo = enter(town, "hugo")
    assert 'name="facts"' in hugo.get("/saisines/nouvelle").text
    assert "Des faits, en" in words(hugo.get(f"/saisines/{town.refer(town.hugo, 'Quibérac-Témoin')}"))
