"""The access ledger on screen."""

import re
from datetime import date

import pytest

from casework.services.drafts import AccessQuery
from tests.web.conftest import Browser, SignedIn, words
from tests.web.standin import Town


@pytest.fixture
def aude(signed_in: SignedIn) -> Browser:
    """An auditor."""
    return signed_in("aude")


def asked(town: Town) -> AccessQuery:
    """The last question."""
    found = town.asked[-1]
    assert isinstance(found, AccessQuery)
    return found


def test_a_line_says_who_when_what_and_by_which_rule(aude: Browser) -> None:
    """In words, not by colour alone."""
    text = words(aude.get("/journal"))
    for expected in ("Inès Vauquelin", "Ville de Valmorel-sur-Orle", "22 novembre 2026, 10 h 05", "n° 1200",
                     "Ouvrir le dossier", "2026-0042", "Décisions (N0)", "read.lead", "3f9c1e", "Autorisé", "Refusé"):  # fmt: skip
        assert expected in text


def test_filters_reach_the_service(aude: Browser, town: Town) -> None:
    """All five, and the page."""
    aude.get("/journal?dossier=+2026-0042+&personne=u1&issue=refused&du=2026-11-01&au=22/11/2026&page=2")
    assert asked(town) == AccessQuery(2, "2026-0042", "u1", "refused", date(2026, 11, 1), date(2026, 11, 22))
    aude.get("/journal")
    assert asked(town) == AccessQuery()


def test_pages_keep_the_filters(aude: Browser) -> None:
    """In their addresses, with the place where the question stopped."""
    page = aude.get("/journal?dossier=2026-0042&issue=refused").text
    found = re.findall(r'href="(/journal\?[^"]+)" rel="next"', page)
    assert [re.sub(r"jusque=\d+", "jusque=N", each) for each in found] == [
        "/journal?page=2&amp;dossier=2026-0042&amp;issue=refused&amp;jusque=N"
    ]


@pytest.mark.parametrize("query", ["du=hier", "issue=toutes"])
def test_a_filter_that_cannot_be_read_is_left_out_and_said(aude: Browser, town: Town, query: str) -> None:
    """422, with the other filters at work."""
    answer = aude.get(f"/journal?dossier=2026-0042&{query}")
    assert answer.status_code == 422
    assert "Un point à corriger" in words(answer)
    assert asked(town) == AccessQuery(dossier="2026-0042")


def test_an_empty_answer_says_what_to_do(aude: Browser, town: Town) -> None:
    """Wider dates, fewer filters."""
    town.leaves = 0
    assert "Aucune ligne ne correspond." in words(aude.get("/journal?dossier=1999-0001"))


def test_members_do_not_read_it(signed_in: SignedIn) -> None:
    """No link, no page."""
    browser = signed_in("maelle")
    assert "Journal d’accès" not in words(browser.get("/dossiers"))
    assert browser.get("/journal").status_code == 404
