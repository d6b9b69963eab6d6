"""A real browser, a served town, everybody in it signed in once, and the accessibility rules."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.journeys import remains
from tests.journeys.town import Town, built_once, served_town
from tests.journeys.visitor import Accessible, Visitor, Wire, sentence

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=fr-FR",
]
LAPTOP = {"width": 1280, "height": 800}
SignIn = Callable[..., Visitor]
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory, wire: Wire) -> Iterator[Town]:
    """A copy of the run's demo town, on SQLite, served on loopback. When its journeys are over, nothing they showed or typed is left."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared  # a worker's folder lies in the run's
    with served_town(tmp_path_factory.mktemp("town"), built=built_once(shared / "town")) as served:
        yield served
        assert remains.at_rest(served) == []
        assert remains.on_the_wire(served, wire, tmp_path_factory.mktemp("wire")) == []
        assert remains.verified(served)[0] == 0


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the run. A missing one is a failure, never a skip."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CASEWORK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.fail("The journeys need a browser: install the system package chromium, or run scripts/test, which does.")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    chromium = playwright.chromium.launch(executable_path=program, args=QUIET + sandbox)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def wire() -> Wire:
    """What all browsers of the run heard and said beside the pages."""
    return Wire()


@pytest.fixture
def complaints(wire: Wire) -> Iterator[list[str]]:
    """What the browser complained about: a script error, a refused resource, a foreign address. Any fails the test at its end."""
    wire.complaints.clear()
    yield wire.complaints
    assert not wire.complaints, "\n".join(wire.complaints)


@pytest.fixture
def new_context(browser: Browser, wire: Wire, complaints: list[str]) -> Iterator[NewContext]:
    """`new_context(width=360, zoom=2, javascript=False)`: a browser of somebody's own, French, on an old laptop's screen by default."""
    opened: list[BrowserContext] = []

    def make(
        *, width: int = LAPTOP["width"], zoom: int = 1, dark: bool = False, javascript: bool = True, cookies: BrowserContext | None = None
    ) -> BrowserContext:
        screen = {"width": width // zoom, "height": LAPTOP["height"] // zoom}
        scheme = "dark" if dark else "light"
        context = open_context(
            browser, wire, viewport=screen, device_scale_factor=zoom, color_scheme=scheme, java_script_enabled=javascript
        )
        if cookies is not None:
            context.add_cookies(cookies.cookies())  # type: ignore[arg-type]  # the shape that cookies() gives is the one add_cookies takes
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def context(new_context: NewContext) -> BrowserContext:
    """A browser that nobody has signed in with."""
    return new_context()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page whose complaints fail the test."""
    return context.new_page()


@pytest.fixture
def visitor(page: Page, town: Town, wire: Wire, accessible: Accessible) -> Visitor:
    """Somebody at the door."""
    return Visitor(page, town, wire, accessible)


@pytest.fixture(scope="session")
def signed_in(browser: Browser, town: Town, wire: Wire) -> Iterator[dict[str, BrowserContext]]:
    """User name -> the browser they signed in with: once for the run, for attempts are counted."""
    inside: dict[str, BrowserContext] = {}
    yield inside
    for context in inside.values():
        context.close()


@pytest.fixture
def sign_in(
    town: Town,
    wire: Wire,
    browser: Browser,
    signed_in: dict[str, BrowserContext],
    new_context: NewContext,
    accessible: Accessible,
) -> SignIn:
    """`sign_in(position="auditor", width=360)`: that account at a page of its own. Through the form people come in in test_session."""

    def enter(*, width: int = LAPTOP["width"], zoom: int = 1, dark: bool = False, javascript: bool = True, **wanted: str) -> Visitor:
        account = town.account(**wanted)
        name = account["username"]
        if name not in signed_in or has_ended(signed_in[name], town):
            signed_in[name] = open_context(browser, wire)
            signed_in[name].add_cookies([{"name": "sid", "value": town.session(account), "url": town.url, "sameSite": "Strict"}])
        page = new_context(width=width, zoom=zoom, dark=dark, javascript=javascript, cookies=signed_in[name]).new_page()
        return Visitor(page, town, wire, accessible)

    return enter


def has_ended(context: BrowserContext, town: Town) -> bool:
    """Whether the session of this browser was shown the door: a slow run comes back to somebody after more than half an hour."""
    answer = context.request.get(town.url, max_redirects=0)
    return urlsplit(answer.headers.get("location", "")).path == "/connexion"


def open_context(browser: Browser, wire: Wire, **given: Any) -> BrowserContext:
    """A browser of somebody's own: no cookie from another, French, Paris time."""
    context = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", **{"viewport": LAPTOP, **given})
    context.set_default_timeout(15_000)  # milliseconds
    wire.listen(context)
    return context


def pass_the_door(page: Page, town: Town, account: dict[str, Any]) -> Page:
    """Sign in through the form."""
    page.goto(f"{town.url}/connexion")
    page.get_by_label("Identifiant").fill(account["username"])
    page.get_by_label("Phrase de passe").fill(account["passphrase"])
    page.get_by_label("Code à usage unique").fill(town.code(account))
    page.get_by_label("Code à usage unique").press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != "/connexion")
    return page


@pytest.fixture(scope="session")
def accessible() -> Accessible:
    """`accessible(page)` fails when axe finds anything. Read through evaluate: a strict policy refuses added scripts."""
    if not AXE.is_file():
        pytest.fail("The accessibility rules are missing: run scripts/test, which installs them from tests/journeys/package-lock.json.")
    rules = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(f"() => {{ if (!window.axe) {{ {rules} }} }}")
        found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run({resultTypes: ['violations']})).violations")
        assert not found, "\n".join(sentence(violation) for violation in found)

    return check
