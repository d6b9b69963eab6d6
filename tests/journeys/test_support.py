"""Somebody is passed on by a police station, called, oriented twice, accompanied by a stand-in, and ends it all in one step."""

import secrets

from tests.journeys.conftest import SignIn
from tests.journeys.notes import begin_note, save, unheard_of
from tests.journeys.support import (
    PHONE,
    begins_an_orientation,
    first_line,
    is_retained,
    is_stood_in_for,
    leaves_the_team,
    makes_a_link,
    notes_a_call,
    opens_the_link,
    sends_it,
    takes,
)
from tests.journeys.visitor import Visitor

POLICE, STEWARD, LEAD, COLLEAGUE, SERVICE = (
    "julien.marchelade",
    "marion.saulnaie",
    "celia.pontavel",
    "gisele.rouvrenac",
    "fabien.courtemer",
)
FABIEN = "Fabien Courtemer, Assistant de service social, CCAS de Valmorel-sur-Orle"
WITHOUT_ACCOUNT = "Épicerie solidaire"


def test_from_a_police_station_to_the_end_of_support(sign_in: SignIn, visitor: Visitor) -> None:
    """Five accounts and a partner without one. The person decides last."""
    police, marion, celia, fabien = (sign_in(username=each) for each in (POLICE, STEWARD, LEAD, SERVICE))
    family = f"Quibérac-{secrets.token_hex(4)}"
    police.town.typed += [family, PHONE]
    number = notes_a_call(police, family)
    is_retained(marion, number, "Célia Pontavel")
    assert police.fetches(f"/dossiers/{number}")[0] == 404
    is_called_and_recorded(celia, number, family)
    received = is_received_by_somebody_with_an_account(celia, fabien, number)
    sent = is_received_by_a_partner_without_one(celia, visitor, number)
    is_kept_by_a_stand_in(celia, sign_in(username=COLLEAGUE, width=360), number)
    ends_it_all(celia, number)
    learns_only_that_it_is_over(fabien, received)
    celia.goes_to(sent)
    assert "Retirée" in celia.text
    marion.goes_to(f"/dossiers/{number}/revue")
    assert "La personne a mis fin au suivi" in marion.text


def is_called_and_recorded(celia: Visitor, number: str, family: str) -> None:
    """The first line of the file says whether to call now; what is needed is written down."""
    celia.goes_to(f"/dossiers/{number}")
    assert family in celia.text
    assert "Appeler maintenant : OUI" in first_line(celia)
    assert PHONE in first_line(celia)
    begin_note(celia, unheard_of("Souhaite être accompagnée"))
    save(celia)


def is_received_by_somebody_with_an_account(celia: Visitor, fabien: Visitor, number: str) -> str:
    """Accepted; a first appointment is missed, the second moved, then it takes place. The address on the side that receives."""
    begins_an_orientation(celia, number, "Accompagnement social")
    celia.page.get_by_label("Ou à une personne nommée").select_option(label=FABIEN)
    intro = f"Ouvrir ses droits, référence {secrets.token_hex(6)}."
    sends_it(celia, intro)
    received = celia.path.replace("/orientations/", "/orientations/recues/")
    fabien.goes_to("/orientations")
    fabien.presses(fabien.page.locator(f"a[href='{received}']"))
    assert intro in fabien.text
    takes(fabien, "Accepter l’orientation")
    takes(fabien, "Fixer un rendez-vous", hour="09:00")
    takes(fabien, "Le rendez-vous n’a pas eu lieu", reason="La personne n’est pas venue")
    takes(fabien, "Fixer un rendez-vous", hour="10:00")
    takes(fabien, "Déplacer le rendez-vous", hour="11:00")
    takes(fabien, "Le rendez-vous a eu lieu")
    celia.goes_to(celia.path)
    for step in ("Acceptée", "Rendez-vous manqué", "La personne n’est pas venue", "Rendez-vous déplacé", "Rendez-vous honoré"):
        assert step in celia.text, step
    return received


def is_received_by_a_partner_without_one(celia: Visitor, partner: Visitor, number: str) -> str:
    """A link and a code open what was chosen; one answer of three fields comes back. The address on the side that sends."""
    begins_an_orientation(celia, number, "Aide financière")
    celia.page.locator("label.choice").filter(has_text=WITHOUT_ACCOUNT).locator("input").check()
    intro, contact = (f"{words}, référence {secrets.token_hex(6)}." for words in ("Un colis par semaine", "Accueil, le mardi"))
    celia.town.typed.append(contact)
    sends_it(celia, intro)
    sent = celia.path
    link, code = makes_a_link(celia)
    opens_the_link(partner, link, code)
    assert intro in partner.text
    partner.page.get_by_label("Nous accompagnons cette personne").check()
    partner.page.get_by_label("Contact au service").fill(contact)
    partner.presses(partner.page.get_by_role("button", name="Envoyer la réponse"))
    celia.goes_to(f"{sent}/lien")
    assert contact in celia.text
    return sent


def is_kept_by_a_stand_in(celia: Visitor, gisele: Visitor, number: str) -> None:
    """Out of the team, a colleague opens nothing of it; standing in for the day, she reads the first line."""
    leaves_the_team(celia, "Gisèle Rouvrenac")
    assert PHONE not in gisele.fetches(f"/dossiers/{number}")[1]
    is_stood_in_for(celia, "Gisèle Rouvrenac")
    gisele.goes_to(f"/dossiers/{number}")
    assert PHONE in first_line(gisele)


def ends_it_all(celia: Visitor, number: str) -> None:
    """One page that says what it does, one button."""
    celia.goes_to(f"/dossiers/{number}")
    celia.follows("La personne arrête le suivi")
    assert "2 orientations en cours sont retirées" in celia.text
    celia.presses(celia.page.get_by_role("button", name="Mettre fin au suivi"))
    celia.goes_to(f"/dossiers/{number}")
    assert celia.page.locator(".facts .status-closed").count()


def learns_only_that_it_is_over(fabien: Visitor, received: str) -> None:
    """« Terminée », and what was handed over opens no more."""
    fabien.goes_to("/orientations")
    assert "Terminée" in fabien.text
    assert "Retirée" not in fabien.text
    assert not fabien.page.locator(f"a[href='{received}']").count()
    assert fabien.fetches(received)[0] == 404
