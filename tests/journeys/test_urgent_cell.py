"""The mayor or the prosecutor calls: everybody concerned is convened in under two minutes of one person's work, then rung one by one.

The seconds are those of the keystroke-level model, from « Mon jour », every field of the page typed anew. Files of the South that Solène
does not lead: no other journey opens them.
"""

import re
from datetime import datetime, timedelta

import pytest

from casework.services.terms import PARIS
from tests.journeys.conftest import SignIn
from tests.journeys.newcomer import CLICK, POINT, THINK, Newcomer
from tests.journeys.visitor import Visitor, words

STEWARD, SECRETARY = "hugues.tremarelle", "josiane.pellerive"
SOUTH = "Cellule pluridisciplinaire Sud"
URGENT = "Cellule d’urgence"
ALL_REACHED = "Tout le monde est joint."
PLACE = "Mairie, salle du conseil"
TWO_MINUTES = 120
ONE_CLICK = THINK + POINT + CLICK


@pytest.mark.parametrize(("width", "caller", "turn"), [(1280, "Maire", 0), (360, "Parquet", 1)])
def test_from_a_call_to_everybody_convened_in_two_minutes(sign_in: SignIn, width: int, caller: str, turn: int) -> None:
    """By what is written on the screen alone; nobody whom the file concerns is missing from the list, and everybody is reached."""
    hugues = sign_in(username=STEWARD, width=width)
    number, lead = reads_the_file(hugues, turn)
    he = Newcomer(hugues.page)
    convenes(hugues, he, caller, number)
    assert 0 < he.seconds <= TWO_MINUTES, he.seconds
    assert (he.fields, he.clicks, he.pages) == (6, 6 + (width == 360), 4), "on a narrow screen the menu is a click more"
    assert he.seconds > he.clicks * ONE_CLICK, "what is typed counts as well"
    expected = rung(hugues)
    assert lead in expected
    assert number not in hugues.text
    reaches_everybody(hugues, he, expected)
    a_click_more_is_counted(hugues, he)
    is_what_was_convened(hugues, he, expected)


def reads_the_file(hugues: Visitor, turn: int) -> tuple[str, str]:
    """Number and lead of the file that the call is about, then « Mon jour »: the work begins there."""
    hugues.goes_to("/jour")
    hugues.follows("Mes dossiers", inside="header")
    rows = hugues.page.locator("tbody tr").filter(has_text="en cours").filter(has_text=SOUTH).filter(has_not_text="Solène")
    row = rows.nth(turn)
    number, lead = words(row.locator(".number").first), words(row.get_by_role("cell").nth(1))
    hugues.follows("Mon jour", inside="header")
    return number, lead


def convenes(hugues: Visitor, he: Newcomer, caller: str, number: str) -> None:
    """Three links, one page, one button."""
    he.presses("Réunions", link=True, inside="header")
    hugues.looks()
    he.presses(URGENT, link=True)
    hugues.looks()
    he.presses(SOUTH, link=True)
    hugues.looks()
    soon = datetime.now(tz=PARIS) + timedelta(hours=2)
    he.ticks(caller, exact=True)
    he.ticks("Un fait grave vient de se produire")
    he.types("Jour", f"{soon:%Y-%m-%d}")
    he.types("Heure", f"{soon:%H:%M}")
    he.types("Lieu", PLACE)
    he.types("Numéros des dossiers", number)
    he.presses("Convoquer maintenant")
    hugues.looks()
    assert "La cellule d’urgence est convoquée. Appelez maintenant." in hugues.text
    assert f"À l’appel : {caller}" in hugues.text


def rung(hugues: Visitor) -> set[str]:
    """The names on the list of calls."""
    return {words(name) for name in hugues.page.locator(".calls b").all()}


def reaches_everybody(hugues: Visitor, he: Newcomer, expected: set[str]) -> None:
    """One call after the other; each line says when, and the page when all is done."""
    for done in range(len(expected)):
        assert f"{done} sur {len(expected)}" in hugues.text
        assert ALL_REACHED not in hugues.text
        he.presses("Joint")
        hugues.looks()
    assert ALL_REACHED in hugues.text
    for line in hugues.page.locator(".calls li").all():
        assert re.search(r"joint à \d{1,2} h \d\d", words(line))


def a_click_more_is_counted(hugues: Visitor, he: Newcomer) -> None:
    """Control: a tick taken away costs its click, is said, and is put back."""
    clicks, seconds = he.clicks, he.seconds
    he.presses("Défaire")
    hugues.looks()
    assert he.clicks == clicks + 1
    assert he.seconds == pytest.approx(seconds + ONE_CLICK)
    assert ALL_REACHED not in hugues.text
    he.presses("Joint")
    assert ALL_REACHED in hugues.text


def is_what_was_convened(hugues: Visitor, he: Newcomer, expected: set[str]) -> None:
    """Those to ring are those convened, but for whoever rings."""
    he.presses("La réunion", link=True)
    hugues.looks()
    convened = {words(seat.locator("b").first) for seat in hugues.page.locator(".seats li").all()}
    assert convened == expected | {"Hugues Trémarelle (vous)"}


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_a_new_meeting_leads_there(sign_in: SignIn, width: int) -> None:
    """For who may call the cell up; the secretary, who may not, is not sent to a closed door."""
    hugues, josiane = sign_in(username=STEWARD, width=width), sign_in(username=SECRETARY, width=width)
    for somebody in (hugues, josiane):
        somebody.goes_to("/jour")
        somebody.follows("Réunions", inside="header")
        somebody.follows("Préparer une réunion")
    assert josiane.page.locator("main").get_by_role("link", name=URGENT).count() == 0
    hugues.follows(URGENT)
    assert hugues.path == "/reunions/urgente"
