"""Solène shares a volet until a date and addresses a part; the colleague reads, the addressee reads that part alone; one withdraws."""

import re

import pytest

from tests.journeys.conftest import SignIn
from tests.journeys.visitor import Visitor, words

SOLENE = "solene.maurepin"
INTRO = "Pour préparer votre passage de mardi."


@pytest.fixture
def solene(sign_in: SignIn) -> Visitor:
    """In front of the last dossier she leads that somebody holds nothing of: they can be addressed a part of it."""
    solene = sign_in(username=SOLENE)
    solene.goes_to("/dossiers")
    rows = solene.page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours")
    for address in reversed([row.locator("a.row-link").get_attribute("href") or "" for row in rows.all()]):
        solene.page.goto(f"{solene.town.url}{address}/partie")
        if solene.page.locator("[name=to]").count():
            solene.goes_to(address)
            return solene
    pytest.fail("somebody holds something of every dossier she leads")


def test_a_part_is_addressed_word_for_word(solene: Visitor, sign_in: SignIn) -> None:
    """Nothing but what she ticked and her sentence reaches the addressee, at both widths; ended, it is gone."""
    dossier, name = solene.path, words(solene.page.locator("h1"))
    solene.follows("Partager")
    solene.follows("Adresser une partie")
    to = solene.page.locator("[name=to]").first
    who = to.get_attribute("value") or ""
    to.check()
    volet = solene.page.locator(".pieces").filter(has_not=solene.page.locator(".readers-title", has_text="École"))  # not everybody's
    choice = volet.locator("label.choice").last
    piece = words(choice.locator(".exact"))
    choice.click()
    solene.page.get_by_label("Une phrase de présentation").fill(INTRO)
    solene.town.typed.append(INTRO)
    solene.presses(solene.page.get_by_role("button", name="Voir ce qui sera adressé"))
    promised = words(solene.page.locator("dl.letter"))
    assert INTRO in promised
    assert piece in promised
    assert name not in solene.text
    solene.presses(solene.page.get_by_role("button", name="Adresser cette partie"))
    for width in (1280, 360):
        reader = sign_in(username=who, width=width)
        reader.goes_to(dossier)
        assert words(reader.page.locator("dl.letter")) == promised
        assert name not in reader.text
    line = solene.page.locator(".given li").filter(has_text="Partie partagée")
    solene.presses(line.get_by_role("button", name=re.compile("Mettre fin")))
    assert sign_in(username=who).fetches(dossier)[0] == 404


def test_a_volet_is_shared_ended_and_shared_again_with_somebody_who_withdraws(solene: Visitor, sign_in: SignIn) -> None:
    """She reads beforehand what the colleague will see; the colleague leaves for a personal link, and the page is gone."""
    dossier = solene.path
    who = shares(solene)
    colleague = sign_in(username=who)
    colleague.goes_to(dossier)
    before = solene.page.locator(".given li").count()
    solene.presses(solene.page.locator(".given li").filter(has_text=name_of(colleague)).last.get_by_role("button"))
    assert solene.page.locator(".given li").count() == before - 1
    assert colleague.fetches(dossier)[0] == 404
    solene.goes_to(dossier)
    assert shares(solene) == who
    for width in (1280, 360):
        colleague = sign_in(username=who, width=width)
        colleague.goes_to(dossier)
        colleague.page.get_by_text("Lien personnel ? Je me retire").click()
        colleague.looks()
    colleague.presses(colleague.page.get_by_role("button", name="Je me retire de ce dossier"))
    assert "Vous vous êtes retiré·e" in colleague.text
    assert colleague.fetches(dossier)[0] == 404
    solene.goes_to(f"{dossier}/partage")
    assert not solene.page.locator(f"[name=to][value='{who}']").count(), "somebody who withdrew is not offered"


def test_the_same_without_javascript_and_errors_in_place(solene: Visitor, sign_in: SignIn) -> None:
    """An empty form names its three points; nothing is shared."""
    plain = sign_in(username=SOLENE, javascript=False)
    solene.goes_to("/dossiers")
    rows = solene.page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours")
    for address in [row.locator("a.row-link").get_attribute("href") or "" for row in rows.all()]:
        plain.page.goto(f"{plain.town.url}{address}/partage")
        if plain.page.locator("#until").count():
            break
    plain.page.locator("#until").fill("")
    plain.page.get_by_role("button", name="Voir ce qui sera partagé").click()
    for field in ("to", "kinds", "until"):
        assert plain.page.locator(f"#{field}-error").count() == 1


def shares(visitor: Visitor) -> str:
    """Share the identity with somebody who has nothing yet; returns their user name."""
    visitor.follows("Partager")
    held = visitor.page.locator(".given").all_text_contents()
    choices = visitor.page.locator("label.choice:has([name=to])")
    free = [each for each in choices.all() if not any(words(each.locator("b")) in text for text in held)]
    if not free:
        pytest.fail("everybody has a share of this dossier already")
    free[0].click()
    who = free[0].locator("input").get_attribute("value") or ""
    name = words(free[0].locator("b"))
    visitor.page.locator("[name=kinds][value=identity]").check()
    visitor.presses(visitor.page.get_by_role("button", name="Voir ce qui sera partagé"))
    assert re.search(f"Ce que {name} lira jusqu’au", visitor.text)
    visitor.presses(visitor.page.get_by_role("button", name="Partager", exact=True))
    assert "Le partage est fait." in visitor.text
    return who


def name_of(visitor: Visitor) -> str:
    """Their name, as the head of the page has it."""
    return words(visitor.page.locator(".me-name"))
