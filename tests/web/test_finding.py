"""Filters of my list, and searching: codes in the address, what was typed never."""

import re

import pytest

from casework.services.drafts import ListFilters
from tests.web.conftest import SignedIn, title, words
from tests.web.standin import Town

TYPED = "brindavoine-<script>"


def test_filters_are_asked_of_the_service_and_shown(signed_in: SignedIn, town: Town) -> None:
    """Each by its code; each can be taken away alone, by a link; the pages keep them."""
    browser = signed_in("maelle")
    page = browser.get("/dossiers?etat=open&cellule=nord&referent=me&echeance=overdue&tri=name")
    assert town.asked[-1] == ListFilters("open", "", "nord", "me", overdue=True, order="name")
    text = words(page)
    for chip in ("État : en cours", "Cellule : Cellule Orle-Nord", "Référent·e : Moi", "Prochaine date : Dépassée", "Tout afficher"):
        assert chip in text
    links = re.findall(r'<li><a href="([^"]+)"><span class="hidden">Retirer', page.text)
    assert "/dossiers?cellule=nord&amp;referent=me&amp;echeance=overdue&amp;tri=name" in links
    assert len(links) == 4
    assert "trié par : Nom" in text
    assert "28 dossiers sur 36" in text
    assert re.search(r'href="/dossiers\?page=2&amp;etat=open&amp;cellule=nord[^"]*tri=name" rel="next"', page.text)


def test_without_filters_nothing_is_open_and_nothing_to_take_away(signed_in: SignedIn, town: Town) -> None:
    """The calm list; a filter with a single value is not offered."""
    page = signed_in("maelle").get("/dossiers").text
    assert town.asked[-1] == ListFilters()
    assert 'class="chips"' not in page
    assert '<details class="filter-box">' in page
    assert 'name="cellule"' in page
    assert 'name="programme"' not in page


@pytest.mark.parametrize("bad", ["etat=nonsense", "cellule=%3Cb%3E", "programme=retired", "referent=x", "tri=random", "echeance=1"])
def test_an_unknown_code_is_said_beside_its_field(signed_in: SignedIn, bad: str) -> None:
    """422, the sentence, the filters in view, and a way back; nothing is taken for marks."""
    page = signed_in("maelle").get(f"/dossiers?{bad}")
    assert page.status_code == 422
    assert "Cette valeur n’est pas dans la liste" in words(page)
    assert '<details class="filter-box" open>' in page.text
    assert "<b>" not in page.text.partition("<main")[2].partition("</main>")[0].replace("<b>1", "")


def test_filters_that_leave_nothing_have_a_way_out(signed_in: SignedIn) -> None:
    """A sentence and a button."""
    page = signed_in("maelle").get("/dossiers?etat=closed&referent=others")
    town_has_one = "1 dossier sur 36" in words(page)
    assert town_has_one or "Aucun de vos dossiers ne correspond à ces filtres." in words(page)
    empty = signed_in("paul").get("/dossiers?etat=closed")
    assert "Aucun de vos dossiers ne correspond à ces filtres." in words(empty)
    assert '<a class="button" href="/dossiers">Tout afficher</a>' in empty.text


def test_the_answer_to_a_search_says_why_and_no_address_holds_it(signed_in: SignedIn) -> None:
    """What was typed stands in the field alone: not in the title, not in a link, not in a cookie or another header."""
    browser = signed_in("maelle")
    browser.get("/dossiers")
    page = browser.post("/dossiers/recherche", {"typed": TYPED})
    assert page.status_code == 200
    text = words(page)
    assert "40 dossiers trouvés ; en voici 2 : précisez" in text
    assert "même prononciation, date de naissance" in text
    assert "17 avril 2011" in text
    assert title(page) == "Recherche — casework"
    assert 'value="brindavoine-&lt;script&gt;"' in page.text
    assert page.text.lower().count("brindavoine-&lt;") == 1
    assert "brindavoine-" not in str(page.headers).lower()
    assert page.headers["Cache-Control"] == "no-store"


def test_a_search_that_finds_nothing_is_kind(signed_in: SignedIn) -> None:
    """What to try, and why something may be missing."""
    browser = signed_in("maelle")
    browser.get("/dossiers")
    text = words(browser.post("/dossiers/recherche", {"typed": "zzz"}))
    assert "Aucun de vos dossiers ne répond à cette recherche." in text
    assert "n’apparaît jamais ici" in text


def test_what_cannot_be_looked_for_is_said_and_kept(signed_in: SignedIn) -> None:
    """Beside the field, in the title, and the letter is still there."""
    browser = signed_in("maelle")
    browser.get("/dossiers")
    page = browser.post("/dossiers/recherche", {"typed": "b"})
    assert page.status_code == 422
    assert re.search(r'id="typed-error".{0,200}deux lettres', page.text, re.DOTALL)
    assert 'aria-describedby="typed-hint typed-error"' in page.text
    assert 'value="b"' in page.text
    assert title(page).startswith("Erreur — ")


def test_a_search_needs_its_token_and_has_no_address(signed_in: SignedIn) -> None:
    """A foreign page cannot ask; who comes back to the address gets the list; a query in it is not looked at."""
    browser = signed_in("maelle")
    assert browser.client.post("/dossiers/recherche", data={"typed": "brind"}).status_code == 400
    assert browser.get("/dossiers/recherche?typed=brind").location == "/dossiers"
