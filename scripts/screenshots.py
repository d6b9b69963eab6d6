"""Pictures of the screens: docs/screens/*.png, of a fictional town. Run through scripts/screenshots."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.journeys import room, support
from tests.journeys.town import Town, served_town
from tests.journeys.visitor import Visitor, Wire

FOLDER = Path(__file__).parent.parent / "docs" / "screens"
LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
HEAVIEST = 250_000  # bytes of one picture
LEAD, HEAD, AUDITOR = "lucie.brancelot", "agathe.roquebel", "irene.castelbrun"
STEWARD, VICTIMS_LEAD, OFFICER = "claire.vasselane", "celia.pontavel", "noemie.darquelin"
REFERENT, COLLEAGUE = "julien.marchelade", "gisele.rouvrenac"
WITHOUT_ACCOUNT, NEED = "Épicerie solidaire", "Aide financière"
EXPECTED = "Deux colis par mois, à retirer le vendredi."
COMING, HELD = "À venir", "Passées"
THERE = ("Lucie Brancelot", "Marc Plessandre", "Solène Maurepin")
DECIDED = "La reprise se fait par demi-journées, avec la vie scolaire ; un point avec la mère avant les vacances."


def main() -> None:
    """Build a town, walk through it, keep a picture of each screen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, served_town(Path(folder), dossiers=80) as town, a_browser() as browser:
        walks = (
            the_lead, the_school_head, the_steward, the_victims_lead, the_officer, the_meeting_room, the_auditor, the_convened,
            the_police_referent, the_association, the_wall,
        )  # fmt: skip
        for walk in walks:
            walk(browser, town)


def the_lead(browser: Browser, town: Town) -> None:
    """Signing in, her day, her dossiers, a search, one dossier on a laptop and on a phone, a note about to be written, a history."""
    page = at_the_door(browser, town)
    keep(page, "sign-in")
    enter(page, town, LEAD)
    keep(page, "day")
    page.goto(f"{town.url}/dossiers")
    keep(page, "my-dossiers")
    address = town.url + longest(page, town)
    page.goto(address)
    keep(page, "dossier")
    page.get_by_role("link", name="Écrire une note").first.click()
    page.get_by_label("Note", exact=True).fill(
        "Rencontre à la médiathèque, avec la mère. Les cours d’histoire reprennent lundi ; la famille le dira au collège elle-même."
    )
    page.get_by_label("Note", exact=True).blur()
    keep(page, "note", whole=True)
    page.goto(f"{address}/historique")
    keep(page, "history")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict with the two keys it wants
    page.goto(address)
    keep(page, "dossier-360")
    page.goto(f"{town.url}/jour")
    keep(page, "day-360")


def the_school_head(browser: Browser, town: Town) -> None:
    """A saisine about to be sent."""
    page = at_the_door(browser, town)
    enter(page, town, HEAD)
    page.get_by_role("link", name="Saisir la cellule").first.click()
    page.get_by_label("Les faits").fill("Douze demi-journées d’absence depuis la rentrée de novembre, la mère prévient à chaque fois.")
    keep(page, "saisine", whole=True)


def the_steward(browser: Browser, town: Town) -> None:
    """What waits for the steward, and the cell."""
    page = at_the_door(browser, town)
    enter(page, town, STEWARD)
    page.goto(f"{town.url}/saisines")
    keep(page, "examination")
    page.goto(f"{town.url}/cellules")  # of somebody who keeps one cell, this is that cell
    keep(page, "cell")


def the_victims_lead(browser: Browser, town: Town) -> None:
    """A dossier of the victims' cell: no address, a safe contact for those who keep it."""
    page = at_the_door(browser, town)
    enter(page, town, VICTIMS_LEAD)
    page.goto(f"{town.url}/dossiers")
    page.goto(town.url + longest(page, town))
    keep(page, "victims")


def the_officer(browser: Browser, town: Town) -> None:
    """The accounts."""
    page = at_the_door(browser, town)
    enter(page, town, OFFICER)
    keep(page, "accounts")


def the_auditor(browser: Browser, town: Town) -> None:
    """Who opened what, and who saw a file in a meeting."""
    page = at_the_door(browser, town)
    enter(page, town, AUDITOR)
    keep(page, "journal")
    for number in (paper["number"] for paper in town.truth("Nord")):
        page.goto(f"{town.url}/journal?dossier={number}")
        shown = page.get_by_role("listitem").filter(has_text="Montré à").get_by_role("link")
        if shown.count():
            shown.first.click()
            keep(page, "meeting-seen")
            return


def the_meeting_room(browser: Browser, town: Town) -> None:
    """The agenda of the next meeting; then one of today, of three dossiers: a file before the room, a decision, the close."""
    page = at_the_door(browser, town)
    enter(page, town, STEWARD)
    page.goto(f"{town.url}/reunions")
    follow(page, COMING)
    keep(page, "meeting-agenda")
    steward = Visitor(page, town, Wire(), lambda _page: None)
    room.prepares(steward)
    steward.follows("Choisir aussi parmi les autres situations")
    room.puts(steward, 6)
    steward.follows("Préparer les points")
    for place in range(1, 7):
        room.concerns(steward, place, THERE)
    page.get_by_label("Question posée").first.fill("Qui revoit la famille avant les vacances ?")
    steward.presses(room.button(steward, "Enregistrer"))
    steward.presses(room.button(steward, "Convoquer"))
    room.takes_the_screen(steward)
    for name in THERE:
        room.is_there(steward, name, "Présent·e")
    room.keeps_the_sheet(steward)
    page.keyboard.press("n")
    page.locator(".room-file").wait_for()
    keep(page, "meeting-room")
    page.keyboard.press("d")
    page.wait_for_url("**/decision")
    page.keyboard.press("1")
    page.get_by_label("Ce qui est décidé").fill(DECIDED)
    page.locator("[name=actions-0-text]").fill("Prendre rendez-vous avec la vie scolaire.")
    page.locator("[name=actions-0-owner]").select_option(index=5)
    keep(page, "meeting-decision")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/seance")
    steward.follows("Clore")
    keep(page, "meeting-closing")


