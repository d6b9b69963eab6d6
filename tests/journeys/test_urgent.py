"""A night: somebody on call opens by exact name and birth date; the lead sees it; the data-protection officer reviews it."""

import re
import secrets

import pytest

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import Visitor, words

STEWARD, ON_CALL = "claire.vasselane", "lucie.brancelot"


def names_who_is_on_call(steward: Visitor, name: str) -> None:
    """From the cell's page to the boxes to tick."""
    steward.goes_to("/cellules")
    if not steward.page.get_by_role("link", name="Composer l’astreinte").count():
        steward.follows(re.compile("Nord"))
    steward.follows("Composer l’astreinte")
    steward.page.get_by_label(re.compile(name)).check()
    steward.presses(steward.page.get_by_role("button", name="Enregistrer l’astreinte"))
    assert re.search(rf"Aujourd’hui ?:[^.]*{name}", steward.text)


def reads_whom_it_is_about(steward: Visitor) -> tuple[str, str, str, str]:
    """Number, first name, family name and birth date of a dossier under way in the North."""
    steward.goes_to("/dossiers")
    row = steward.page.locator("tbody tr").filter(has_text="en cours").filter(has_text="Nord").first
    number = words(row.locator(".number").first)
    steward.presses(row.locator("a.row-link"))
    pairs = {words(pair.locator("dt")): words(pair.locator("dd")) for pair in steward.page.locator(".pairs div").all()}
    return number, pairs["Prénom"], pairs["Nom"], pairs["Date de naissance"]


@pytest.mark.parametrize("width", [1280, 360])
def test_a_night(sign_in: SignIn, width: int) -> None:
    """Refused when the name is not exact, opened when it is; announced, shown on the dossier, reviewed."""
    steward = sign_in(username=STEWARD, width=width)
    names_who_is_on_call(steward, "Lucie Brancelot")
    number, first, last, born = reads_whom_it_is_about(steward)
    lucie, why = sign_in(username=ON_CALL, width=width), f"Il n’est pas rentré, la mère rappelle, {secrets.token_hex(4)}."
    lucie.town.typed.append(why)
    lucie.goes_to("/")
    lucie.follows("Accès urgent", inside="header")
    assert "3919" in lucie.text
    asks(lucie, first, f"{last}z", born, why)
    assert "Aucun dossier que garde votre astreinte" in lucie.text
    assert lucie.page.get_by_label("Pourquoi cela ne peut pas attendre").input_value() == why
    asks(lucie, first, last.upper(), born, why)
    assert re.fullmatch(r"/acces-urgent/[0-9a-f]{32}", lucie.path)
    assert words(lucie.page.locator("h1")) == f"{first} {last}"
    assert "encore 30 minutes" in lucie.text
    opened = [words(heading) for heading in lucie.page.locator(".volet h3").all()]
    assert opened == ["Identité", "Partagé avec la cellule (N1)"]
    assert {words(badge) for badge in lucie.page.locator(".badge").all()} <= set(opened)
    steward.goes_to(f"/dossiers/{number}")
    assert re.search(r"Accès urgent en cours ?: Lucie Brancelot", steward.text)
    reviews(sign_in(position="dpo", width=width), number, why)
    steward.goes_to(f"/dossiers/{number}")
    assert "Revu : Justifié" in steward.text


def asks(lucie: Visitor, first: str, last: str, born: str, why: str) -> None:
    """Fill in the form and send it."""
    day, month, year = born.split("/")
    lucie.page.get_by_label("Nom", exact=True).fill(last)
    lucie.page.get_by_label("Prénom").fill(first)
    lucie.page.get_by_label("Date de naissance").fill(f"{year}-{month}-{day}")
    lucie.page.get_by_label("Fugue ou disparition").check()
    lucie.page.get_by_label("Pourquoi cela ne peut pas attendre").fill(why)
    lucie.presses(lucie.page.get_by_role("button", name="Ouvrir l’accès urgent"))


def reviews(officer: Visitor, number: str, why: str) -> None:
    """From the list to a conclusion; the dossier itself stays shut."""
    officer.goes_to("/acces-urgents")
    officer.presses(officer.page.locator("tbody tr").filter(has_text=number).first.locator("a.row-link"))
    assert why in officer.text
    officer.page.get_by_label("Justifié", exact=True).check()
    officer.presses(officer.page.get_by_role("button", name="Enregistrer la revue"))
    assert "La revue est enregistrée." in officer.text
    assert officer.fetches(f"/dossiers/{number}")[0] == 404


def test_a_service_makes_its_team_and_its_relief(sign_in: SignIn) -> None:
    """Where a colleague sits in the cell: the team is made; elsewhere the page says what is missing."""
    for name, width in ((ON_CALL, 1280), ("solene.maurepin", 360)):
        somebody = sign_in(username=name, width=width)
        somebody.goes_to("/equipes")
        if somebody.path == "/equipes":
            somebody.follows(re.compile("équipe de votre service"))
        if somebody.page.get_by_role("button", name="Faire l’équipe").count():
            somebody.page.get_by_role("checkbox").first.check()
            somebody.presses(somebody.page.get_by_role("button", name="Faire l’équipe"))
            assert "(vous)" in somebody.text
        else:
            assert "Il faut être deux." in somebody.text or "(vous)" in somebody.text
