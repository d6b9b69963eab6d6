"""With no manual: a head teacher sends a saisine and a support worker notes a call, each within two minutes; a lead finds a file by a
misspelt name and brings it up to date; the support worker sends somebody on to another service.
"""

import re
import secrets

from tests.house import House
from tests.journeys.conftest import SignIn
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


def test_a_support_worker_notes_a_call_in_two_minutes(sign_in: SignIn) -> None:
    """While somebody speaks: the safe contact first, their agreement, who they are, what they need."""
    celia, family = sign_in(username="celia.pontavel"), f"Quibérac-{secrets.token_hex(4)}"
    celia.town.typed += [family, "06 39 98 70 31"]
    celia.goes_to("/jour")
    she = Newcomer(celia.page)
    she.presses("Noter un appel", link=True)
    she.chooses("Qui oriente la personne", "Police nationale ou gendarmerie")
    she.ticks("Appel", exact=True)
    she.types("Numéro ou adresse", "06 39 98 70 31")
    she.types("Jours et heures (facultatif)", "mardi et jeudi 9h-11h30")
    she.ticks("Donné", exact=True)
    she.types("Nom", family)
    she.types("Prénom", "Hermeline")
    she.ticks("Féminin")
    celia.page.get_by_role("radiogroup", name="Accès aux droits").get_by_label("Oui", exact=True).check()
    she.presses("Enregistrer et envoyer")
    assert celia.page.get_by_text("L’appel est noté.").is_visible()
    assert she.seconds < TWO_MINUTES, she.seconds


def test_the_same_sends_somebody_on_to_another_service(sign_in: SignIn) -> None:
    """From a file she leads: what for, to whom, her agreement, what goes with it; read again, then sent."""
    celia = sign_in(username="celia.pontavel")
    celia.goes_to("/dossiers")
    celia.presses(celia.page.locator("tbody tr").filter(has_text="référente").filter(has_text="en cours").first.locator("a.row-link"))
    she = Newcomer(celia.page)
    she.presses("Orienter vers un service", link=True)
    she.chooses("Pour quel besoin ?", "Aide financière")
    she.presses("Chercher dans l’annuaire")
    celia.page.locator("[name=to]").first.check()
    she.ticks("Elle accepte")
    celia.page.locator("[name=pieces]").first.check()
    she.presses("Relire avant d’envoyer")
    she.presses("Envoyer l’orientation")
    assert "/orientations/" in celia.path
    assert she.seconds < TWO_MINUTES, she.seconds
