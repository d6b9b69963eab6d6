"""A meeting of 30 dossiers and 15 members: opening it (sealing all boxes), and the next file on the screen, server side.

A browser adds its own time to the second; what a person waits for in one is measured with it and told in docs/decisions/0004.
"""

import logging
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import quantiles
from threading import Thread

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from benchmarks.places import house_at, on_both
from benchmarks.report import Figure
from casework import services
from casework.cli.server import settle
from casework.web import create_app
from tests import house as houses
from tests.house import END, House
from tests.services.meeting.room import Room, convene
from tests.web.conftest import TOKEN

DOSSIERS, MEMBERS, NOTES = 30, 15, 4
PROFESSIONS = (
    ("social_worker", "Département de l’Orle"),
    ("specialised_educator", "Département de l’Orle"),
    ("school_head", "Collège des Tilleuls"),
    ("municipal_police", "Ville de Valmorel-sur-Orle"),
    ("youth_employment", "Ville de Valmorel-sur-Orle"),
)
OPENING = 1.0  # seconds
NEXT = 0.1  # seconds, 95th percentile
ROUNDS = 2
CODE = "2580"
WATCH = """() => {
  document.addEventListener("keydown", () => { window.begun = performance.now(); }, true);
  const painted = () => { window.spent = performance.now() - window.begun; };
  new MutationObserver(() => requestAnimationFrame(painted)).observe(document.body, {childList: true});
}"""
"""Measured by the page itself: from the key to the frame that paints the next file, without the time of whoever drives the browser."""


def figures() -> list[Figure]:
    """Both on both databases."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return on_both(_figures)


def _figures(name: str, url: str | None) -> Iterator[Figure]:
    with peopled(url) as room:
        settle()
        begin = time.perf_counter()
        given = services.opening.open(room.steward, room.meeting, CODE, CODE)
        spent = time.perf_counter() - begin
        assert given > DOSSIERS * MEMBERS, given
        yield Figure(f"{name}: opening {DOSSIERS} dossiers, {MEMBERS} members, {given} boxes", spent, OPENING, "s")
        services.attendance.keep(room.steward, room.meeting, dict.fromkeys(room.seats.values(), ("convened", "present")))
        spent = quantiles(_called(room), n=20)[-1]
        yield Figure(f"{name}: next file on screen, server side, 95th percentile", spent, NEXT, "s")
        spent = quantiles(_pressed(room), n=20)[-1]
        yield Figure(f"{name}: next file on screen, in a browser, 95th percentile", spent, NEXT, "s")


def _called(room: Room) -> list[float]:
    """Seconds of each call with the page that follows it: every item in turn, as the key does it."""
    client = create_app(room.house.instance).test_client()
    client.set_cookie("sid", services.sessions.start(room.steward))
    page = f"/reunions/{room.meeting}/seance"
    found = TOKEN.search(client.get(page).text)
    assert found
    times = []
    for _ in range(ROUNDS):
        for item in room.items.values():
            begin = time.perf_counter()
            address, token = f"/reunions/{room.meeting}/points/{item}/appel", {"csrf_token": found[1]}
            answer = client.post(address, data=token, headers={"X-Seance": "1"})
            times.append(time.perf_counter() - begin)
            assert answer.status_code == 200
            assert "né en 2012" in answer.text
    return times


def _pressed(room: Room) -> list[float]:
    """Seconds from the key to the loaded page, in a browser on this machine: from the first item to the last and back."""
    server = make_server("127.0.0.1", 0, create_app(room.house.instance), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    url, secret = f"http://127.0.0.1:{server.port}", services.sessions.start(room.steward)
    services.showing.call_place(room.steward, room.meeting, 1)
    times = []
    with sync_playwright() as driver:
        program = os.environ.get("CASEWORK_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        browser = driver.chromium.launch(executable_path=program, args=["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])])
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "sid", "value": secret, "url": url, "sameSite": "Strict"}])
        page = context.new_page()
        page.goto(f"{url}/reunions/{room.meeting}/seance")
        page.evaluate(WATCH)
        for key in "n" * (DOSSIERS - 1) + "p" * (DOSSIERS - 1):
            shown = page.locator("#numero").text_content()
            page.keyboard.press(key)
            page.locator("#numero").filter(has_not_text=shown or "").wait_for()
            page.evaluate("() => new Promise(requestAnimationFrame)")
            times.append(float(page.evaluate("window.spent")) / 1000)
        browser.close()
    server.shutdown()
    return times


@contextmanager
def peopled(url: str | None) -> Iterator[Room]:
    """A cell of fifteen members, all concerned by each of thirty dossiers that have been followed for a while."""
    with house_at(url) as house:
        names = members(house)
        yield convene(house, {_followed(house, place): names for place in range(DOSSIERS)})


def members(house: House) -> list[str]:
    """The members of the north cell and as many more as it takes."""
    names = ["alice", "bob", "hugo", "paula"]
    for place in range(MEMBERS - len(names)):
        name = f"membre{place}"
        profession, institution = PROFESSIONS[place % len(PROFESSIONS)]
        houses.enrol(house, name, profession, institution)
        services.cells.admit(house.stella, house.cells["nord"], name, "member", act="acte 9", until=END, charter_sheet="acte 9")
        house.actors[name] = house.sign_in(name)
        names.append(name)
    return names


def _followed(house: House, place: int) -> str:
    """A dossier with some notes in it."""
    number = house.follow(f"Quibérac-{place}")
    for each in range(NOTES):
        text = (f"Point d’étape {each} avec la famille et l’établissement. " * 12)[:500]
        house.note(house.alice, number, text, compartment=("confidential", "decisions")[each % 2])
    return number
