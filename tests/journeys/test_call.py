"""A call is noted by keyboard alone while somebody speaks: forty key actions at most beside what is typed."""

import re
import secrets

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import Visitor

MOST = 40
ADDRESS = "/saisir/appel"


class Keys:
    """A keyboard that counts: what is typed is the caller's words, every other key is an action."""

    def __init__(self, somebody: Visitor) -> None:
        self.page, self.pressed = somebody.page, 0

    def press(self, *keys: str) -> None:
        """One action each."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def types(self, text: str) -> None:
        """Words, not actions: letters also find an option in a list."""
        self.page.keyboard.type(text)

    def reaches(self, name: str) -> None:
        """Tab until the field of this name has the focus."""
        for _ in range(MOST):
            if self.page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()") == name:
                return
            self.press("Tab")
        pytest.fail(f"{name} is out of reach")


def notes(keys: Keys, family: str, *, agreement: tuple[str, ...] = ("Space",)) -> None:
    """From the open page to the moment before it is sent, in the order of the page."""
    keys.types("Police nat")
    keys.reaches("channel")
    keys.press("Space")
    for name, words in (("value", "06 39 98 70 12"), ("hours", "mardi et jeudi 9h-11h30"), ("code_word", "le colis bleu")):
        keys.reaches(name)
        keys.types(words)
    keys.reaches("limits")
    keys.press("Space")
    keys.reaches("agreement")
    keys.press(*agreement)
    for name, words in (("last_name", family), ("first_name", "Hermeline")):
        keys.reaches(name)
        keys.types(words)
    keys.reaches("sex")
    keys.press("Space")
    keys.reaches("need-rights")
    keys.press("ArrowRight")
    keys.reaches("need-housing")
    keys.press("ArrowRight")
    keys.reaches("children")
    keys.types("2015, 2018")


def test_a_call_is_noted_by_keyboard_in_forty_actions(sign_in: SignIn) -> None:
    """The page opens on its first question; saved, its author reads it again, and nobody told the story of the facts."""
    iscg, family = sign_in(profession="iscg"), f"Quibérac-{secrets.token_hex(4)}"
    iscg.town.typed += [family, "le colis bleu", "06 39 98 70 12"]
    iscg.goes_to("/jour")
    iscg.follows("Noter un appel")
    expect(iscg.page.locator("#origin")).to_be_focused()
    assert not iscg.page.locator("textarea").count()
    keys = Keys(iscg)
    notes(keys, family)
    with iscg.page.expect_navigation():
        keys.press("Enter")
    iscg.looks()
    assert keys.pressed <= MOST, keys.pressed
    assert "L’appel est noté." in iscg.text
    assert family not in iscg.page.content()
    iscg.follows(re.compile("Relire"))
    for said in (family, "le colis bleu", "06 39 98 70 12", "mardi, jeudi de 9 h à 11 h 30", "Ne pas laisser de message"):
        assert said in iscg.text.replace("\u00a0", " "), said


def test_somebody_who_refuses_leaves_nothing(sign_in: SignIn) -> None:
    """What the page says before, and after; nothing typed is in any byte (the town is searched at the end of the run)."""
    iscg, family = sign_in(profession="iscg", width=360), f"Quibérac-{secrets.token_hex(4)}"
    iscg.town.typed.append(family)
    iscg.goes_to(ADDRESS)
    keys = Keys(iscg)
    notes(keys, family, agreement=("Space", "ArrowDown", "ArrowDown"))
    expect(iscg.page.get_by_text("Rien ne sera gardé de cette personne")).to_be_visible()
    with iscg.page.expect_navigation():
        keys.press("Enter")
    iscg.looks()
    assert "Rien n’a été gardé." in iscg.text
    iscg.goes_to(ADDRESS)
    expect(iscg.page.locator("#last_name")).to_have_value("")


def test_one_key_covers_the_call_and_not_a_word_is_lost(sign_in: SignIn) -> None:
    """Somebody comes into the room while she types: nothing is on the screen, nothing answers; with her passphrase she goes on."""
    iscg, family = sign_in(profession="iscg"), f"Quibérac-{secrets.token_hex(4)}"
    iscg.town.typed.append(family)
    iscg.goes_to(ADDRESS)
    iscg.page.locator("#last_name").fill(family)
    with iscg.page.expect_navigation():
        iscg.page.locator("#last_name").press("Escape")
    iscg.looks()
    assert iscg.path == "/ecran"
    assert family not in iscg.page.content()
    assert iscg.fetches("/jour")[0] == 303
    iscg.page.get_by_label("Phrase de passe").fill(iscg.town.account(profession="iscg")["passphrase"])
    with iscg.page.expect_navigation():
        iscg.page.keyboard.press("Enter")
    iscg.looks()
    assert iscg.path == ADDRESS
    expect(iscg.page.locator("#last_name")).to_have_value(family)
    iscg.presses(iscg.page.get_by_role("button", name="Effacer le brouillon"))


def test_one_key_empties_every_window(sign_in: SignIn) -> None:
    """Somebody looks at the laptop and changes windows: nothing stands in the other one either; asked again, it shows the cover."""
    iscg = sign_in(profession="iscg")
    iscg.goes_to("/jour")
    other = iscg.page.context.new_page()
    other.goto(iscg.town.url + "/dossiers")
    expect(other.locator("main h1")).to_be_visible()
    with iscg.page.expect_navigation():
        iscg.page.keyboard.press("Escape")
    expect(other.locator("main h1")).to_be_hidden()
    with other.expect_navigation():
        other.keyboard.press("Space")
    assert other.url == f"{iscg.town.url}/ecran"
    iscg.page.get_by_label("Phrase de passe").fill(iscg.town.account(profession="iscg")["passphrase"])
    with iscg.page.expect_navigation():
        iscg.page.keyboard.press("Enter")
    other.goto(iscg.town.url + "/dossiers")
    expect(other.locator("main h1")).to_be_visible()
    with iscg.page.expect_navigation():
        iscg.page.get_by_role("button", name="Se déconnecter").click()
    expect(other.locator("main h1")).to_be_hidden()
    other.close()


def test_without_javascript_what_was_typed_stays(sign_in: SignIn) -> None:
    """Errors stand at their fields, all at once."""
    iscg = sign_in(profession="iscg", javascript=False)
    iscg.page.goto(iscg.town.url + ADDRESS)
    iscg.page.locator("#hours").fill("mardi matin")
    iscg.page.locator("#need-money-2").check()
    with iscg.page.expect_navigation():
        iscg.page.locator("#hours").press("Enter")
    expect(iscg.page.locator("#hours")).to_have_value("mardi matin")
    expect(iscg.page.locator("#need-money-2")).to_be_checked()
    for field in ("origin", "channel", "value", "hours", "agreement", "last_name", "first_name", "sex"):
        expect(iscg.page.locator(f"#{field}-error")).to_be_visible()
