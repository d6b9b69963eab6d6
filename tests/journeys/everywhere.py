"""Ways through every page of the application: what each person can come to by links, and the doors that open only after something was done.

Each walk stands before one page after the other; whoever follows it looks at the page and asks for the next.
"""

import re
import secrets
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from casework.services.terms import PARIS
from tests.journeys import room, support
from tests.journeys.crawl import crawl
from tests.journeys.guide import Guide, Step, Walk
from tests.journeys.test_enrolment import (
    Newcomer,
    admits,
    certifies,
    comes_to_the_charter,
    makes_keys,
    opens_an_account,
    prints_the_sheet,
    proves_the_telephone,
    spelled,
)
from tests.journeys.test_urgent import asks, names_who_is_on_call, reads_whom_it_is_about
from tests.journeys.visitor import Visitor

PEOPLE = (
    "claire.vasselane", "lucie.brancelot", "celia.pontavel", "josiane.pellerive", "irene.castelbrun", "basile.ormeval", "noemie.darquelin",
    "marion.saulnaie", "julien.marchelade", "laure.debrenne", "bruno.estrevalle", "agathe.roquebel", "marc.plessandre", "odile.sermanges",
    "hugues.tremarelle", "fabien.courtemer", "solene.maurepin",
)  # fmt: skip
"""Steward, lead, support worker, secretary, auditor, data-protection officer, officer; then others, for pages that are theirs alone."""
MOST = 4
"""Addresses of one kind that one person's crawl opens: the second dossier shows what the first one lacks."""
NOWHERE = re.compile("(?!)")
SAMPLED = 5
"""Pages of one person that a sampled run looks at."""
NOBODY = (
    "/connexion", "/enrolement", "/confidentialite", "/accessibilite", "/lien", "/lien/merci", "/lien/fin", "/lien/visite", "/nulle-part",
)  # fmt: skip


def of(username: str) -> Walk:
    """All that one person can come to by links."""

    def walk(guide: Guide) -> Iterator[Step]:
        visitor, opened = guide.person(username), Counter[str]()

        def enough(address: str) -> bool:
            opened[guide.kind(address)] += 1
            return opened[guide.kind(address)] > (MOST if guide.sample.whole else 1)

        brought = crawl(visitor, ("/dossiers/2026-9999",), enough=enough)
        if guide.sample.whole:
            guessed = crawl(visitor, guide.guesses(brought), only=NOWHERE)
            brought.pages |= guessed.pages
            brought.statuses |= guessed.statuses
        for address in guide.sample(guide.worth(brought), SAMPLED):
            yield guide.goes(visitor, address)

    walk.__name__ = username
    return walk


def at_the_door(guide: Guide) -> Iterator[Step]:
    """What is public, and an address that leads nowhere."""
    visitor = guide.somebody()
    for address in guide.sample(NOBODY, SAMPLED):
        yield guide.goes(visitor, address)


def coming_in(guide: Guide) -> Iterator[Step]:
    """Somebody new makes their keys: telephone, sheet, fingerprint."""
    mark = "".join(secrets.choice("bdfgjlmnrstv") + secrets.choice("aiou") for _ in range(3))
    newcomer, officer, stranger = (
        Newcomer(f"Perrine {mark.capitalize()}", f"perrine.{mark}"),
        guide.person("noemie.darquelin"),
        guide.somebody(),
    )
    makes_keys(stranger, newcomer, opens_an_account(officer, newcomer))
    yield "accounts.create", officer.page
    yield guide.at(stranger)
    proves_the_telephone(stranger, newcomer)
    yield guide.at(stranger)
    prints_the_sheet(stranger)
    yield guide.at(stranger)
    certifies(officer, newcomer, spelled(stranger.page))
    admits(guide.person("claire.vasselane"), newcomer)
    comes_to_the_charter(stranger, newcomer)
    yield guide.at(stranger)


def in_a_meeting(guide: Guide) -> Iterator[Step]:
    """From the sheet of who is there to the close, with the cover over it."""
    steward = guide.person("claire.vasselane")
    meeting = room.prepares(steward)
    steward.follows("Choisir aussi parmi les autres situations")
    room.puts(steward, 3)
    yield guide.at(steward)
    steward.follows("Préparer les points")
    yield guide.at(steward)
    steward.presses(room.button(steward, "Enregistrer"))
    steward.presses(room.button(steward, "Convoquer"))
    steward.follows("Ouvrir la séance")
    yield guide.at(steward)
    steward.goes_to(meeting)
    room.takes_the_screen(steward)
    yield guide.at(steward)
    for name in ("Claire Vasselane", "Lucie Brancelot"):
        room.is_there(steward, name, "Présent·e")
    room.keeps_the_sheet(steward)
    yield guide.at(steward)
    yield guide.goes(steward, f"{meeting}/feuille-signee")
    steward.goes_to(f"{meeting}/seance")
    yield from _the_items(guide, steward)


