"""Solène Maurepin, social worker: finds her dossier, reads it, writes in it, corrects herself."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import SignIn
from tests.journeys.notes import begin_note, choose, chosen, notes_with, readers, save, unheard_of
from tests.journeys.visitor import Visitor, words

SOLENE = "solene.maurepin"
FOCUS_SHOWN = """() => {
  const at = document.activeElement;
  return [at, at.closest('.choice')].some(each => {
    if (!each) return false;
    const style = getComputedStyle(each);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  });
}"""


@pytest.fixture
def solene(sign_in: SignIn) -> Visitor:
    """Signed in, in front of her dossiers."""
    solene = sign_in(username=SOLENE)
    solene.goes_to("/dossiers")
    return solene


def opens_one_she_leads(visitor: Visitor) -> None:
    """The first open dossier of the northern cell of which she is the lead."""
    visitor.presses(one_she_leads(visitor.page))


def one_she_leads(page: Page) -> Locator:
    """Its link in the list."""
    rows = page.locator("tbody tr").filter(has_text="référente de parcours").filter(has_text="en cours")
    return rows.filter(has_text="Cellule pluridisciplinaire Nord").first.locator("a.row-link")


def test_she_finds_her_dossiers_and_their_count(solene: Visitor) -> None:
    """As many rows as the sentence says, each with number, state, lead and the reason she sees it."""
    assert solene.path == "/dossiers"
    mine = solene.page.get_by_role("table", name="Les dossiers qui me sont ouverts")
    rows = mine.locator("tbody tr").filter(has=solene.page.locator("a.row-link"))
    said = re.search(r"(\d+) dossiers? vous (est|sont) ouvert", solene.text)
    assert said
    assert rows.count() == int(said.group(1))
    for row in rows.all():
        assert re.search(r"\d{4}-\d{4}.*(reçue|en cours|clôturée).*Cellule pluridisciplinaire (Nord|Sud).*\.", words(row))


def test_she_reads_a_dossier_and_why_she_may(solene: Visitor) -> None:
    """Identity, the people on the case, the follow-up; the human reason, and its rule one click behind."""
    name = words(one_she_leads(solene.page).locator(".exact"))
    opens_one_she_leads(solene)
    assert words(solene.page.locator("h1")) == name
    identity = words(solene.page.get_by_role("region", name="Identité"))
    assert all(word in identity for word in ("Prénom", "Nom", "Date de naissance", "Ouvert"))
    people = words(solene.page.get_by_role("region", name="Professionnels sur le dossier"))
    assert "Solène Maurepin" in people
    assert "Assistante sociale, prévention spécialisée" in people
    assert solene.page.locator(".timeline > li").count() >= 1
    reason = solene.page.locator(".dossier-name details")
    rule = reason.locator("code")
    expect(rule).to_be_hidden()
    reason.get_by_text("Vous êtes la référente").click()
    expect(rule).to_be_visible()
    solene.looks()


def test_a_compartment_she_cannot_read_is_only_said_to_exist(solene: Visitor) -> None:
    """A closed section tells whose it is, and no note of it."""
    for address in [link.get_attribute("href") or "" for link in solene.page.locator("a.row-link").all()]:
        solene.page.goto(solene.town.url + address)
        shut = solene.page.locator(".volet.shut")
        if shut.count():
            break
    else:
        pytest.fail("the town has no dossier of hers with a compartment that she may not read")
    solene.looks()
    assert re.fullmatch(r".*Réservé Existe, réservé à .*", words(shut.first))
    assert not shut.first.locator("details, dl").count()
    number = address.rpartition("/")[2]
    written = next(paper["notes"] for paper in solene.town.truth() if paper["number"] == number)
    whole = solene.page.content()
    assert any(note not in whole for note in written)
    assert any(note in whole for note in written)


def test_she_writes_a_note_and_knows_beforehand_who_will_read_it(solene: Visitor) -> None:
    """The proposed compartment is shared and not her own; the readers change with it; a double click makes one note; she corrects it."""
    opens_one_she_leads(solene)
    body = unheard_of()
    begin_note(solene, body)
    assert "N3" not in chosen(solene)
    proposed = readers(solene)
    assert re.search(r"Qui lira ceci \?.*Solène Maurepin.*Assistante sociale, prévention spécialisée", proposed)
    assert re.search(r"Coordonnat(rice|eur) de la cellule", proposed)
    choose(solene, "Mes notes")
    assert "Coordonnat" not in readers(solene)
    assert "Solène Maurepin (vous)" in readers(solene)
    choose(solene, "Décisions")
    assert "Odile Sermanges, Adjointe déléguée à la prévention" in readers(solene)
    choose(solene, "Partagé avec la cellule")
    assert "Odile Sermanges" not in readers(solene)
    solene.looks()
    save(solene, clicks=2)
    note = notes_with(solene, body)
    expect(note).to_have_count(1)
    assert "(vous)" in words(note)
    corrects(solene, body)


def corrects(visitor: Visitor, body: str) -> None:
    """Both notes stay, each naming the other."""
    visitor.presses(notes_with(visitor, body).get_by_role("link", name="Corriger"))
    assert body in words(visitor.page.get_by_role("region", name="La note d’origine reste visible"))
    better = unheard_of("Reçue avec sa mère")
    visitor.page.get_by_label("Note", exact=True).fill(better)
    visitor.town.typed.append(better)
    save(visitor)
    assert "Cette note a été corrigée." in words(notes_with(visitor, body))
    assert "Cette note en corrige une autre." in words(notes_with(visitor, better))


def test_a_result_goes_to_the_decisions_unless_she_says_otherwise(solene: Visitor) -> None:
    """The compartment follows the kind of note until she chooses by hand."""
    opens_one_she_leads(solene)
    begin_note(solene, unheard_of(), kind="Résultat d’une action")
    assert "Décisions" in chosen(solene)
    kind = solene.page.get_by_label("Type de note")
    kind.select_option(label="Observation")
    assert "Décisions" not in chosen(solene)
    choose(solene, "Mes notes")
    kind.select_option(label="Décision")
    assert "N3" in chosen(solene)


def test_an_empty_note_is_refused_in_place(solene: Visitor) -> None:
    """The message stands beside its field, the summary has the focus."""
    opens_one_she_leads(solene)
    solene.follows("Écrire une note")
    solene.page.get_by_label("Note", exact=True).fill("")  # a draft of hers may stand there
    solene.presses(solene.page.get_by_role("button", name="Enregistrer la note"))
    expect(solene.page.get_by_role("alert")).to_be_focused()
    expect(solene.page.locator("#body-error")).to_contain_text("Écrivez la note.")
    assert solene.page.title().startswith("Erreur")


def test_the_same_without_javascript(sign_in: SignIn) -> None:
    """All the readers stand under their compartments; a double click makes one note."""
    solene = sign_in(username=SOLENE, javascript=False)
    solene.page.goto(solene.town.url + "/dossiers")
    one_she_leads(solene.page).click()
    solene.page.get_by_role("link", name="Écrire une note").first.click()
    lists = solene.page.locator(".readers")
    assert lists.count() >= 3
    for each in lists.all():
        expect(each).to_be_visible()
        expect(each).to_contain_text("Qui lira ceci")
    body = unheard_of()
    solene.town.typed.append(body)
    solene.page.get_by_label("Note", exact=True).fill(body)
    choose(solene, "Partagé avec la cellule")
    solene.page.get_by_role("button", name="Enregistrer la note").dblclick()
    solene.page.wait_for_url(re.compile(r"/dossiers/\d{4}-\d{4}(#|$)"))
    expect(notes_with(solene, body)).to_have_count(1)


def test_the_same_by_keyboard_alone(solene: Visitor) -> None:
    """Tab, Enter and Space; wherever the keyboard stands is shown."""
    name = words(one_she_leads(solene.page))
    body = unheard_of()
    tabs_to(solene.page, name)
    enters(solene)
    tabs_to(solene.page, "Écrire une note")
    enters(solene)
    expect(solene.page.get_by_label("Note", exact=True)).to_be_focused()
    solene.page.keyboard.type(body)
    solene.town.typed.append(body)
    assert "Solène Maurepin" in readers(solene)
    tabs_to(solene.page, "Enregistrer la note")
    enters(solene)
    expect(notes_with(solene, body)).to_have_count(1)


def tabs_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWN), f"the focus is not visible on the way to {name}"
        label = page.evaluate("() => { const at = document.activeElement; return (at.labels?.[0] ?? at).textContent }")
        if " ".join(label.split()) == name:
            return
    pytest.fail(f"the keyboard does not reach {name}")


def enters(visitor: Visitor) -> None:
    """Press Enter and look at what comes."""
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")
    visitor.looks()
