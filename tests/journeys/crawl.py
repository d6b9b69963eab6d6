"""Goes everywhere somebody can go: every link of every page, and every address they might guess."""

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import APIResponse

from casework.cli.demo.needles import Needles
from tests.journeys.visitor import Visitor

ANYWHERE = re.compile(".*")
DOSSIERS = re.compile(r"/dossiers(/\d{4}-\d{4})?")
"""The lists and the pages of dossiers, where every value stands."""

START = ("/", "/dossiers", "/journal", "/saisines/nouvelle", "/confidentialite", "/accessibilite", "/connexion", "/sante")


@dataclass(slots=True)
class Crawl:
    """What a crawl brought home: address -> page, address -> status, and everything around the pages (addresses, headers)."""

    pages: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    around: set[str] = field(default_factory=set)

    def found(self, values: Iterable[str]) -> dict[str, set[str]]:
        """Address -> the values that stand on its page."""
        needles = Needles(value.encode() for value in values)
        seen = {address: {value.decode() for _, value in needles.found_in(page.encode())} for address, page in self.pages.items()}
        return {address: values for address, values in seen.items() if values}

    def opened(self, below: str = "/dossiers/") -> set[str]:
        """The addresses under this one that gave a page."""
        return {address for address, status in self.statuses.items() if address.startswith(below) and status == 200}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        wanted = dict(attrs).get("href") if tag == "a" else None
        if wanted:
            self.found.append(wanted)


def crawl(visitor: Visitor, guesses: Iterable[str] = (), *, only: re.Pattern[str] = ANYWHERE) -> Crawl:
    """Every page within reach of this person's own browser, links first, then the guesses; `only`: the paths it follows links to."""
    home, brought = urlsplit(visitor.town.url).netloc, Crawl()
    waiting = deque([*START, *guesses])
    while waiting:
        address = waiting.popleft()
        if address in brought.statuses:
            continue
        answer = visitor.page.context.request.get(visitor.town.url + address, max_redirects=0)
        page = _keep(brought, address, answer)
        links = _Links()
        links.feed(page)
        for link in (*links.found, answer.headers.get("location", "")):
            there = urlsplit(urljoin(visitor.town.url + address, link))
            if there.netloc == home and link and only.fullmatch(there.path):
                waiting.append(f"{there.path}?{there.query}" if there.query else there.path)
    return brought


def _keep(brought: Crawl, address: str, answer: APIResponse) -> str:
    page = answer.text()
    brought.pages[address], brought.statuses[address] = page, answer.status
    brought.around |= {address, *(f"{each['name']}: {each['value']}" for each in answer.headers_array)}
    return page


def addresses(visitor: Visitor) -> list[str]:
    """The address of every dossier of the town, of its form for notes, and of one that does not exist."""
    numbers = [*(paper["number"] for paper in visitor.town.truth()), "2026-9999"]
    return [f"/dossiers/{number}{rest}" for number in numbers for rest in ("", "/notes/nouvelle")]
