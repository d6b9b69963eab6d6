"""Somebody new comes in: account, keys, telephone, sheet, fingerprint, certificate, admission, charter. Two browsers, one voice."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewContext, SignIn
from tests.journeys.town import Town
from tests.journeys.visitor import Accessible, Visitor, Wire

STEWARD = "claire.vasselane"


@dataclass(slots=True)
class Newcomer:
    """Who comes in, and what they keep."""

    name: str
    username: str
    passphrase: str = ""
    key: str = ""

    @property
    def account(self) -> dict[str, str]:
        """As the town keeps its own accounts: it gives each code once, and the first one proved the telephone."""
        return {"username": self.username, "totp_secret": self.key.replace(" ", "")}


@pytest.fixture
def newcomer() -> Newcomer:
    """Nobody the town knows."""
    mark = "".join(secrets.choice("bdfgjlmnrstv") + secrets.choice("aiou") for _ in range(3))
    return Newcomer(f"Perrine {mark.capitalize()}", f"perrine.{mark}")


@pytest.fixture(params=[(1280, True), (360, False)], ids=["laptop", "telephone without script"])
def stranger(request: pytest.FixtureRequest, new_context: NewContext, town: Town, wire: Wire, accessible: Accessible) -> Visitor:
    """The newcomer's own browser."""
    width, javascript = request.param
    looked = accessible if javascript else (lambda _page: None)  # the rules are a script
    return Visitor(new_context(width=width, javascript=javascript).new_page(), town, wire, looked)


def spelled(page: Page) -> str:
    """What the page gives to copy."""
    return (page.locator(".spelled").last.text_content() or "").strip()


def test_somebody_comes_in(stranger: Visitor, sign_in: SignIn, newcomer: Newcomer) -> None:
    """From a code on paper to the first page."""
    officer = sign_in(position="officer")
    code = opens_an_account(officer, newcomer)
    makes_keys(stranger, newcomer, code)
    proves_the_telephone(stranger, newcomer)
    prints_the_sheet(stranger)
    aloud = spelled(stranger.page)
    certifies(officer, newcomer, aloud)
    stranger.page.reload()
    assert "Vos clés sont certifiées." in stranger.text
    stranger.presses(stranger.page.get_by_role("button", name="Terminer"))
    assert stranger.path == "/connexion"
    admits(sign_in(username=STEWARD), newcomer)
    comes_to_the_charter(stranger, newcomer)
    signs_the_charter(stranger, newcomer)


def opens_an_account(officer: Visitor, newcomer: Newcomer) -> str:
    """The officer's form; the code is shown once, a reload does not bring it back."""
    officer.goes_to("/")
    assert officer.path == "/comptes"
    officer.follows("Ouvrir un compte")
    page = officer.page
    page.get_by_label("Prénom et nom").fill(newcomer.name)
    page.get_by_label("Identifiant").fill("Perrine É")
    page.get_by_label("au féminin").check()
    page.get_by_label("Fonction").fill("assistante sociale")
    page.get_by_label("Profession", exact=True).select_option("social_worker")
    page.get_by_label("Institution").select_option(index=1)
    officer.presses(page.get_by_role("button", name="Ouvrir le compte"))
    expect(page.locator("#username-error")).to_contain_text("sans accent")
    assert page.get_by_label("Prénom et nom").input_value() == newcomer.name
    page.get_by_label("Identifiant").fill(newcomer.username)
    officer.presses(page.get_by_role("button", name="Ouvrir le compte"))
    assert "en main propre" in officer.text
    return spelled(page)


def makes_keys(stranger: Visitor, newcomer: Newcomer, code: str) -> None:
    """By keyboard, with the passphrase that was proposed."""
    stranger.goes_to("/connexion")
    stranger.follows("Première connexion")
    page = stranger.page
    newcomer.passphrase = spelled(page)
    page.locator("#username").fill(newcomer.username)
    page.get_by_label("Code d’enrôlement").fill(code)
    page.locator("#passphrase").fill("courte")
    page.locator("#repeated").fill("courte")
    with page.expect_navigation():
        page.locator("#repeated").press("Enter")
    stranger.looks()
    expect(page.locator("#passphrase-error")).to_contain_text("14")
    page.locator("#passphrase").fill(newcomer.passphrase)
    page.locator("#repeated").fill(newcomer.passphrase)
    with page.expect_navigation():
        page.locator("#repeated").press("Enter")
    stranger.looks()
    stranger.town.typed.append(newcomer.passphrase)


