"""The first line on the page of whoever receives an orientation, with an account or without; and the act that passes a new contact on."""

import pytest

from casework import services
from casework.services.partner.views import REFERRAL, About
from casework.web import create_app
from tests.house import House
from tests.services.orientation.oriented import followed, sent
from tests.services.orientation.passing import LABEL, Passing, passing
from tests.services.safety.place import ASSOCIATION, NUMBER, SAFE
from tests.web.conftest import Browser, words
from tests.web.test_real import enter

NEW = "06 39 98 47 99"


@pytest.fixture(scope="module")
def made(house: House) -> Passing:
    return passing(house)


@pytest.fixture
def way(made: Passing) -> Passing:
    """On a Monday at ten, with the contact as it was first noted."""
    made.place.safe()
    made.place.to(made.place.monday(10))
    for name in ("charlie", "viola", "alice"):
        made.house.actors[name] = made.house.sign_in(name)
    return made


def page(browser: Browser, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return words(answer)


def test_yes_then_no_while_it_has_changed_then_yes_again(way: Passing) -> None:
    viola, charlie = enter(way.house, "viola"), enter(way.house, "charlie")
    referral = way.sent(LABEL)
    own, theirs = f"/orientations/{referral}", f"/orientations/recues/{referral}"
    shown = page(charlie, theirs)
    assert "Appeler maintenant : OUI" in shown
    assert NUMBER in shown
    assert SAFE["code_word"] in shown
    assert "Transmettre le nouveau contact" not in page(viola, own), "control"
    way.place.safe(value=NEW)
    shown = page(charlie, theirs)
    assert "Appeler maintenant : NON" in shown
    assert f"Le contact a changé. Passez par {ASSOCIATION}." in shown
    assert "ne vaut plus" in shown
    assert NEW not in shown
    assert "contact à transmettre de nouveau" in page(viola, "/orientations")
    assert "porte un contact qui a changé" in page(viola, "/jour")
    renewal = services.following.read(way.house.viola, referral).renewal
    assert renewal is not None
    assert f'value="{renewal.id}"' in viola.get(own).text
    wrong = viola.post(f"{own}/contact", {"contact": "0" * 32})
    assert wrong.status_code == 422
    assert "Ce dossier a changé" in words(wrong)
    assert charlie.post(f"{own}/contact", {"contact": renewal.id}).status_code == 404
    assert viola.post(f"{own}/contact", {"contact": renewal.id}).status_code == 303
    assert "Le nouveau contact est transmis" in page(viola, own)
    shown = page(charlie, theirs)
    assert "Appeler maintenant : OUI" in shown
    assert NEW in shown
    assert NUMBER in charlie.get(theirs).text.partition("<del>")[2].partition("</del>")[0], "the former stays, struck"


def test_what_is_sent_is_read_again_with_its_first_line(way: Passing) -> None:
    viola = enter(way.house, "viola")
    form = f"/dossiers/{way.place.number}/orientation"
    page(viola, form)
    asked = way.draft(LABEL)
    typed = {"need": "housing", "to": asked.to, "agreement": "given", "intro": asked.intro, "pieces": list(asked.pieces)}
    seen = viola.post(form, {**(viola.hidden or {}), **typed})
    assert (seen.status_code, "Appeler maintenant : OUI" in words(seen), NUMBER in words(seen)) == (200, True, True)
    bare = viola.post(form, {**(viola.hidden or {}), **typed, "pieces": []})
    assert (bare.status_code, f"Passez par {ASSOCIATION}." in words(bare), NUMBER in words(bare)) == (200, True, False)


def test_a_partner_without_an_account_reads_it_too(way: Passing) -> None:
    about = About(REFERRAL, way.sent(LABEL, to="link"))
    made = services.making.make(way.house.viola, about)
    browser = Browser(create_app(way.house.instance).test_client())
    browser.get("/lien")
    assert browser.post("/lien", {"secret": made.secret, "code": made.code}).status_code == 303
    shown = page(browser, "/lien/visite")
    assert "Appeler maintenant : OUI" in shown
    assert NUMBER in shown
    way.place.safe(value=NEW)
    shown = page(browser, "/lien/visite")
    assert f"Le contact a changé. Passez par {ASSOCIATION}." in shown
    assert NEW not in shown


def test_once_the_person_ended_it_the_form_says_so(way: Passing) -> None:
    alice = enter(way.house, "alice")
    number = followed(way.house, "Arrêt-Écran")
    form = f"/dossiers/{number}/orientation"
    page(alice, form)
    sent(way.town, number)
    services.withdrawing.withdraw(way.house.alice, number)
    for answer in (alice.get(form), alice.post(form, {"intro": "x", "proposer": "oui"})):
        assert answer.status_code == 409
        assert "La personne a mis fin au suivi" in words(answer)
        assert "suit sa propre voie" in words(answer)
    assert enter(way.house, "charlie").get(form).status_code == 404
