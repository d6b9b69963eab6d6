"""What people do around somebody who is accompanied, as sentences: a call, its examination, orientations, a link, a team, the end."""

import re
from datetime import datetime, timedelta

from playwright.sync_api import Locator

from casework.services.terms import PARIS
from tests.journeys.room import button
from tests.journeys.visitor import Visitor, words

NUMBER = re.compile(r"\d{4}-\d{4}")
ALWAYS = "tous les jours 0h-24h"
PHONE = "06 39 98 71 34"


def notes_a_call(who: Visitor, family: str) -> str:
    """From the day to the receipt; the number of what was noted."""
    who.goes_to("/jour")
    who.follows("Noter un appel")
    page = who.page
    page.get_by_label("Qui oriente la personne").select_option(index=1)
    page.get_by_role("radio", name="Appel").check()
    for label, said in (("Numéro ou adresse", PHONE), ("Jours et heures", ALWAYS), ("Nom", family), ("Prénom", "Hermeline")):
        page.get_by_label(label, exact=True).or_(page.get_by_label(f"{label} (facultatif)")).fill(said)
    page.locator("[name=agreement][value=given]").check()
    page.locator("[name=sex]").first.check()
    page.locator("#need-rights-1").check()
    who.presses(button(who, "Enregistrer et envoyer"))
    found = NUMBER.search(who.text)
    assert found, who.text
    return found[0]


def is_retained(steward: Visitor, number: str, lead: str) -> None:
    """Examine what arrived, and name who leads."""
    steward.goes_to("/saisines")
    steward.presses(steward.page.locator("a.row-link").filter(has_text=number))
    steward.page.locator("[name=outcome][value=retained]").check()
    options = steward.page.locator("select[name=lead] option")
    steward.page.locator("select[name=lead]").select_option(value=options.filter(has_text=lead).get_attribute("value"))
    in_a_month = f"{datetime.now(tz=PARIS) + timedelta(days=30):%Y-%m-%d}"
    steward.page.locator("[name=next_date]").fill(in_a_month)
    steward.presses(button(steward, "Enregistrer l’issue"))
    assert steward.path == f"/dossiers/{number}", steward.text


def first_line(who: Visitor) -> str:
    """Whether to call now, and how."""
    return words(who.page.locator(".call-now"))


def begins_an_orientation(who: Visitor, number: str, need: str) -> None:
    """The form, with the services of the directory that answer a need."""
    who.goes_to(f"/dossiers/{number}")
    who.follows("Orienter vers un service")
    who.page.get_by_label("Pour quel besoin ?").select_option(label=need)
    who.presses(button(who, "Chercher dans l’annuaire"))


def sends_it(who: Visitor, intro: str) -> None:
    """With the person's agreement, one piece and a sentence: read again, sent, opened. It was promised word for word."""
    who.town.typed.append(intro)
    who.page.get_by_label("Elle accepte").check()
    who.page.locator("[name=pieces]").first.check()
    who.page.get_by_label("Une phrase pour le service").fill(intro)
    who.presses(button(who, "Relire avant d’envoyer"))
    assert intro in words(who.page.locator("dl.letter"))
    who.presses(button(who, "Envoyer l’orientation"))


def takes(who: Visitor, step: str, *, hour: str = "", reason: str = "") -> None:
    """A step on its button, or unfolded with the day and a reason."""
    if not (hour or reason):
        who.presses(button(who, step))
        return
    form = unfolded(who, step)
    if hour:
        form.get_by_label("Jour").fill(f"{datetime.now(tz=PARIS):%Y-%m-%d}")
        form.get_by_label("Heure").fill(hour)
    if reason:
        form.get_by_label("Motif").select_option(label=reason)
    who.presses(form.get_by_role("button"))


def unfolded(who: Visitor, step: str) -> Locator:
    """The form of a step that needs more than a button."""
    form = who.page.locator("details.next-step").filter(has=who.page.locator("summary", has_text=step))
    form.locator("summary").click()
    return form


def makes_a_link(who: Visitor) -> tuple[str, str]:
    """What to send and what to say: shown once."""
    who.follows("Faire un lien pour ce partenaire")
    who.presses(button(who, "Faire un lien"))
    link, code = words(who.page.locator("[data-link]")), words(who.page.locator("[data-code]"))
    who.follows("C’est noté")
    return link, code


def opens_the_link(partner: Visitor, link: str, code: str) -> None:
    """A browser that was never here: the link as it was sent, the code as it was said."""
    partner.page.goto(link)
    partner.looks()
    partner.page.get_by_label("Code donné de vive voix").fill(code)
    partner.presses(button(partner, "Ouvrir"))


def leaves_the_team(who: Visitor, name: str) -> None:
    """Somebody of the team is out of it at once."""
    who.goes_to("/equipes")
    who.follows(re.compile(f"à la place de {name}"))
    who.page.get_by_role("checkbox").check()
    who.presses(button(who, "Mettre fin"))


def is_stood_in_for(who: Visitor, name: str) -> None:
    """Today, from midnight to midnight."""
    today = f"{datetime.now(tz=PARIS):%Y-%m-%d}"
    options = who.page.locator("select[name=person]").first.locator("option")
    who.page.locator("select[name=person]").first.select_option(value=options.filter(has_text=name).get_attribute("value"))
    who.page.get_by_label("Premier jour").fill(today)
    who.page.get_by_label("Dernier jour").fill(today)
    who.presses(button(who, "Enregistrer le remplacement"))
