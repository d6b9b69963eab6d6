"""Mon jour: from the door to the first thing that is due, a note written, and back, by keyboard; what is new is marked; alerts leave."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from casework import services
from tests.house import House
from tests.journeys.test_edit import Enter, enter  # noqa: F401  # the fixture: a house served, a browser for each name
from tests.journeys.test_social_worker import enters, tabs_to

NAME = "Quibérac-Premier-Dû"
OTHER = "Quibérac-Second"
NEWS = "Le collège propose un stage en menuiserie."
BODY = "Vue avec sa mère à la permanence, quai Neuf."


@pytest.fixture
def due(fresh_house: House) -> str:
    """A dossier of Alice’s whose date is past; another whose date comes; news in the first since she looked."""
    number, later = fresh_house.follow(NAME), fresh_house.follow(OTHER)
    today = fresh_house.clock.now().date()
    for each, days in ((number, 0), (later, 3)):
        services.lifecycle.plan(fresh_house.alice, each, today + timedelta(days=days))
    fresh_house.open(fresh_house.alice, number)
    fresh_house.clock.advance(timedelta(minutes=2))
    fresh_house.note(fresh_house.stella, number, NEWS, compartment="decisions")
    fresh_house.clock.advance(timedelta(minutes=2))
    return number


def test_from_the_door_to_the_first_thing_due_and_back_by_keyboard(enter: Enter, due: str) -> None:  # noqa: F811  # pytest’s way
    """Sign in, Mon jour, the first due dossier, a note, back: no mouse, and the focus is always shown."""
    alice = enter("alice")
    assert alice.path == "/jour"
    alice.looks()
    tabs_to(alice.page, f"Théodule {NAME} {due}")
    enters(alice)
    assert alice.path == f"/dossiers/{due}"
    tabs_to(alice.page, "Écrire une note")
    enters(alice)
    expect(alice.page.get_by_label("Note", exact=True)).to_be_focused()
    alice.page.keyboard.type(BODY)
    expect(alice.page.locator("[data-live]")).to_contain_text("Alice")
    tabs_to(alice.page, "Enregistrer la note")
    enters(alice)
    expect(alice.page.locator(".timeline > li").filter(has_text=BODY)).to_have_count(1)
    backs_to(alice.page, "Mon jour")
    enters(alice)
    assert alice.path == "/jour"
    expect(alice.page.get_by_role("link", name="Mon jour")).to_have_attribute("aria-current", "page")


def backs_to(page: Page, name: str) -> None:
    """Press Shift and Tab, from the note that was just written up to the head of the page."""
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("() => document.activeElement.textContent.trim()") == name:
            return
    pytest.fail(f"the keyboard does not come back to {name}")


@pytest.mark.parametrize(("width", "dark"), [(360, False), (360, True), (1280, True)])
def test_news_is_marked_and_an_alert_leaves_once_seen(enter: Enter, due: str, width: int, dark: bool) -> None:  # noqa: F811  # pytest’s way
    """The change leads to the very note; the page says what is new; « Vu » takes the alert away."""
    alice = enter("alice", width=width, dark=dark)
    changed = alice.page.get_by_role("region", name="Ce qui a changé")
    expect(changed).to_contain_text("Stella")
    alice.presses(changed.get_by_role("link", name="Observation"))
    expect(alice.page.get_by_text(re.compile("Depuis votre dernière visite"))).to_be_visible()
    expect(alice.page.locator(".timeline").first).to_contain_text(NEWS)
    alice.goes_to("/jour")
    expect(alice.page.get_by_role("region", name="Ce qui a changé")).not_to_contain_text(due)
    waiting = alice.page.get_by_role("region", name="Ce qui attend ma réponse")
    before = waiting.get_by_role("button").count()
    alice.presses(waiting.get_by_role("button").first)
    assert alice.page.get_by_role("region", name="Ce qui attend ma réponse").get_by_role("button").count() == before - 1


def test_the_timeline_is_narrowed_by_codes(enter: Enter, due: str, fresh_house: House) -> None:  # noqa: F811  # pytest’s way
    """By kind, volet and author; the counts stand beside; what is old is folded on the same page."""
    for each in range(30):
        fresh_house.note(fresh_house.alice, due, f"Étape {each}.", compartment="confidential")
    fresh_house.clock.advance(timedelta(minutes=1))
    fresh_house.open(fresh_house.alice, due)
    alice = enter("alice", javascript=False)
    page = alice.page  # looked at by the rules elsewhere: they are a script
    page.goto(f"{alice.town.url}/dossiers/{due}")
    expect(page.locator("details.older summary")).to_contain_text("notes plus anciennes")
    page.get_by_label("Volet", exact=True).select_option(label="Décisions (N0) (1)")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".timeline > li")).to_have_count(1)
    assert alice.path == f"/dossiers/{due}"
    expect(page.locator("#suivi")).to_contain_text("1 sur 31")
    page.get_by_role("link", name="Tout afficher").click()
    expect(page.locator(".timeline > li")).to_have_count(31)
