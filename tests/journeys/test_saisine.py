"""A school head brings two siblings to the cell; the coordination examines; the head learns the state and no more. At both widths."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import Visitor, words

HEAD, STEWARD = "agathe.roquebel", "claire.vasselane"
LEAD = "Lucie Brancelot, Assistante sociale de secteur, Maison départementale des solidarités de l’Orle"
NUMBER = re.compile(r"\d{4}-\d{4}")


@pytest.fixture
def family(sign_in: SignIn) -> str:
    """A family name that stands nowhere yet."""
    return f"Quibérac-{secrets.token_hex(4)}"


def begins(head: Visitor, family: str, facts: str) -> None:
    """The situation and the first child: origin, motives, facts, informed, two names, birth date, sex. The commune is there already."""
    head.town.typed.extend([family, facts])
    head.page.get_by_label("Origine de la saisine").select_option(label="Établissement scolaire")
    head.page.get_by_label("Absences répétées à l’école").check()
    head.page.get_by_label("Les faits").fill(facts)
    head.page.get_by_label("est informée de cette saisine").check()
    child(head, 0, "Théodule", "2012-04-05", "Masculin")
    head.page.locator("#children-0-last_name").fill(family)


def child(head: Visitor, place: int, first_name: str, born: str, sex: str) -> None:
    """What is one's own."""
    head.page.locator(f"#children-{place}-first_name").fill(first_name)
    head.page.locator(f"#children-{place}-birth_date").fill(born)
    head.page.locator(f"[name=children-{place}-sex]").and_(head.page.get_by_label(sex)).check()


def sends(head: Visitor) -> list[str]:
    """Press the button; the numbers of the receipt."""
    head.presses(head.page.get_by_role("button", name="Envoyer la saisine", exact=True))
    assert "Votre saisine est reçue." in head.text
    assert "Quibérac" not in head.page.content()
    return [words(place) for place in head.page.locator("dd.number").all()]


@pytest.mark.parametrize("width", [1280, 360])
def test_two_siblings_from_saisine_to_outcome(sign_in: SignIn, family: str, width: int) -> None:
    facts = f"Absents ensemble depuis la rentrée, référence {secrets.token_hex(6)}."
    complement = f"La mère a rappelé ce matin, référence {secrets.token_hex(6)}."
    head = sign_in(username=HEAD, width=width)
    head.goes_to("/saisines/nouvelle")
    begins(head, family, facts)
    head.presses(head.page.get_by_role("button", name="Ajouter un enfant"))
    expect(head.page.locator("#children-1-first_name")).to_be_focused()
    expect(head.page.locator("#children-1-last_name")).to_have_value(family)
    expect(head.page.get_by_label("Les faits")).to_have_value(facts)
    child(head, 1, "Zénobie", "2014-09-01", "Féminin")
    first, second = sends(head)
    head.goes_to(f"/dossiers/{second}")
    assert words(head.page.locator("h1")) == f"Zénobie {family}"
    completes(head, first, complement)
    steward = sign_in(username=STEWARD, width=width)
    examines(steward, first, facts, complement, second)
    steward.page.get_by_label("Retenue", exact=True).check()
    expect(steward.page.get_by_label("Vers quel service")).to_be_hidden()
    steward.page.get_by_label("Référent·e de parcours").select_option(label=LEAD)
    steward.page.get_by_label("Prochaine échéance").fill(steward.page.locator("[name=next_date]").get_attribute("min") or "")
    decides(steward, first, "en cours")
    steward.goes_to(f"/saisines/{second}/examen")
    steward.page.get_by_label("Non retenue", exact=True).check()
    decides(steward, second, "clôturée")
    head.goes_to(f"/saisines/{first}")
    assert f"{first} orientée" in head.text
    assert f"{second} close" in head.text
    assert head.fetches(f"/dossiers/{first}")[0] == 404


def completes(head: Visitor, number: str, complement: str) -> None:
    """From the receipt."""
    head.town.typed.append(complement)
    head.goes_to(f"/saisines/{number}")
    head.page.get_by_label("Complément", exact=True).fill(complement)
    head.presses(head.page.get_by_role("button", name="Déposer le complément"))
    assert "Le complément est déposé" in head.text
    assert complement not in head.page.content()


def examines(steward: Visitor, number: str, facts: str, complement: str, sibling: str) -> None:
    """From what waits to the page of one."""
    steward.goes_to("/saisines")
    steward.presses(steward.page.locator("a.row-link").filter(has_text=number))
    for said in (facts, complement, sibling, "encore 15 jours"):
        assert said in steward.text, said


def decides(steward: Visitor, number: str, state: str) -> None:
    """Press the button, and look at the dossier."""
    steward.presses(steward.page.get_by_role("button", name="Enregistrer l’issue"))
    assert steward.path == f"/dossiers/{number}"
    assert state in steward.text


def test_without_javascript_the_enter_key_sends_and_the_button_adds(sign_in: SignIn, family: str) -> None:
    """Every word stays; the default button of the form is the one that sends."""
    head = sign_in(username=HEAD, javascript=False)
    head.page.goto(f"{head.town.url}/saisines/nouvelle")
    begins(head, family, f"Retards répétés, référence {secrets.token_hex(6)}.")
    head.page.get_by_role("button", name="Ajouter un enfant").click()
    head.page.get_by_role("button", name="Retirer l’enfant 2").click()
    with head.page.expect_navigation():
        head.page.locator("#children-0-first_name").press("Enter")
    assert "Votre saisine est reçue." in head.text


def test_by_keyboard_alone_in_few_steps(sign_in: SignIn, family: str) -> None:
    """From the first list to the button: as many stops of the Tab key as there are fields, and no trap."""
    head = sign_in(username=HEAD)
    head.town.typed.append(family)
    head.goes_to("/saisines/nouvelle")
    head.page.get_by_label("Origine de la saisine").focus()
    stops = 0
    while head.page.evaluate("document.activeElement.textContent.trim()") != "Envoyer la saisine":
        head.page.keyboard.press("Tab")
        stops += 1
        assert stops < 45, "the button is out of reach"