def _the_items(guide: Guide, steward: Visitor) -> Iterator[Step]:
    """A file before the room, on a member's own device too; what is decided of it, the close; then all of it covered."""
    steward.page.keyboard.press("n")
    steward.page.locator(".room-file").wait_for()
    yield guide.at(steward)
    room_at, member = steward.path, guide.person("lucie.brancelot")
    yield guide.goes(member, f"{room_at}/suivre")
    for name in ("Décider", "Clore"):
        steward.goes_to(room_at)
        steward.follows(re.compile(name))
        yield guide.at(steward)
    steward.goes_to(room_at)
    steward.presses(steward.page.get_by_role("button", name=re.compile("Couvrir")).first)
    yield guide.at(steward)
    room.uncovers(steward)


def beyond_the_house(guide: Guide) -> Iterator[Step]:
    """A link for a partner without an account, what it opens, and after the answer."""
    lead, partner = guide.person("celia.pontavel"), guide.somebody()
    lead.goes_to("/dossiers")
    lead.presses(lead.page.locator("tbody tr").filter(has_text="en cours").first.locator("a.row-link"))
    support.begins_an_orientation(lead, lead.path.rpartition("/")[2], "Aide financière")
    lead.page.locator("label.choice").filter(has_text="Épicerie solidaire").locator("input").check()
    yield guide.at(lead)
    support.sends_it(lead, f"Un colis par semaine, référence {secrets.token_hex(6)}.")
    yield guide.at(lead)
    lead.follows("Faire un lien pour ce partenaire")
    yield guide.at(lead)
    lead.presses(room.button(lead, "Faire un lien"))
    yield "partner_links.once", lead.page
    link, code = (lead.page.locator(f"[data-{each}]").inner_text() for each in ("link", "code"))
    support.opens_the_link(partner, link, code)
    yield guide.at(partner)


def in_the_night(guide: Guide) -> Iterator[Step]:
    """Somebody on call opens a dossier."""
    steward, on_call, why = guide.person("claire.vasselane"), guide.person("lucie.brancelot"), f"Fugue, référence {secrets.token_hex(6)}."
    guide.town.typed.append(why)
    names_who_is_on_call(steward, "Lucie Brancelot")
    _, first, last, born = reads_whom_it_is_about(steward)
    on_call.goes_to("/acces-urgent")
    asks(on_call, first, last, born, why)
    yield guide.at(on_call)


def from_a_call_to_the_end(guide: Guide) -> Iterator[Step]:
    """A call is noted and taken up, somebody reaches the person against a precaution, and the person ends it all."""
    police, lead = guide.person("julien.marchelade"), guide.person("celia.pontavel")
    family = f"Quibérac-{secrets.token_hex(4)}"
    guide.town.typed += [family, support.PHONE]
    number = support.notes_a_call(police, family)
    yield guide.at(police)
    support.is_retained(guide.person("marion.saulnaie"), number, "Célia Pontavel")
    yield guide.goes(lead, f"/dossiers/{number}/joindre")
    reaches_all_the_same(lead)
    yield guide.at(lead)
    officer = guide.person("basile.ormeval")
    officer.goes_to("/acces-urgents/precautions")
    officer.follows(number)
    yield guide.at(officer)
    lead.goes_to(f"/dossiers/{number}/arret")
    lead.presses(room.button(lead, "Mettre fin au suivi"))
    yield guide.goes(guide.person("marion.saulnaie"), f"/dossiers/{number}/revue")


def reaches_all_the_same(lead: Visitor) -> None:
    """By a way that is not the safe one, with a reason."""
    page = lead.page
    page.locator("[name=channel][value=visit]").check()
    page.locator("[name=purpose]").first.check()
    page.get_by_label("Jour").fill(f"{datetime.now(tz=PARIS) + timedelta(days=1):%Y-%m-%d}")
    page.get_by_label("Heure").fill("10:00")
    page.locator("[name=override]").select_option(index=1)
    page.locator("[name=text]").fill(why := f"Elle l’a demandé elle-même au téléphone, référence {secrets.token_hex(6)}.")
    lead.town.typed.append(why)
    lead.presses(room.button(lead, "Prévoir"))


def in_the_journal(guide: Guide) -> Iterator[Step]:
    """Who saw a file in a meeting, and who heard it."""
    auditor = guide.person("irene.castelbrun")
    for paper in guide.town.truth("Nord"):
        found = re.search(r'href="(/journal/reunion/[^"]+)"', auditor.fetches(f"/journal?dossier={paper['number']}")[1])
        if found:
            yield guide.goes(auditor, found[1])
            return


DOORS: tuple[Walk, ...] = (at_the_door, coming_in, in_a_meeting, beyond_the_house, from_a_call_to_the_end, in_the_night, in_the_journal)
WALKS = (*(of(username) for username in PEOPLE), *DOORS)
