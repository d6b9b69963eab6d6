"""My dossiers, and one dossier."""

import re
import time
from dataclasses import replace
from html import escape

import pytest

from casework.services import views
from tests.web.conftest import SignedIn, title, words
from tests.web.standin import NUMBER, Town, dossier, entry, section

HARD = [
    "Jean-Élie d’Ollières <script>alert(1)</script>",
    "  deux espaces  et\tune tabulation",
    "{{ 7 * 7 }} {% raw %} & &amp; \"guillemets\" 'simples'",
    "نور الدين · 李小龙 · Ñandú",
    "x" * 300,
]


@pytest.mark.parametrize("value", HARD)
def test_values_appear_exactly_as_stored(signed_in: SignedIn, town: Town, value: str) -> None:
    """Neither cut nor reformatted nor taken for marks, in the head, in a field and in a note."""
    fields = (views.Field("Nom", value),)
    town.shown = dossier(person=value, sections=(section("identity", fields=fields),), timeline=(entry(0, body=value),))
    page = signed_in("maelle").get(f"/dossiers/{NUMBER}").text
    exact = str(escape(value)).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    assert page.count(exact) == 3


def test_no_name_in_title_or_address(signed_in: SignedIn) -> None:
    """The number stands for the person wherever a browser remembers."""
    browser = signed_in("maelle")
    for path in ("/dossiers", f"/dossiers/{NUMBER}", f"/dossiers/{NUMBER}/notes/nouvelle"):
        page = browser.get(path)
        assert "Brindavoine" in page.text
        assert "Brindavoine" not in title(page)
        assert not [address for address in re.findall(r'(?:href|action)="([^"]+)"', page.text) if "rindavoine" in address]
    assert title(browser.get(f"/dossiers/{NUMBER}")) == "Dossier 2026-0042 — casework"


def test_the_list_tells_what_comes_next(signed_in: SignedIn) -> None:
    """State, lead, next date, reason; late ones are said to be late, missing ones to be missing."""
    text = words(signed_in("maelle").get("/dossiers"))
    for expected in ("36 dossiers vous sont ouverts.", "en cours", "18 novembre 2026 date dépassée", "à désigner", "non fixée",
                     "Identité réservée", "Vous êtes la référente", "read.lead", "Mes saisines", "2026-0051"):  # fmt: skip
        assert expected in text


def test_pages_are_offered(signed_in: SignedIn) -> None:
    """Neighbours and ends; nonsense is the first page."""
    browser = signed_in("maelle")
    assert 'href="/dossiers?page=2" rel="next"' in browser.get("/dossiers").text
    assert title(browser.get("/dossiers?page=3")) == "Mes dossiers (page 3 sur 4) — casework"
    for nonsense in ("0", "-1", "x", "9" * 5000):
        assert browser.get(f"/dossiers?page={nonsense}").status_code == 200


def test_an_empty_list_is_kind(signed_in: SignedIn) -> None:
    """It says why, and what one can do."""
    text = words(signed_in("paul").get("/dossiers"))
    assert "Aucun dossier ne vous est ouvert pour le moment." in text
    assert "saisissez la cellule" in text


def test_closed_sections_tell_only_that_they_exist(signed_in: SignedIn, town: Town) -> None:
    """A word and a lock, whatever the view carries besides."""
    shut = section("social", readable=False, reason=None, fields=(views.Field("Secret", "à ne pas dire"),), entries=4)
    town.shown = dossier(sections=(shut,))
    text = words(signed_in("maelle").get(f"/dossiers/{NUMBER}"))
    assert "Existe, réservé à d’autres professionnels." in text
    assert "à ne pas dire" not in text
    assert "4 notes" not in text


def test_corrections_are_linked_both_ways(signed_in: SignedIn, town: Town) -> None:
    """And a half that is not on the page is not linked to."""
    browser = signed_in("maelle")
    page = browser.get(f"/dossiers/{NUMBER}").text
    assert 'href="#note-e4"' in page
    assert 'href="#note-e1"' in page
    town.shown = replace(town.shown, timeline=(entry(0, corrects="elsewhere"),))
    assert "note-elsewhere" not in browser.get(f"/dossiers/{NUMBER}").text


def test_only_ones_own_notes_can_be_corrected(signed_in: SignedIn, town: Town) -> None:
    """And only once, and only where one may write."""
    browser = signed_in("maelle")
    mine, other, done = entry(0, mine=True), entry(1, mine=False), entry(2, mine=True, corrected_by="e0")
    town.shown = dossier(timeline=(mine, other, done))
    assert re.findall(r"\?corrige=(\w+)", browser.get(f"/dossiers/{NUMBER}").text) == ["e0"]
    town.shown = dossier(timeline=(mine, other, done), may_write=False)
    page = browser.get(f"/dossiers/{NUMBER}").text
    assert "corrige=" not in page
    assert "Écrire une note" not in page


def test_a_long_dossier_is_quick(signed_in: SignedIn, town: Town) -> None:
    """200 notes: 3 ms here on an idle machine; the limit allows for a busy one."""
    town.shown = dossier(200)
    browser = signed_in("maelle")
    spent = []
    for _ in range(8):
        start = time.perf_counter()
        assert browser.client.get(f"/dossiers/{NUMBER}").text.count("<article>") == 200
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.03
