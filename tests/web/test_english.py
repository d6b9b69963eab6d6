"""Every page that people come to, in English: no word of the house is left in French. Real services."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from casework import services, wording
from casework.resources import PACKAGE
from casework.wording import agreed
from scripts.words import read
from tests.house import House
from tests.house_fixtures import Templates, copy_house
from tests.urgently import enter as break_in
from tests.urgently import on_call
from tests.web.conftest import Browser
from tests.web.test_real import enter

ENGLISH = {"Accept-Language": "en"}
FRAGMENT = re.compile(r"%\(\w+\)s|\{[a-z]+\}")
SHORTEST = 12
"""Characters of a sentence that are looked for inside a text; shorter labels are compared whole."""

TYPED = {"exact", "body", "number"}
"""Classes of what people typed, which stays as it is."""

TYPED_HERE = frozenset({
    "officier d’habilitation", "Ville de Valmorel-sur-Orle", "Département de l’Orle", "Collège des Tilleuls", "Valmorel-sur-Orle",
})  # fmt: skip
"""Names of institutions, functions and communes of the house: typed, whatever they look like."""

OPEN = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SAID = ("aria-label", "title", "placeholder", "data-label", "data-busy", "alt")
STELLAS = 15
"""Pages that a steward comes to, at least."""

STARTS = ("/", "/jour", "/dossiers", "/saisines", "/saisines/nouvelle", "/brouillons", "/charte", "/confidentialite", "/accessibilite")


class _Texts(HTMLParser):
    """The texts of a page, attributes that are read aloud among them; what people typed and the charter's own text left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: list[str] = []
        self.inside: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [given[name] for name in SAID if name in given]
        self.links += [given["href"]] if tag == "a" and "href" in given else []
        if tag not in OPEN:
            french = (
                given.get("lang") == "fr" or tag in {"textarea", "script", "style"} or bool(TYPED & set(given.get("class", "").split()))
            )
            self.inside.append(french or (bool(self.inside) and self.inside[-1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPEN and self.inside:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not (self.inside and self.inside[-1]):
            self.found.append(data)


def seen(page: str) -> _Texts:
    """A page, read."""
    texts = _Texts()
    texts.feed(page)
    texts.found = [text for text in (re.sub(r"\s+", " ", each).strip() for each in texts.found) if text]
    return texts


@pytest.fixture(scope="module")
def french() -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole texts and parts of sentences that an English page must not show: those whose translation differs."""
    whole, parts = set(), set()
    for message in read(PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"):
        for source in (message.id,) if isinstance(message.id, str) else message.id:
            for gender in "fmn":
                text = re.sub(r"\s+", " ", agreed(source, gender) if "|" in source else source).strip()
                if text and text not in (message.string if isinstance(message.string, tuple | list) else (message.string,)):
                    whole.add(text)
                    parts |= {part.strip() for part in FRAGMENT.split(text) if len(part.strip()) >= SHORTEST and " " in part.strip()}
    return frozenset(whole), tuple(sorted(parts))


def left(texts: list[str], french: tuple[frozenset[str], tuple[str, ...]], typed: frozenset[str]) -> Iterator[str]:
    """What is still French on a page. No part of a sentence has a line's end, so that all texts are searched for it at once."""
    whole, parts = french
    for text in texts:
        said = [each for each in text.split(", ") if each not in typed]
        yield from (each for each in {text, *said, text.rstrip(" :.,")} - typed if each in whole)
    rest = "\n".join(texts)
    for each in sorted(typed, key=len, reverse=True):
        rest = rest.replace(each, "")
    yield from (part for part in parts if part in rest)


@pytest.fixture(scope="module")
def busy(request: pytest.FixtureRequest, house_template: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with something on every page: notes, shares, an accès urgent, a personal link, saisines that wait."""
    house = copy_house("sqlite", house_template, request, tmp_path_factory.mktemp("english"))
    number = house.follow("Quibérac-Anglais")
    for compartment, kind in (("confidential", "observation"), ("decisions", "decision"), ("social", "observation")):
        house.note(house.alice, number, "Typed text.", kind=kind, compartment=compartment)
    services.shares.give(house.stella, number, ["identity", "confidential"], "bob", until=house.clock.now() + timedelta(days=30))
    on_call(house, "alice", "stella")
    break_in(house.alice, number)
    house.refer(house.hugo, "Quibérac-Attente")
    services.conflicts.withdraw(house.bob, house.follow("Quibérac-Lien", lead="bob"))
    yield house
    house.instance.close()


def walk(browser: Browser, headers: Mapping[str, str] = ENGLISH) -> dict[str, _Texts]:
    """Every page within reach of a browser, by address."""
    waiting, pages, asked = list(STARTS), {}, set[str]()
    while waiting:
        path = waiting.pop()
        shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", path)
        if path in asked or sum(shape == each for each in map(_shape, asked)) > 1:
            continue
        asked.add(path)
        answer = browser.get(path, headers=headers)
        waiting += [answer.location] if answer.location else []
        if answer.mimetype == "text/html" and answer.status_code == 200:
            pages[path] = seen(answer.text)
            waiting += [link for link in (_local(each) for each in pages[path].links) if link]
    return pages


def _shape(path: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", path)


def _local(link: str) -> str:
    parts = urlsplit(link)
    return "" if parts.netloc else f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.mark.parametrize(
    ("name", "least"), [("alice", 12), ("stella", STELLAS), ("hugo", 8), ("oscar", 6), ("dora", 5), ("ada", 4), ("elsa", 4)]
)
def test_no_word_of_the_house_is_french(busy: House, french: tuple[frozenset[str], tuple[str, ...]], name: str, least: int) -> None:
    """Labels of the charter, reasons, hints, lists, headings. Names of cells, institutions and functions are typed."""
    pages = walk(enter(busy, name))
    assert len(pages) >= least, sorted(pages)
    found = {path: sorted(set(left(texts.found, french, TYPED_HERE))) for path, texts in pages.items()}
    assert {path: words for path, words in found.items() if words} == {}


def test_control_labels_left_in_french_are_seen(
    busy: House, french: tuple[frozenset[str], tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same pages in English, but nobody interprets the labels of the charter and of the services."""
    alice = enter(busy, "alice")
    monkeypatch.setattr(wording, "_interpreters", [lambda source: source])
    found = {word for texts in walk(alice).values() for word in left(texts.found, french, TYPED_HERE)}
    assert {"Identité", "en cours", "Situation de fragilité", "Vous êtes la référente de parcours."} <= found


def test_control_french_is_seen(busy: House, french: tuple[frozenset[str], tuple[str, ...]]) -> None:
    """The same look at the same pages in French finds something on each."""
    pages = walk(enter(busy, "stella"), headers={})
    assert len(pages) >= STELLAS
    for path, texts in pages.items():
        assert set(left(texts.found, french, frozenset())), path
