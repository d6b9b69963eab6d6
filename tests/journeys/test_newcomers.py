"""With no manual: a head teacher sends a saisine within two minutes; a lead finds a file by a misspelt name and brings it up to date."""

import re

from tests.house import House
from tests.journeys.newcomer import Newcomer
from tests.journeys.test_edit import Enter, enter  # noqa: F401  # the fixture: a house served, a browser for each name

FACTS = (
    "Absent douze demi-journées depuis janvier, sans motif. Reçu deux fois avec sa mère, qui ne parvient plus à le faire lever. "
    "Il dit ne plus voir à quoi sert le collège ; les entrées au club de boxe restent régulières."
)
TWO_MINUTES = 120


def test_a_head_teacher_sends_a_saisine_in_two_minutes(enter: Enter) -> None:  # noqa: F811  # pytest’s way
    """From the first page to the number: eight answers, of which four are typed."""
    page = enter("hugo").page
    assert page.url.endswith("/jour")
    hugo = Newcomer(page)
    hugo.presses("Saisir la cellule", link=True)
    hugo.chooses("Origine de la saisine", "Établissement scolaire")
    hugo.ticks("Absences répétées à l’école")
    hugo.types("Les faits", FACTS)
    hugo.ticks("est informée de cette saisine")
    hugo.types("Nom", "Quibérac-Sans-Notice")
    hugo.types("Prénom", "Théodule")
    hugo.types("Date de naissance", "2012-04-05")
    hugo.ticks("Masculin")
    hugo.presses("Envoyer la saisine")
    assert page.get_by_text("Votre saisine est reçue.").is_visible()
    assert re.search(r"\d{4}-\d{4}", page.locator("main").inner_text())
    assert (hugo.fields, hugo.clicks, hugo.pages) == (8, 7, 2)
    assert hugo.seconds < TWO_MINUTES, hugo.seconds


def test_a_lead_finds_by_a_misspelt_name_and_updates_the_file(enter: Enter, fresh_house: House) -> None:  # noqa: F811  # pytest’s way
    """Among others: the name as it is heard; then a note, a telephone, the next date, each from the page of the dossier."""
    number = fresh_house.follow("Quibérac-Lefèvre")
    for other in ("Brindavoine", "Saint-Aulaire", "Ombrelune"):
        fresh_house.follow(other)
    page = enter("alice").page
    alice = Newcomer(page)
    page.locator("header").get_by_role("link", name="Mes dossiers").click()
    alice.types("Rechercher parmi mes dossiers", "le febvre")
    alice.enters()
    alice.presses("Théodule Quibérac-Lefèvre", link=True)
    assert page.url.endswith(f"/dossiers/{number}")
    writes_a_note(alice)
    adds_a_telephone(alice)
    sets_the_next_date(alice)
    assert alice.clicks <= 12
    assert alice.seconds < TWO_MINUTES, alice.seconds


def writes_a_note(alice: Newcomer) -> None:
    """Kind and volet as they are proposed."""
    alice.presses("Écrire une note", link=True)
    alice.types("Note", "Rendez-vous tenu avec sa mère. Reprise des cours lundi, le matin d’abord.")
    alice.chooses("Type de note", "Observation")
    alice.presses("Enregistrer la note")
    assert alice.page.get_by_text("Reprise des cours lundi").is_visible()


def adds_a_telephone(alice: Newcomer) -> None:
    """From the volet itself."""
    alice.presses("Modifier : Coordonnées", link=True)
    alice.chooses("Nature", "Téléphone")
    alice.types("Coordonnée", "06 39 98 55 66 (mère)")
    alice.presses("Enregistrer")
    assert alice.page.get_by_text("06 39 98 55 66 (mère)").is_visible()


def sets_the_next_date(alice: Newcomer) -> None:
    """By the page of the record."""
    alice.presses("Modifier la fiche", link=True)
    alice.types("Prochaine date", "2026-10-12")
    alice.presses("Fixer la date")
    assert alice.page.get_by_text("La prochaine date est fixée.").is_visible()
