"""Knows the way through the application: which page answers an address, who may be sent there, and which pages are worth a look."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from casework.web import create_app
from tests.journeys.conftest import NewContext, SignIn
from tests.journeys.crawl import Crawl
from tests.journeys.town import Town
from tests.journeys.visitor import Visitor, Wire
from tests.sampling import Sampler

GUESSED = 6
"""Numbers of one sort that are tried in an address to which no link led."""
ERROR = "an error"
ELEMENT = re.compile(r'<([a-z][a-z0-9]*)(?:[^>]*?\bclass="([^"]*)")?')
Step = tuple[str, Page]
"""Which kind of page, and the page."""


@dataclass
class Guide:
    """Knows the way. shapes: kind of page -> the kinds of element that were looked at on such pages."""

    town: Town
    wire: Wire
    sign_in: SignIn
    new_context: NewContext
    sample: Sampler
    shapes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        """The map of the application."""
        self.app: Flask = create_app(self.town.inside)
        self._map = self.app.url_map.bind("")

    def kind(self, address: str) -> str:
        """The endpoint that answers an address."""
        try:
            return str(self._map.match(urlsplit(address).path, method="GET")[0])
        except (HTTPException, RequestRedirect):
            return ERROR

    def kinds(self) -> set[str]:
        """All that answer a GET."""
        return {rule.endpoint for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    def guesses(self, brought: Crawl) -> list[str]:
        """Addresses to which nothing led, made of the numbers in those that opened: who knows an address may type it."""
        known, opened = defaultdict[str, list[str]](list), set[str]()
        for address in (each for each, status in brought.statuses.items() if status == 200):
            kind, values = self._map.match(urlsplit(address).path, method="GET")
            opened.add(kind)
            for name, value in values.items():
                known[name] += [value] if value not in known[name] else []
        rules = [rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in opened]
        return [
            self._map.build(rule.endpoint, dict(zip(rule.arguments, values, strict=True)))
            for rule in rules
            for values in product(*(known[name][:GUESSED] for name in rule.arguments))
        ]

    def at(self, who: Visitor) -> Step:
        """Where they are."""
        return self.kind(who.path), who.page

    def goes(self, who: Visitor, address: str) -> Step:
        """Type an address; an error is a page of its own kind, whatever was asked for."""
        answer = who.page.goto(self.town.url + address)
        return self.at(who) if answer is not None and answer.ok else (ERROR, who.page)

    def somebody(self) -> Visitor:
        """A browser that nobody has signed in with. What the rules of axe say is asked by whoever follows the walk."""
        return Visitor(self.new_context().new_page(), self.town, self.wire, lambda _page: None)

    def person(self, username: str) -> Visitor:
        """Somebody of the town, in the same way."""
        inside = self.sign_in(username=username)
        return Visitor(inside.page, self.town, self.wire, lambda _page: None)

    def worth(self, brought: Crawl) -> list[str]:
        """The addresses that show a kind of element which no page of their kind showed before; the richest ones first."""
        pages = {address: elements(page) for address, page in brought.pages.items() if is_page(page, brought.statuses[address])}
        chosen = []
        for address in sorted(pages, key=lambda each: -len(pages[each])):
            seen = self.shapes[self.kind(address) if brought.statuses[address] == 200 else ERROR]
            if not pages[address] <= seen:
                seen |= pages[address]
                chosen.append(address)
        return chosen


Walk = Callable[[Guide], Iterator[Step]]


def elements(page: str) -> set[str]:
    """The kinds of element in the main part of a page: names with their classes."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return {f"{name}.{classes}" for name, classes in ELEMENT.findall(main)}


def is_page(text: str, status: int) -> bool:
    """Whether that is a page somebody reads, be it an error's."""
    return text.lstrip().lower().startswith("<!doctype html") and status not in range(300, 400)
