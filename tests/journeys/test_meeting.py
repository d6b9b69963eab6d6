"""A meeting of ten dossiers, from its preparation to a task carried out and reported, and what an auditor finds of it."""

import re
import secrets

from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.room import (
    agenda,
    button,
    calls_next,
    concerns,
    covers,
    decides,
    is_there,
    keeps_the_sheet,
    prepares,
    puts,
    takes_the_screen,
    uncovers,
)
from tests.journeys.visitor import Visitor, words

SECRETARY, STEWARD, MEMBER, POLICE, AUDITOR = (
    "josiane.pellerive",
    "claire.vasselane",
    "lucie.brancelot",
    "marc.plessandre",
    "irene.castelbrun",
)
CLAIRE, LUCIE, MARC, SOLENE = "Claire Vasselane", "Lucie Brancelot", "Marc Plessandre", "Solène Maurepin"
LUCIE_AND_HOUSE = f"{LUCIE}, Assistante sociale de secteur, Maison départementale des solidarités de l’Orle"
GUEST = "Anastasie Vaubrelan"
NOT_HERS = 10
"""The place of the one item that does not concern the member."""


def test_a_meeting_of_ten_dossiers_from_preparation_to_a_task_reported(sign_in: SignIn) -> None:
    """Two windows and three accounts until the close; then another institution's member, and the auditor."""
    secretary, claire, lucie = sign_in(username=SECRETARY), sign_in(username=STEWARD), sign_in(username=MEMBER, width=360)
    question, promise = (
        f"Qui revoit la famille, référence {secrets.token_hex(6)} ?",
        f"Appeler le collège, référence {secrets.token_hex(6)}.",
    )
    claire.town.typed.extend([question, promise, GUEST])
    meeting = prepares(secretary)
    numbers = is_prepared(secretary, claire, meeting, question)
    hers = [number for place, number in enumerate(numbers) if LUCIE in words(claire.page.locator(".agenda > li").nth(place))]
    assert numbers[-1] not in hers
    answers_beforehand(lucie, meeting, hers, question)
    opens(claire, meeting)
    is_reviewed(claire, numbers, promise)
    closes(claire, meeting)
    has_her_own_minutes(lucie, meeting, hers)
    has_none_of_hers(sign_in(username=POLICE), meeting, promise)
    carries_out(lucie, numbers[0], promise)
    is_audited(sign_in(username=AUDITOR), hers[-1])


def is_prepared(secretary: Visitor, claire: Visitor, meeting: str, question: str) -> list[str]:
    """The secretary proposes by number, the steward confirms, completes, says whom it concerns, asks, and convenes."""
    puts(secretary, 1, "Décision à exécuter")
    puts(secretary, 2, "Nouvelle saisine")
    assert "à confirmer" in secretary.text
    claire.goes_to(meeting)
    proposed = len(agenda(claire))
    claire.presses(button(claire, "Confirmer"))
    claire.follows("Choisir aussi parmi les autres situations")
    puts(claire, 10 - proposed, "Autres situations")  # a saisine of another journey could not be « poursuivie »
    numbers = agenda(claire)
    assert len(numbers) == 10
    claire.follows("Préparer les points")
    for place in range(1, 11):
        concerns(claire, place, {CLAIRE, SOLENE, MARC} if place == NOT_HERS else {CLAIRE, LUCIE, SOLENE, MARC})
    claire.page.get_by_label("Question posée").first.fill(question)
    claire.page.get_by_label("Information de la personne").first.select_option(label="Personne informée")
    claire.presses(button(claire, "Enregistrer"))
    assert question in claire.text
    claire.presses(button(claire, "Convoquer"))
    assert "convoquée" in words(claire.page.locator(".meeting-facts"))
    return numbers


def answers_beforehand(lucie: Visitor, meeting: str, hers: list[str], question: str) -> None:
    """She sees her own items, the question, and nothing of the others; she answers for one."""
    lucie.goes_to(meeting)
    assert [words(each) for each in lucie.page.locator(".own .number").all()] == hers
    assert question in lucie.text
    lucie.page.get_by_label("Connue", exact=True).first.check()
    lucie.presses(button(lucie, "Enregistrer mes réponses"))


def opens(claire: Visitor, meeting: str) -> None:
    """The answer stands on the agenda; she opens with a code, and says who is there, a guest among them."""
    claire.goes_to(meeting)
    assert f"{LUCIE}, Maison départementale des solidarités de l’Orle : Connue" in claire.text
    takes_the_screen(claire)
    for name in (CLAIRE, LUCIE, MARC, SOLENE):
        is_there(claire, name, "Présent·e")
    claire.presses(button(claire, "Enregistrer la présence"))
    invites(claire)
    claire.follows("La séance")


