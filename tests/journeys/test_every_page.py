"""Every page, at 1280 and 360 pixels, at 200 %, down to 320, letters apart, by keyboard: nothing is cut, covered or out of reach."""

from collections import defaultdict

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import NewContext, SignIn
from tests.journeys.everywhere import WALKS
from tests.journeys.guide import ERROR, Guide
from tests.journeys.inspection import PHONE, SCREENS, Inspector
from tests.journeys.town import Town
from tests.journeys.visitor import Accessible, Wire
from tests.sampling import Sampler

NOT_PAGES = {
    "pages.home", "pages.health", "static", "meetings.calendar", "papers.agenda", "papers.blank_decisions", "papers.attendance",
    "papers.releve", "permanences.printed", "reaching.letter", "decisions.resume", "directory.search", "dossiers.search",
    "signed_sheets.scan",
}  # fmt: skip
"""What answers with something else than a page: an address to go on to, a style sheet, a paper, a line for a machine."""
SAME = {
    "permanences.now", "figures.mine", "cells.mine", "orientations.send_proposed", "partner_links.of_task", "reaching.override", ERROR,
}  # fmt: skip
"""A page that has an address of its own as well; and errors, which are called by what they say."""


@pytest.fixture
def guide(town: Town, wire: Wire, sign_in: SignIn, new_context: NewContext, sample: Sampler) -> Guide:
    """The ways through this town."""
    return Guide(town, wire, sign_in, new_context, sample)


def test_every_page_can_be_read_and_used_on_every_screen(guide: Guide, accessible: Accessible, sample: Sampler) -> None:
    """One walk of this run's seed and a few of its pages; with --prove, everything that everybody comes to."""
    inspector, found, titles = Inspector(accessible), list[str](), defaultdict[str, set[str]](set)
    for walk in sample(WALKS, 1):
        for kind, page in walk(guide):
            guide.wire.said.add(page.title())  # searched for names when the town is left
            titles[page.title()].add(kind)
            found += [f"{walk.__name__}, {kind}: {each}" for each in inspector.inspect(page)]
    found += [f"the title « {title} » is that of {', '.join(sorted(kinds))}" for title, kinds in titles.items() if len(kinds - SAME) > 1]
    assert not found, "\n".join(found)
    if sample.whole:
        assert guide.kinds() - {kind for kinds in titles.values() for kind in kinds} <= NOT_PAGES | {"orientations.send_proposed"}


GOOD = """<!doctype html><html lang=fr><head><title>Page</title><style>
  body { margin: 0 } .skip { position: absolute; top: -4rem } .skip:focus { top: 0 } a, button, label, input { font: 1rem sans-serif }
  :focus-visible { outline: 3px solid blue } button, li a { display: inline-block; min-height: 24px; min-width: 24px; border: 1px solid }
  header { position: sticky; top: 0; background: white }</style></head>
  <body><a class=skip href=#contenu>Aller au contenu</a><header><p>casework</p></header><main id=contenu tabindex=-1><h1>Page</h1>
  <p id=text>Un texte, et <a href=#contenu>un lien</a> dans sa phrase.</p><ul><li><a id=link href=#contenu>Un lien</a></ul>
  <form><p><label for=field>Nom</label> <input id=field></p><p><button id=button type=button>Enregistrer</button></p></form></main>"""


@pytest.fixture
def inspector(accessible: Accessible) -> Inspector:
    """All instruments."""
    return Inspector(accessible)


def test_a_good_page_is_without_fault(page: Page, inspector: Inspector) -> None:
    """The instruments do not cry wolf."""
    page.set_content(GOOD)
    assert inspector.inspect(page) == []


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        ("main { min-width: 340px }", "320 px: the document scrolls sideways by 20 px"),
        ("main { min-width: 700px }", "1280 px at 200 %: the document scrolls sideways by 60 px"),
        ("#text { position: relative; left: -30px }", "360 px: outside the screen by 30 px: p#text"),
        ("#text { width: 5rem; height: 1.2em; overflow: hidden }", "1280 px: cut: p#text"),
        ("#text { height: 44px; overflow: hidden; width: 180px }", "360 px, letters apart: cut: p#text"),
        ("#button { width: 30px; white-space: nowrap }", "360 px: text runs out of its frame: button#button"),
        ("#text { margin-bottom: -2rem }", "1280 px: texts lie on one another"),
        ("#button { min-height: 0; height: 20px; padding: 0; line-height: 1 }", "360 px: smaller than 24 px"),
        ("#link { display: inline }", "360 px: smaller than 24 px"),
        (":focus-visible { outline: none }", "1280 px: the focus is not seen: a#link"),
        ("header { height: 100vh; z-index: 1 }", "360 px: the focus is hidden: button#button"),
        ("#text { color: #eee }", "1280 px: color-contrast"),
    ],
)
def test_control_a_spoiled_sheet_is_found(page: Page, inspector: Inspector, spoil: str, expected: str) -> None:
    """One rule of style too many, on the screen where it shows."""
    page.set_content(GOOD.replace("</style>", f"{spoil}</style>"))
    found = inspector.inspect(page, [screen for screen in SCREENS if expected.startswith(f"{screen.name}: ")])
    assert any(expected in each for each in found), found


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<h1>Page</h1>", "<h1>Page</h1><h1>Page</h1>", "2 first headings"),
        (" lang=fr", "", "no language"),
        ("<title>Page</title>", "<title> </title>", "no title"),
        ("id=contenu ", "", "no skip link first"),
        ("id=button", "id=field", "an id twice: field"),
        ("<ul>", "<ul><li><span tabindex=0 role=button onfocus=blur()>Non</span>", "the Tab key does not come by: span"),
    ],
)
def test_control_a_spoiled_page_is_found(page: Page, inspector: Inspector, before: str, after: str, expected: str) -> None:
    """One line of it another."""
    page.set_content(GOOD.replace(before, after))
    found = inspector.inspect(page, [PHONE])
    assert any(expected in each for each in found), found


def test_control_a_page_of_the_town_is_spoiled(guide: Guide, inspector: Inspector) -> None:
    """The instruments work under the policy of the application's own pages."""
    somebody = guide.somebody()
    somebody.page.goto(f"{guide.town.url}/connexion")
    sheet = "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync('h1 { width: 700px }'); document.adoptedStyleSheets = [sheet]; }"
    assert inspector.inspect(somebody.page, [PHONE]) == []
    somebody.page.evaluate(sheet)
    assert any("outside the screen" in each for each in inspector.inspect(somebody.page, [PHONE]))
