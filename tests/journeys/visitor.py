"""A person at a screen. Every page they come to is looked at: accessibility rules, width, and what the browser told or was told."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Response

from tests.journeys.town import Town

Accessible = Callable[[Page], None]

SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
DARK = "() => matchMedia('(prefers-color-scheme: dark)').matches"
ONCE_ONLY = re.compile(r'(nonce="[^"]*"|name="csrf_token" value="[^"]*")')
"""What differs between two answers that are the same page: random values made for one answer."""

WORTHS = re.compile(r'\b(value|href|datetime|content|title|action|data-name)="[^"]+"')
NAMES = re.compile(r'\b(?:id|for|name|aria-\w+by|aria-controls|data-[\w-]+)="[^"]*"')
NUMBERS = re.compile(r"[0-9a-f]{32}|\d+")
TAGS = re.compile(r"<[^>]+>0?")
TEXTS = re.compile(r">[^<]*[^<\s][^<]*<")


@dataclass(slots=True)
class Wire:
    """What went over the wire in clear beside the pages: addresses, titles, headers. Complaints of the browser apart."""

    said: set[str] = field(default_factory=set)
    looked_at: set[int] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def listen(self, context: BrowserContext) -> None:
        """Hear all that happens in a browser. A foreign address, a script error or a refused resource is a complaint."""
        context.on("console", lambda message: self._complain(message.text, heard=is_complaint(message.type, message.text)))
        context.on("weberror", lambda problem: self._complain(str(problem.error)))
        context.on("request", lambda request: self._complain(f"foreign address {request.url}", heard=is_foreign(request.url)))
        context.on("response", lambda response: self._note(response))  # noqa: PLW0108  # a bound method would be given an attribute

    def _complain(self, text: str, *, heard: bool = True) -> None:
        if heard:
            self.complaints.append(text)

    def _note(self, response: Response) -> None:
        self.said.add(response.url)
        self.said |= {f"{name}: {value}" for name, value in response.headers.items() if name != "date"}


@dataclass(slots=True)
class Visitor:
    """Somebody with a page of their own."""

    page: Page
    town: Town
    wire: Wire
    accessible: Accessible

    def goes_to(self, path: str) -> Response:
        """Type an address and look at what comes."""
        response = self.page.goto(self.town.url + path)
        assert response is not None, path
        self.looks()
        return response

    def follows(self, name: str | re.Pattern[str], inside: str = "main") -> None:
        """Click the link of that name and look at what comes. In the header of a narrow screen the rooms are unfolded first."""
        menu = self.page.locator(".rooms summary")
        if inside == "header" and menu.is_visible():
            menu.click()
        self.presses(self.page.locator(inside).get_by_role("link", name=name).first)

    def presses(self, target: Locator) -> None:
        """Click what leads to another page, and look at it."""
        with self.page.expect_navigation():
            target.click()
        self.looks()

    def looks(self) -> None:
        """Nothing is wrong with the page in front of them."""
        self.page.wait_for_load_state("load")
        self.wire.said |= {self.page.title(), self.page.url}
        assert self.page.evaluate(SIDEWAYS) <= 0, f"{self.path} scrolls sideways"
        same = hash((str(self.page.viewport_size), self.page.evaluate(DARK), shape(self.page.content())))
        if same not in self.wire.looked_at:  # the rules say the same of a page of the same shape
            self.accessible(self.page)
            self.wire.looked_at.add(same)

    @property
    def path(self) -> str:
        """Where they are."""
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        """All that is written on the page, folded or not."""
        return words(self.page.locator("main"))

    @property
    def cookies(self) -> str:
        """What their browser would send along."""
        return "; ".join(f"{each['name']}={each['value']}" for each in self.page.context.cookies(self.town.url))

    def fetches(self, path: str) -> tuple[int, str]:
        """Status and page of an address, asked by the same browser without showing it; random values of one answer taken out."""
        answer = self.page.context.request.get(self.town.url + path, max_redirects=0)
        return answer.status, ONCE_ONLY.sub("", answer.text())


def shape(page: str) -> frozenset[tuple[str, str]]:
    """A page without what it says: whichever words and addresses stand there, the rules ask whether some do.

    Elements, classes, roles and attributes are left, and whether a text or an attribute is empty; ids are so but for their numbers.
    Of these, what follows what: a list of nine rows has the shape of a list of ten.
    """
    bare = WORTHS.sub(r'\1="0"', ONCE_ONLY.sub("", page))
    tags = TAGS.findall(TEXTS.sub(">0<", NAMES.sub(lambda found: NUMBERS.sub("0", found[0]), bare)))
    return frozenset(pairwise(tags))


def words(place: Locator) -> str:
    """A text as it is read: no-break spaces are spaces, runs are one."""
    return re.sub(r"\s+", " ", place.text_content() or "").strip()


def is_complaint(kind: str, text: str) -> bool:
    """Errors of the page. A refusal's own status (404, 403, 422) is an answer that tests look at themselves."""
    return kind == "error" and "Failed to load resource" not in text


def is_foreign(url: str) -> bool:
    """Anything that leaves this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {"127.0.0.1", "localhost", "::1"}


def sentence(violation: dict[str, Any]) -> str:
    """What is wrong, and where."""
    places = ", ".join(" ".join(map(str, node["target"])) for node in violation["nodes"][:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {places}"