def invites(claire: Visitor) -> None:
    """A guest for one sitting, who signed on paper, for the first item."""
    page = claire.page
    page.locator("summary").filter(has_text="invitée pour cette séance").click()
    page.get_by_label("Nom", exact=True).fill(GUEST)
    page.get_by_label("Profession", exact=True).select_option(index=1)
    page.get_by_label("Charte signée le").fill(page.get_by_label("Charte signée le").get_attribute("max") or "2026-11-20")
    page.get_by_label("Référence de la charte signée").fill("2026-17")
    page.get_by_role("group", name="Concerné·e par").locator("input").first.check()
    claire.presses(button(claire, "Inscrire la personne invitée"))


def is_reviewed(claire: Visitor, numbers: list[str], promise: str) -> None:
    """One file a screen, by single keys. The guest leaves after the first item, a member before the seventh."""
    calls_next(claire, numbers[0])
    decides(claire, "Poursuivie", "Le suivi continue avec la famille.", [(promise, LUCIE_AND_HOUSE)])
    calls_next(claire, numbers[1])
    assert GUEST in words(claire.page.locator(".room-held"))
    claire.presses(button(claire, "Sort de la salle"))
    expect(claire.page.locator(".room-held")).to_have_count(0)
    decides(claire, "Retenue", "La cellule retient la situation.")
    calls_next(claire, numbers[2])
    decides(claire, "Reportée", "Une pièce manque encore.")
    calls_next(claire, numbers[3])
    covers(claire)
    uncovers(claire)
    expect(claire.page.locator("h1")).to_have_text(numbers[3])
    decides(claire, "Poursuivie", "Un point est fait à la rentrée.", copied_to=numbers[4:5])
    for place in range(4, 6):
        calls_next(claire, numbers[place])
    decides(claire, "Poursuivie", "L’accompagnement reste léger.")
    claire.follows("Présence")
    is_there(claire, MARC, "Parti·e")
    keeps_the_sheet(claire)
    for place in range(6, 10):
        calls_next(claire, numbers[place])
    decides(claire, "Poursuivie", "Le suivi continue comme il est.", copied_to=numbers[6:9])


def closes(claire: Visitor, meeting: str) -> None:
    """One page to read; then it is closed."""
    claire.follows("Clore")
    assert claire.page.locator(".closing-line").count() == 10
    claire.presses(button(claire, "Clôturer la réunion"))
    claire.goes_to(meeting)
    assert "close" in words(claire.page.locator(".meeting-facts"))


def has_her_own_minutes(lucie: Visitor, meeting: str, hers: list[str]) -> None:
    """Her institution's own items and no other."""
    lucie.goes_to(meeting)
    lucie.follows("Relevé de décisions")
    assert [words(each) for each in lucie.page.locator("h2 .number").all()] == hers


def has_none_of_hers(marc: Visitor, meeting: str, promise: str) -> None:
    """Another institution's minutes do not say what she carries."""
    marc.goes_to(meeting)
    marc.follows("Relevé de décisions")
    assert marc.page.locator("h2 .number").count()
    assert promise not in marc.text


def carries_out(lucie: Visitor, number: str, promise: str) -> None:
    """She finds the task, says it is done, and it is off her list."""
    result = f"Le collège rappelle lundi, référence {secrets.token_hex(6)}."
    lucie.town.typed.append(result)
    lucie.goes_to("/actions")
    line = lucie.page.get_by_role("region", name=re.compile("Qui m’attendent")).get_by_role("listitem").filter(has_text=promise)
    assert number in words(line)
    lucie.presses(line.get_by_role("link"))
    lucie.page.get_by_label("Oui, c’est fait").check()
    lucie.page.get_by_label("Ce qui a été fait").fill(result)
    lucie.presses(button(lucie, "Enregistrer"))
    expect(lucie.page.get_by_role("region", name=re.compile("Qui m’attendent")).get_by_text(promise)).to_have_count(0)


def is_audited(auditor: Visitor, number: str) -> None:
    """Who saw one of the last files in this meeting: those in the room, and not who had left."""
    auditor.goes_to(f"/journal?dossier={number}")
    auditor.presses(auditor.page.get_by_role("listitem").filter(has_text="Montré à").get_by_role("link").first)
    room = words(auditor.page.get_by_role("region", name="Dans la salle, pour ce point"))
    assert LUCIE in room
    assert SOLENE in room
    assert MARC not in room
    missed = words(auditor.page.get_by_role("region", name=re.compile("sans l’avoir vu")))
    assert f"{MARC} a quitté la salle" in missed
    assert GUEST not in room
