"""Every way in which a page can fail somebody who reads it small, large, or without a mouse: one sentence for each, with its place.

WCAG 2.2 AA and RGAA 4.1 as far as a machine can tell: reflow, resize, text spacing, focus visible and not obscured, target size, structure.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.journeys.visitor import Accessible

SURVEY = Path(__file__).with_name("survey.js").read_text(encoding="utf-8")
PATIENCE = 3  # presses of Tab for each stop: a date field takes one for each of its parts


@dataclass(frozen=True, slots=True)
class Screen:
    """What a page is shown on: CSS pixels, how many real ones each has, and whether letters stand apart (WCAG 1.4.12)."""

    name: str
    width: int
    height: int
    zoom: int = 1
    spaced: bool = False


LAPTOP = Screen("1280 px", 1280, 800)
ZOOMED = Screen("1280 px at 200 %", 640, 400, zoom=2)
PHONE = Screen("360 px", 360, 740)
NARROWEST = Screen("320 px", 320, 640)
SPACED = Screen("360 px, letters apart", 360, 740, spaced=True)
SCREENS = (LAPTOP, ZOOMED, PHONE, NARROWEST, SPACED)
WALKED = (LAPTOP, ZOOMED, PHONE)
"""Where the Tab key goes through the page as well."""


class Inspector:
    """Looks at pages with all instruments. accessible: the rules of axe, which speak at a laptop's and a telephone's width."""

    def __init__(self, accessible: Accessible) -> None:
        self.accessible = accessible

    def inspect(self, page: Page, screens: Iterable[Screen] = SCREENS) -> list[str]:
        """What is wrong with the page in front of somebody, on each screen."""
        page.emulate_media(reduced_motion="reduce")  # what scrolls smoothly is not there yet when it is looked at
        session = page.context.new_cdp_session(page)
        page.evaluate(SURVEY)
        found = list(page.evaluate("() => survey.page()"))
        for screen in screens:
            found += [f"{screen.name}: {each}" for each in self._on(screen, page, session)]
        page.evaluate("() => survey.spaced(false)")
        put_on(LAPTOP, session)
        session.detach()
        return found

    def _on(self, screen: Screen, page: Page, session: CDPSession) -> Iterator[str]:
        put_on(screen, session)
        page.evaluate("(spaced) => survey.spaced(spaced)", screen.spaced)
        page.evaluate("() => survey.unfold()")
        yield from page.evaluate("() => survey.laid()")
        if screen in {LAPTOP, PHONE}:
            yield from said(lambda: self.accessible(page))
        if screen in WALKED:
            yield from by_keyboard(page)


def put_on(screen: Screen, session: CDPSession) -> None:
    """Show the page on this screen."""
    shown = {"width": screen.width, "height": screen.height, "deviceScaleFactor": screen.zoom, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", shown)


def by_keyboard(page: Page) -> list[str]:
    """Go through the page with the Tab key: what has the focus is seen to have it, and nothing is passed by."""
    stops: int = page.evaluate("() => survey.begin()")
    found: list[str] = []
    for _ in range(PATIENCE * stops + 20):
        page.keyboard.press("Tab")
        arrived: dict[str, Any] = page.evaluate("() => survey.arrive()")
        found += arrived["wrong"]
        if arrived["done"]:
            break
    return found[:5] + list(page.evaluate("() => survey.missed()"))


def said(check: Callable[[], None]) -> list[str]:
    """The sentences of a check that fails."""
    try:
        check()
    except AssertionError as problem:
        return str(problem).splitlines()
    return []