def proves_the_telephone(stranger: Visitor, newcomer: Newcomer) -> None:
    """The picture has its text; a reload shows the same key; a wrong code stays here."""
    page = stranger.page
    assert stranger.path == "/enrolement/telephone"
    expect(page.get_by_role("img", name="Code QR")).to_be_visible()
    newcomer.key = spelled(page)
    page.reload()
    assert spelled(page) == newcomer.key
    stranger.town.typed.append(newcomer.key.replace(" ", ""))
    page.get_by_label("Code affiché par le téléphone").fill("000 000")
    stranger.presses(page.get_by_role("button", name="Vérifier et continuer"))
    expect(page.locator("#code-error")).to_be_visible()
    page.get_by_label("Code affiché par le téléphone").fill(stranger.town.code(newcomer.account))
    stranger.presses(page.get_by_role("button", name="Vérifier et continuer"))


def prints_the_sheet(stranger: Visitor) -> None:
    """On paper there is the sheet and nothing around it."""
    page = stranger.page
    assert stranger.path == "/enrolement/feuille"
    stranger.town.typed.append(spelled(page).replace(" ", ""))
    page.emulate_media(media="print")
    expect(page.locator(".spelled")).to_be_visible()
    expect(page.locator("header.top")).to_be_hidden()
    page.emulate_media(media="screen")
    stranger.follows("Ma feuille est imprimée ou recopiée")
    assert stranger.path == "/enrolement/empreinte"


def certifies(officer: Visitor, newcomer: Newcomer, aloud: str) -> None:
    """The officer types what they hear; a wrong sign is an error in place, and the right one is never shown."""
    officer.goes_to("/comptes")
    officer.follows(newcomer.name)
    assert "clés à certifier" in officer.text
    field = officer.page.get_by_label("Empreinte lue par la personne")
    assert field.input_value() == ""
    misheard = ("0" if aloud[0] != "0" else "1") + aloud[1:]
    field.fill(misheard)
    officer.presses(officer.page.get_by_role("button", name="Certifier ces clés"))
    expect(officer.page.locator("#fingerprint-error")).to_be_visible()
    assert aloud not in officer.page.content()
    field.fill(aloud.upper())
    officer.presses(officer.page.get_by_role("button", name="Certifier ces clés"))
    assert "Les clés de la personne sont certifiées." in officer.text


def admits(steward: Visitor, newcomer: Newcomer) -> None:
    """The steward lets them in for six months; they are to sign the charter."""
    steward.goes_to("/")
    steward.follows(re.compile("^Cellule$"), inside="header")
    steward.follows("Admettre une personne")
    page = steward.page
    page.get_by_label("Personne", exact=True).select_option(newcomer.username)
    page.get_by_label("membre", exact=True).check()
    page.get_by_label("Référence de l’acte").fill("Arrêté 2026-77")
    page.get_by_label("Habilitation jusqu’au").fill((date.today() + timedelta(days=500)).isoformat())  # noqa: DTZ011  # the browser's day
    steward.presses(page.get_by_role("button", name="Admettre"))
    expect(page.locator("#until-error")).to_contain_text("un an")
    page.get_by_label("Habilitation jusqu’au").fill((date.today() + timedelta(days=180)).isoformat())  # noqa: DTZ011  # the browser's day
    steward.presses(page.get_by_role("button", name="Admettre"))
    row = page.locator("tbody tr").filter(has_text=newcomer.name)
    expect(row).to_contain_text("charte à signer")


def comes_to_the_charter(stranger: Visitor, newcomer: Newcomer) -> None:
    """Signed in for the first time, it is what they find."""
    page, town = stranger.page, stranger.town
    stranger.goes_to("/connexion")
    page.get_by_label("Identifiant").fill(newcomer.username)
    page.get_by_label("Phrase de passe").fill(newcomer.passphrase)
    page.get_by_label("Code à usage unique").fill(town.code(newcomer.account))
    stranger.presses(page.get_by_role("button", name="Se connecter"))
    assert stranger.path == "/charte"


def signs_the_charter(stranger: Visitor, newcomer: Newcomer) -> None:
    """Nothing else is open until then; afterwards the first page is."""
    page = stranger.page
    stranger.goes_to("/dossiers")
    assert stranger.path == "/charte"
    assert "226-13" in stranger.text
    stranger.presses(page.get_by_role("button", name="Signer la charte"))
    expect(page.locator("#read-error")).to_be_visible()
    page.get_by_label("J’ai lu la charte et je la signe.").check()
    stranger.presses(page.get_by_role("button", name="Signer la charte"))
    assert stranger.path not in {"/charte", "/connexion"}
    assert newcomer.name in (page.locator("header").text_content() or "")


def test_an_enrolment_that_ended_says_how_to_go_on(stranger: Visitor) -> None:
    """Without the cookie there is nothing on these pages."""
    for path in ("telephone", "feuille", "empreinte"):
        stranger.goes_to(f"/enrolement/{path}")
        assert stranger.path == "/enrolement"
        assert "nouveau code" in stranger.text