def the_convened(browser: Browser, town: Town) -> None:
    """On a member's telephone: own items of the next meeting, minutes of the last one, actions, the directory."""
    page = at_the_door(browser, town)
    enter(page, town, LEAD)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # as above
    page.goto(f"{town.url}/reunions")
    follow(page, COMING, last=True)
    page.locator("#points").evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
    keep(page, "meeting-own-360")
    page.goto(f"{town.url}/reunions")
    follow(page, HELD)
    page.get_by_role("link", name="Relevé de décisions").click()
    keep(page, "minutes-360")
    page.goto(f"{town.url}/actions")
    keep(page, "actions-360")
    page.goto(f"{town.url}/annuaire")
    keep(page, "directory-360")


def the_police_referent(browser: Browser, town: Town) -> None:
    """A call about to be noted."""
    page = at_the_door(browser, town)
    enter(page, town, REFERENT)
    page.goto(f"{town.url}/saisir/appel")
    page.get_by_label("Qui oriente la personne").select_option(index=1)
    page.get_by_role("radio", name="Appel").check()
    page.get_by_label("Jours et heures").fill("mardi et jeudi 9h-11h30")
    page.get_by_label("Comment se présenter").fill("Claire, de la médiathèque")
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    keep(page, "call")


def the_association(browser: Browser, town: Town) -> None:
    """An orientation written, sent and received, the page of a partner without an account, the week of permanences."""
    page = at_the_door(browser, town)
    enter(page, town, VICTIMS_LEAD)
    page.goto(f"{town.url}/dossiers")
    lead = Visitor(page, town, Wire(), lambda _page: None)
    support.begins_an_orientation(lead, longest(page, town).rpartition("/")[2], NEED)
    page.locator("label.choice").filter(has_text=WITHOUT_ACCOUNT).locator("input").check()
    keep(page, "orientation-new")
    support.sends_it(lead, EXPECTED)
    keep(page, "orientation-sent", whole=True)
    link, code = support.makes_a_link(lead)
    partner = Visitor(at_the_door(browser, town), town, Wire(), lambda _page: None)
    support.opens_the_link(partner, link, code)
    keep(partner.page, "partner", whole=True)
    page.goto(f"{town.url}/permanences")
    keep(page, "permanences")
    colleague = at_the_door(browser, town)
    enter(colleague, town, COLLEAGUE)
    colleague.goto(f"{town.url}/orientations")
    colleague.get_by_role("region", name="Reçues").locator("a.row-link").last.click()
    keep(colleague, "orientation-received", whole=True)


def the_wall(browser: Browser, town: Town) -> None:
    """A dossier that is closed to somebody."""
    page = at_the_door(browser, town)
    enter(page, town, STEWARD)
    for number in (paper["number"] for paper in town.truth("Nord")):
        shown = page.goto(f"{town.url}/dossiers/{number}/separation")
        if shown is not None and shown.ok and page.get_by_role("button", name="Lever").count():
            keep(page, "wall", whole=True)
            return


def follow(page: Page, heading: str, *, last: bool = False) -> None:
    """Open a meeting of one of the two lists: its first, or its last that examines situations."""
    table = page.get_by_role("table", name=f"Les réunions {heading.lower()}")
    lines = table.get_by_role("row").filter(has_text="Cellule de suivi").get_by_role("link")
    (lines.last if last else lines.first).click()


def longest(page: Page, town: Town) -> str:
    """The address of the lead's dossier that has most notes."""
    notes = {paper["number"]: len(paper["notes"]) for paper in town.truth()}
    addresses = [urlsplit(link.get_attribute("href") or "").path for link in page.locator("a.row-link").all()]
    return max(addresses, key=lambda address: notes.get(address.rpartition("/")[2], 0))  # the town’s calls are in no paper


def at_the_door(browser: Browser, town: Town) -> Page:
    """A browser of somebody's own, in French, showing the sign-in page."""
    page = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport=LAPTOP).new_page()  # type: ignore[arg-type]  # as above
    page.goto(f"{town.url}/connexion")
    return page


def enter(page: Page, town: Town, username: str) -> None:
    """Sign in."""
    account: dict[str, Any] = town.account(username=username)
    page.get_by_label("Identifiant").fill(username)
    page.get_by_label("Phrase de passe").fill(account["passphrase"])
    page.get_by_label("Code à usage unique").fill(town.code(account))
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url(lambda url: urlsplit(url).path != "/connexion")


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """One picture. Raises RuntimeError when it is too heavy for a repository."""
    page.wait_for_load_state("load")
    picture = page.screenshot(path=FOLDER / f"{name}.png", full_page=whole)
    if len(picture) > HEAVIEST:
        raise RuntimeError(f"{name}.png weighs {len(picture)} bytes, more than {HEAVIEST}")


@contextmanager
def a_browser() -> Iterator[Browser]:
    """The system's Chromium."""
    program = os.environ.get("CASEWORK_CHROMIUM") or shutil.which("chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=program, args=["--disable-gpu", "--lang=fr-FR", *sandbox], env={**os.environ, "LANGUAGE": "fr"}
        )
        yield browser
        browser.close()


if __name__ == "__main__":
    main()
