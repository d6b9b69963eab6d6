"""Two people at one record, and a text that outlives its session: by real browsers, on a house whose clock the test holds."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.house import House
from tests.journeys.conftest import NewContext
from tests.journeys.test_one_code_at_once import served
from tests.journeys.town import Town
from tests.journeys.visitor import Accessible, Visitor, Wire

NAME = "Quibérac-Deux-Mains"
BODY = "Reçue avec sa mère à la permanence, quai Neuf."
Enter = Callable[..., Visitor]


@pytest.fixture
def number(fresh_house: House) -> str:
    """A dossier that Alice leads and Stella keeps."""
    return fresh_house.follow(NAME)


@pytest.fixture
def enter(fresh_house: House, new_context: NewContext, wire: Wire, accessible: Accessible) -> Iterator[Enter]:
    """`enter("alice", width=360)`: her own browser, signed in through the form."""
    with served(fresh_house) as url:
        town = Town(url, fresh_house.instance.config.instance, [])

        def come(name: str, **given: object) -> Visitor:
            page = new_context(**given).new_page()
            page.goto(f"{url}/connexion")
            pass_the_door(fresh_house, page, name)
            return Visitor(page, town, wire, accessible)

        yield come


def pass_the_door(house: House, page: Page, name: str) -> None:
    """Sign in with a fresh code."""
    house.clock.advance(timedelta(seconds=61))
    page.get_by_label("Identifiant").fill(name)
    page.get_by_label("Phrase de passe").fill(house.people[name].passphrase)
    page.get_by_label("Code à usage unique").fill(house.people[name].code(house.clock.now()))
    page.get_by_label("Code à usage unique").press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != "/connexion")


def save(visitor: Visitor) -> None:
    """Press the button and look at what comes."""
    visitor.presses(visitor.page.get_by_role("button", name=re.compile("^Enregistrer( la note)?$")))


@pytest.mark.parametrize("width", [1280, 360])
def test_the_second_of_two_sees_both_texts_and_retypes_nothing(enter: Enter, number: str, width: int) -> None:
    """Both open the identity; Alice saves; Stella is shown three texts, and saves hers with one click."""
    alice, stella = enter("alice"), enter("stella", width=width)
    for visitor in (alice, stella):
        visitor.goes_to(f"/dossiers/{number}")
        visitor.follows(re.compile("Modifier.*Identité"))
    alice.page.get_by_label("Commune de résidence").fill("Pont-l’Orle")
    alice.page.get_by_label("Prénom").fill("Théo")
    save(alice)
    stella.page.get_by_label("Commune de résidence").fill("Saint-Aubin")
    save(stella)
    for text in ("Rien n’est encore enregistré", "Alice l’a enregistrée", "Valmorel-sur-Orle", "Pont-l’Orle", "Saint-Aubin"):
        assert text in stella.text
    assert stella.page.get_by_label("Commune de résidence").input_value() == "Saint-Aubin"
    assert stella.page.get_by_label("Prénom").input_value() == "Théo"
    save(stella)
    assert "La fiche est à jour." in stella.text
    assert "Saint-Aubin" in stella.text
    stella.follows(re.compile("Historique.*Identité"))
    for text in ("Pont-l’Orle", "Saint-Aubin", "Alice", "Stella"):
        assert text in stella.text


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_note_outlives_its_session(enter: Enter, fresh_house: House, number: str, javascript: bool) -> None:
    """Typed, the session ends, sent too late; after signing in the form is there with the text, and it is saved once."""
    alice = enter("alice", javascript=javascript)
    alice.page.goto(f"{alice.town.url}/dossiers/{number}/notes/nouvelle")  # the rules are a script: pages without one are looked at below
    alice.page.get_by_label("Note", exact=True).fill(BODY)
    alice.page.get_by_role("radio", name=re.compile("Partagé avec la cellule")).check()
    fresh_house.clock.advance(timedelta(minutes=31))
    with alice.page.expect_navigation(url=re.compile("/connexion$")):
        alice.page.get_by_role("button", name="Enregistrer la note").click()
    assert "est gardé : reconnectez-vous" in alice.page.locator("main").inner_text()
    pass_the_door(fresh_house, alice.page, "alice")
    assert alice.path == f"/dossiers/{number}/notes/nouvelle"
    assert alice.page.get_by_label("Note", exact=True).input_value() == BODY
    assert alice.page.get_by_role("radio", name=re.compile("Partagé avec la cellule")).is_checked()
    assert "Brouillon de" in alice.page.locator("main").inner_text()
    if javascript:
        alice.looks()
    save_note(alice)
    assert alice.page.locator(".timeline > li").filter(has_text=BODY).count() == 1
    alice.page.goto(f"{alice.town.url}/dossiers/{number}/notes/nouvelle")
    assert alice.page.get_by_label("Note", exact=True).input_value() == ""


def save_note(visitor: Visitor) -> None:
    """Back at the dossier."""
    with visitor.page.expect_navigation(url=re.compile(r"/dossiers/\d{4}-\d{4}(#|$)")):
        visitor.page.get_by_role("button", name="Enregistrer la note").click()


def test_the_script_keeps_what_is_typed(enter: Enter, fresh_house: House, number: str) -> None:
    """It says so; another page later the text is back; after the session's end it still keeps, and says where to go."""
    alice = enter("alice")
    alice.goes_to(f"/dossiers/{number}/notes/nouvelle")
    alice.page.get_by_label("Note", exact=True).fill(BODY)
    alice.page.get_by_text("Brouillon gardé à").wait_for(timeout=30_000)
    alice.goes_to("/brouillons")
    alice.follows(re.compile("Note, dossier"))
    assert alice.page.get_by_label("Note", exact=True).input_value() == BODY
    fresh_house.clock.advance(timedelta(minutes=31))
    alice.page.get_by_label("Note", exact=True).fill(f"{BODY} Puis seule.")
    alice.page.get_by_text("Votre session est terminée. Votre texte est gardé").wait_for(timeout=30_000)
    alice.page.locator("[data-draft-door]").click()
    pass_the_door(fresh_house, alice.page, "alice")
    assert alice.page.get_by_label("Note", exact=True).input_value() == f"{BODY} Puis seule."
    alice.presses(alice.page.get_by_role("button", name="Effacer le brouillon"))
    assert alice.page.get_by_label("Note", exact=True).input_value() == ""


@pytest.mark.parametrize("width", [1280, 360])
def test_the_record_by_its_forms(enter: Enter, number: str, width: int) -> None:
    """Coordinates added and taken away, school set, next date fixed; problems stand in place."""
    alice = enter("alice", width=width)
    alice.goes_to(f"/dossiers/{number}")
    alice.follows("Modifier la fiche")
    alice.follows("Coordonnées")
    alice.page.get_by_label("Nature").select_option(label="Téléphone")
    save(alice)
    assert "Remplissez ce champ." in alice.text
    alice.page.get_by_label("Coordonnée", exact=True).fill("06 39 98 55 66 (mère)")
    save(alice)
    assert "06 39 98 55 66 (mère)" in alice.text
    alice.follows(re.compile("Modifier.*Coordonnées"))
    alice.page.get_by_label(re.compile("Retirer cette ligne")).check()
    save(alice)
    assert "06 39 98 55 66" not in alice.text
    alice.follows(re.compile("Historique.*Coordonnées"))
    assert "Ligne retirée" in alice.text
    alice.goes_to(f"/dossiers/{number}/fiche")
    alice.page.locator("#next_date").fill("2026-10-12")
    alice.presses(alice.page.get_by_role("button", name="Fixer la date"))
    assert "La prochaine date est fixée." in alice.text
