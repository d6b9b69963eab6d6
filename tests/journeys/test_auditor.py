"""The auditor finds who did what, refusals included, and can open nothing; nor can the data-protection officer or the officer."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import SignIn
from tests.journeys.crawl import DOSSIERS, addresses, crawl
from tests.journeys.notes import begin_note, save, unheard_of
from tests.journeys.visitor import ONCE_ONLY, Visitor, words

LEAD, HEAD = "solene.maurepin", "agathe.roquebel"


@pytest.fixture
def irene(sign_in: SignIn) -> Visitor:
    """Signed in, in front of the ledger."""
    irene = sign_in(position="auditor")
    irene.goes_to("/")
    assert irene.path == "/journal"
    return irene


@pytest.fixture(scope="module")
def done() -> list[str]:
    """What `written_and_refused` gave: the ledger forgets nothing, so that once is enough."""
    return []


@pytest.fixture
def written_and_refused(sign_in: SignIn, done: list[str]) -> str:
    """The number of a dossier that its lead opened and wrote in a moment ago, and that a school head asked for in vain."""
    if not done:
        done.append(writes_and_is_refused(sign_in(username=LEAD), sign_in(username=HEAD)))
    return done[0]


def writes_and_is_refused(lead: Visitor, head: Visitor) -> str:
    """The lead writes in a dossier that the head knows nothing of, and the head asks for it. Its number."""
    head.goes_to("/dossiers")
    hers = words(head.page.locator("main"))
    lead.goes_to("/dossiers")
    rows = lead.page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours")
    number = next(text for text in map(str.strip, rows.locator(".number").all_text_contents()) if text not in hers)
    lead.goes_to(f"/dossiers/{number}")
    begin_note(lead, unheard_of())
    save(lead)
    assert head.fetches(f"/dossiers/{number}")[0] == 404
    return number


def asks(irene: Visitor, **wanted: str) -> list[Locator]:
    """The lines that answer these filters, one page of them."""
    for label, value in wanted.items():
        control = irene.page.get_by_role("search").get_by_label(label.replace("_", " "))
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    irene.presses(irene.page.get_by_role("button", name="Filtrer"))
    return irene.page.locator("tbody tr").all()


def test_she_finds_who_read_and_wrote_and_who_was_refused(irene: Visitor, written_and_refused: str) -> None:
    """When, who, institution, what, number, compartments, rule, charter, outcome: of each."""
    lines = [words(line) for line in asks(irene, Numéro_de_dossier=written_and_refused)]
    written = next(line for line in lines if "Écrire" in line)
    assert re.search(r"\d{4}, ?\d+ h \d\d n° \d+.*Solène Maurepin.*Association Passerelles de l’Orle", written)
    assert re.search(rf"{written_and_refused}.*(Décisions|Partagé|Entre travailleurs).*charte \S+.*Autorisé", written)
    assert any("Ouvrir le dossier" in line and "Solène Maurepin" in line and "Identité" in line and "Autorisé" in line for line in lines)
    refused = next(line for line in lines if "Refusé" in line)
    assert "Agathe Roquebel" in refused
    assert "Collège des Trois-Écluses" in refused
    assert "aucun" in refused


def test_she_filters_by_person_and_outcome(irene: Visitor, written_and_refused: str) -> None:
    """Only that person's lines, only refusals; the count shrinks with each filter."""
    counts = [count(irene)]
    mine = asks(irene, Personne="Agathe Roquebel")
    assert mine
    assert all("Agathe Roquebel" in words(line) for line in mine)
    counts.append(count(irene))
    refused = asks(irene, Issue="Refusé")
    assert refused
    assert all("Agathe Roquebel" in words(line) and "Refusé" in words(line) for line in refused)
    counts.append(count(irene))
    assert counts[0] > counts[1] > counts[2]
    none = asks(irene, Numéro_de_dossier="2026-9999")
    assert not none
    expect(irene.page.get_by_text("Aucune ligne ne correspond.")).to_be_visible()
    irene.follows("Tout afficher")
    assert count(irene) >= counts[0]


def count(irene: Visitor) -> int:
    """The number of lines that the page claims."""
    said = re.search(r"(\d+) lignes?", irene.text)
    assert said
    return int(said.group(1))


def test_she_turns_the_pages(irene: Visitor) -> None:
    """From the newest to the next page: no line between the two is missed."""
    first = lines_shown(irene)
    irene.follows("Page suivante")
    second = lines_shown(irene)
    assert max(second) >= min(first) - 1
    assert min(second) < min(first)


def lines_shown(irene: Visitor) -> list[int]:
    """The sequence numbers on the page, which have no gap."""
    found = [int(text.removeprefix("n° ")) for text in irene.page.locator("tbody th .number").all_text_contents()]
    assert found == list(range(found[0], found[-1] - 1, -1))
    return found


@pytest.mark.parametrize("position", ["auditor", "dpo", "officer"])
def test_whoever_watches_sees_no_content_anywhere(sign_in: SignIn, position: str) -> None:
    """P10: every page within their reach, every dossier's address guessed: no value of any dossier, no dossier opened."""
    watcher = sign_in(position=position)
    brought = crawl(watcher, addresses(watcher))
    assert brought.found(watcher.town.secrets()) == {}
    assert brought.opened() == set()
    guessed = {(brought.statuses[address], ONCE_ONLY.sub("", brought.pages[address])) for address in addresses(watcher)}
    assert guessed == {watcher.fetches("/dossiers/2026-9999")}
    assert len(brought.opened("/journal")) > 5 or position == "officer"


def test_control_the_same_crawl_by_a_lead_finds_values(sign_in: SignIn) -> None:
    """The crawl looks where values are, and knows them when it sees them. Links to lists and dossiers are enough for that."""
    lead = sign_in(username=LEAD)
    brought = crawl(lead, addresses(lead), only=DOSSIERS)
    found = brought.found(lead.town.secrets())
    assert len(brought.opened()) > 5
    assert len(set().union(*found.values())) > 50
