"""Goes everywhere somebody can go: every link of every page, and every address they might guess.

With the cookies of their browser but without it: of thousands of pages none is drawn, and its own round trips take longer than the answers.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urljoin, urlsplit

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


def crawl(
    visitor: Visitor,
    guesses: Iterable[str] = (),
    *,
    only: re.Pattern[str] = ANYWHERE,
    enough: Callable[[str], bool] = lambda _: False,
) -> Crawl:
    """Every page within reach of this person's session, links first, then the guesses.

    only: the paths it follows links to. enough: whether an address is one too many of its kind, asked when its turn has come.
    """
    home, brought, cookies = urlsplit(visitor.town.url).netloc, Crawl(), visitor.cookies
    waiting = deque([*START, *guesses])
    while waiting:
        address = waiting.popleft()
        if address in brought.statuses or enough(address):
            continue
        location = _fetch(brought, home, address, cookies)
        links = _Links()
        links.feed(brought.pages[address])
        for link in (*links.found, location):
            there = urlsplit(urljoin(visitor.town.url + address, link))
            if there.netloc == home and link and only.fullmatch(there.path):
                waiting.append(f"{there.path}?{there.query}" if there.query else there.path)
    return brought


def _fetch(brought: Crawl, home: str, address: str, cookies: str) -> str:
    """Ask for an address and keep all that comes; returns where it sends to, if anywhere."""
    with closing(HTTPConnection(home, timeout=60)) as connection:
        connection.request("GET", address, headers={"Cookie": cookies})
        answer = connection.getresponse()
        brought.pages[address] = answer.read().decode("utf-8", "replace")  # of a PDF too: what can be read in it is looked for
    brought.statuses[address] = answer.status
    brought.around |= {address, *(f"{name}: {value}" for name, value in answer.getheaders())}
    return answer.getheader("Location") or ""


def addresses(visitor: Visitor) -> list[str]:
    """The address of every dossier of the town, of its form for notes, and of one that does not exist."""
    numbers = [*(paper["number"] for paper in visitor.town.truth()), "2026-9999"]
    return [f"/dossiers/{number}{rest}" for number in numbers for rest in ("", "/notes/nouvelle")]
