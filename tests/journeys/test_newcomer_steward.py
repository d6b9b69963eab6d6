"""With no manual: a steward prepares a meeting, convenes it, runs it and closes it, by nothing but what is written on the screens."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from casework.services.terms import PARIS
from tests.house import House
from tests.journeys.newcomer import Newcomer
from tests.journeys.room import CODE
from tests.journeys.test_edit import Enter, enter  # noqa: F401  # the fixture: a house served, a browser for each name
from tests.journeys.visitor import Visitor

QUESTION = "Qui revoit la famille avant les vacances ?"


@pytest.mark.parametrize("width", [1280, 360])
def test_a_steward_prepares_and_runs_a_meeting(enter: Enter, fresh_house: House, width: int) -> None:  # noqa: F811  # pytest’s way
    """Two files, from the first page to the relevé; every page says what comes next."""
    numbers = [fresh_house.follow(name) for name in ("Quibérac-Sans-Notice", "Quibérac-Non-Plus")]
    stella = enter("stella", width=width)
    she = Newcomer(stella.page)
    prepares(stella, she, fresh_house)
    puts_on_the_agenda(stella, she, numbers)
    says_what_is_asked(stella, she)
    convenes(stella, she)
    opens(stella, she)
    for number in numbers:
        reviews(stella, she, number)
    closes(stella, she, numbers)
    assert she.pages <= 20
    assert she.seconds < 300, she.seconds


def prepares(stella: Visitor, she: Newcomer, house: House) -> None:
    """Day, hour and place."""
    stella.follows("Réunions", inside="header")
    she.presses("Préparer une réunion", link=True)
    soon = (house.clock.now() + timedelta(minutes=45)).astimezone(PARIS)
    she.types("Jour", f"{soon:%Y-%m-%d}")
    she.types("Heure", f"{soon:%H:%M}")
    she.types("Lieu", "Salle des mariages")
    she.presses("Continuer")
    stella.looks()


def puts_on_the_agenda(stella: Visitor, she: Newcomer, numbers: list[str]) -> None:
    """The page says to begin there, and where the others are."""
    assert "Pour commencer : l’ordre du jour" in stella.text
    she.presses("Choisir aussi parmi les autres situations en cours", link=True)
    for number in numbers:
        she.ticks(number)
    she.presses("Inscrire à l’ordre du jour")
    stella.looks()


def says_what_is_asked(stella: Visitor, she: Newcomer) -> None:
    """Whom each item concerns is proposed: a question is enough."""
    she.presses("Préparer les points", link=True)
    stella.looks()
    stella.page.get_by_label("Question posée").first.fill(QUESTION)
    she.presses("Enregistrer")


def convenes(stella: Visitor, she: Newcomer) -> None:
    """The people are proposed as well; the page says that it is time."""
    she.presses("Personnes à convoquer", link=True)
    stella.looks()
    she.presses("Enregistrer")
    assert "Il reste à convoquer." in stella.text
    she.presses("Convoquer")
    stella.looks()


def opens(stella: Visitor, she: Newcomer) -> None:
    """A code for the screen, who is there, and the room."""
    she.presses("Ouvrir la séance", link=True)
    she.types("Code de l’écran", CODE)
    she.types("Le même code, encore une fois", CODE)
    she.presses("Ouvrir la réunion")
    she.presses("Dire qui est là", link=True)
    she.presses("Noter présentes toutes les personnes attendues")
    stella.looks()
    she.presses("La séance", link=True)


def reviews(stella: Visitor, she: Newcomer, number: str) -> None:
    """The next file by its button, what is decided in a sentence, and back in the room."""
    main = stella.page.locator("main")
    main.get_by_role("button", name="Appeler le prochain point").or_(main.get_by_role("button", name="Suivant")).first.click()
    expect(stella.page.locator("h1")).to_have_text(number)
    stella.looks()
    she.presses("Décider", link=True)
    she.ticks("Poursuivie")
    she.types("Ce qui est décidé", "Le suivi continue avec la famille.")
    she.presses("Consigner la décision")


def closes(stella: Visitor, she: Newcomer, numbers: list[str]) -> None:
    """One page to read; the relevé comes by itself."""
    she.presses("Clore", link=True)
    stella.looks()
    she.presses("Clôturer la réunion")
    stella.looks()
    assert "Relevé de décisions" in stella.text
    assert all(number in stella.text for number in numbers)
