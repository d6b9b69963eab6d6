"""Mon jour and the navigation, as the screens show them."""

import re

from tests.web.conftest import SignedIn, title, words
from tests.web.standin import Town
from tests.web.standin_day import QUIET

BLOCKS = ("Ce qui est dû", "Ce qui attend ma réponse", "Ce qui a changé")


def test_it_is_the_first_page_of_members_and_not_of_auditors(signed_in: SignedIn) -> None:
    """Who has a seat in a cell begins with their day; an auditor with the ledger."""
    assert signed_in("maelle").get("/").location == "/jour"
    assert signed_in("aude").get("/").location == "/journal"


def test_three_blocks_in_their_order(signed_in: SignedIn) -> None:
    """Each with what it counts."""
    page = signed_in("maelle").get("/jour")
    assert title(page) == "Mon jour — casework"
    places = [page.text.index(f">{block}") for block in BLOCKS]
    assert places == sorted(places)
    text = words(page)
    said = (
        "Ce qui est dû 6 | Ce qui attend ma réponse 3 | Ce qui a changé 2 | 22 novembre 2026 | en retard de 3 jours | aujourd’hui | demain"
        " | dans 12 jours | Saisine à examiner | Référent·e à désigner | Accès urgent à revoir, ouvert par Maëlle Quéméner"
        " | avant le 22 novembre 2026 à 15 | a ajouté un complément | Votre saisine a été examinée | Ce dossier demande votre attention"
        " | Observation Décisions (N0) | « clôturée » | Maëlle Quéméner est désormais | Il n’y a plus de référent·e"
        " | et 3 autres changements | Vous ne l’avez pas encore ouvert. | Les changements plus anciens"
    )
    for expected in said.split(" | "):
        assert expected in text.replace("\xa0", " ")


def test_what_opens_is_a_link_and_what_does_not_is_none(signed_in: SignedIn) -> None:
    """To the dossier, and to the very note; no name in an address."""
    page = signed_in("maelle").get("/jour").text
    assert 'href="/dossiers/2026-0042#note-e1"' in page
    assert 'href="/dossiers/2026-0051"' in page
    assert 'href="/saisines/2026-0032"' in page
    assert 'href="/saisines/2026-0051/examen"' in page
    assert 'href="/dossiers/2026-0032"' not in page
    assert 'href="/dossiers/2026-0045"' not in page
    assert not [address for address in re.findall(r'(?:href|action)="([^"]+)"', page) if "rindavoine" in address]


def test_seen_is_sent_once_and_comes_back_to_the_day(signed_in: SignedIn, town: Town) -> None:
    """The alert's id goes in the body; an unknown one is not found."""
    browser = signed_in("maelle")
    browser.get("/jour")
    answer = browser.post("/jour/vu", {"alerte": "a" * 32})
    assert (answer.status_code, answer.location) == (303, "/jour#attend")
    assert town.asked[-1] == "a" * 32


def test_a_quiet_day_is_kind(signed_in: SignedIn, town: Town) -> None:
    """One sentence, and a way on."""
    town.day = QUIET
    text = words(signed_in("maelle").get("/jour"))
    assert "Rien ne vous attend aujourd’hui." in text
    assert not any(block in text for block in BLOCKS)


def test_an_empty_block_says_so(signed_in: SignedIn, town: Town) -> None:
    """Each of the three."""
    full = town.day
    town.day = type(full)(full.due, 0, (), (), False)
    text = words(signed_in("maelle").get("/jour"))
    assert "Personne n’attend de réponse de votre part." in text
    assert "Rien de nouveau depuis votre dernière visite." in text
    town.day = type(full)((), 0, full.alerts, (), False)
    assert "Aucune échéance dans les sept jours." in words(signed_in("maelle").get("/jour"))


def test_the_present_room_is_marked(signed_in: SignedIn) -> None:
    """As a page on its own page, as a place inside it."""
    browser = signed_in("maelle")

    def marked(path: str) -> list[tuple[str, str]]:
        return re.findall(r'aria-current="(page|true)">([^<]+)</a></li>', browser.get(path).text.partition("</nav>")[0])

    assert marked("/jour") == [("page", "Mon jour")]
    assert marked("/dossiers") == [("page", "Mes dossiers")]
    assert marked("/dossiers/2026-0042") == [("true", "Mes dossiers")]
    assert marked("/saisines/nouvelle") == [("page", "Saisir la cellule")]
    assert marked("/confidentialite") == []


def test_rooms_are_those_of_the_viewer(signed_in: SignedIn) -> None:
    """An auditor has no dossiers in front of them."""
    nav = signed_in("aude").get("/journal").text.partition("</nav>")[0]
    assert "Journal d’accès" in nav
    assert "Mes dossiers" not in nav
