"""A real browser, a served town, and the accessibility rules."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.journeys.town import Town, served_town

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SignIn = Callable[..., Page]
Accessible = Callable[[Page], None]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The demo town, small, on SQLite, served on loopback."""
    with served_town(tmp_path_factory.mktemp("town")) as served:
        yield served


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for the run. A missing one is a failure, never a skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = os.environ.get("CASEWORK_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.fail("The journeys need a browser: install the system package chromium, or run scripts/test, which does.")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses its sandbox to root
    chromium = playwright.chromium.launch(executable_path=program, args=QUIET + sandbox)
    yield chromium
    chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of somebody's own: no cookie from another test, French, an old laptop's screen."""
    opened = browser.new_context(locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(15_000)  # milliseconds
    yield opened
    opened.close()


@pytest.fixture
def complaints(context: BrowserContext) -> Iterator[list[str]]:
    """What the browser complained about: a script error, a refused resource, a foreign address. Any fails the test at its end."""
    heard: list[str] = []
    context.on("console", lambda message: heard.append(message.text) if is_complaint(message.type, message.text) else None)
    context.on("weberror", lambda problem: heard.append(str(problem.error)))
    context.on("request", lambda request: heard.append(f"foreign address {request.url}") if is_foreign(request.url) else None)
    yield heard
    assert not heard, "\n".join(heard)


@pytest.fixture
def page(context: BrowserContext, complaints: list[str]) -> Page:
    """An empty page whose complaints fail the test."""
    return context.new_page()


@pytest.fixture
def sign_in(town: Town, context: BrowserContext, complaints: list[str]) -> SignIn:
    """`sign_in(position="auditor")`: a page of that account, signed in through the form. One account for each test."""

    def enter(**wanted: str) -> Page:
        account, page = town.account(**wanted), context.new_page()
        page.goto(f"{town.url}/connexion")
        page.fill("[name=username]", account["username"])
        page.fill("[name=passphrase]", account["passphrase"])
        page.fill("[name=code]", town.code(account))
        page.press("[name=code]", "Enter")
        page.wait_for_url(lambda url: urlsplit(url).path != "/connexion")
        return page

    return enter


@pytest.fixture(scope="session")
def accessible() -> Accessible:
    """`accessible(page)` fails when axe finds anything. Read through evaluate: a strict policy refuses added scripts."""
    if not AXE.is_file():
        pytest.fail("The accessibility rules are missing: run scripts/test, which installs them from tests/journeys/package-lock.json.")
    rules = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(rules)
        found: list[dict[str, Any]] = page.evaluate("async () => (await axe.run()).violations")
        assert not found, "\n".join(sentence(violation) for violation in found)

    return check


def sentence(violation: dict[str, Any]) -> str:
    """What is wrong, and where."""
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {places}"


def is_complaint(kind: str, text: str) -> bool:
    """Errors of the page. A refusal's own status (404, 403, 422) is an answer that tests look at themselves."""
    return kind == "error" and "Failed to load resource" not in text


def is_foreign(url: str) -> bool:
    """Anything that leaves this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"127.0.0.1", "localhost", "::1"}
