"""French is the source; English is offered while it is complete."""

import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from flask import Flask
from flask_babel import ngettext

from casework.charter import agree
from casework.resources import PACKAGE
from casework.web import i18n
from casework.wording import listed, says, spoken
from scripts.words import Id, faults, read, updated, written
from tests.web.conftest import Browser, SignedIn, title, words
from tests.web.standin import NUMBER

PO = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"
NEW = "Une phrase que personne n’a traduite."


def test_english_is_complete_and_nothing_in_it_is_stale() -> None:
    """What the screens, the services and the policies say, no more and no less; no lost placeholder. Run scripts/words to mend it."""
    assert faults(read(PO), written()) == []
    assert set(i18n.compile_catalogues()) == {"en"}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A small checkout: the policies, and a template and a service with nothing to say."""
    shutil.copytree(PACKAGE.parent / "policies", tmp_path / "policies")
    for folder in ("casework/services", "templates"):
        (tmp_path / folder).mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("templates/new.html", "<p>{{ _('%s') }}</p>"),
        ("casework/services/new.py", 'raise InvalidInput({"field": says("%s")})\n'),
        ("policies/lists.yaml", 'school: "%s"'),
        ("policies/charter.cedar", '@says("%s")'),
    ],
)
def test_control_a_new_sentence_is_missed(elsewhere: Path, file: str, text: str) -> None:
    """In a template, in a service, in a list, in a rule: nobody translated it, and the test above would fail."""
    place = elsewhere / file
    former = {"lists.yaml": 'school: "Établissement scolaire"', "charter.cedar": '@says("Vos notes de travail restent les vôtres.")'}
    before = place.read_text(encoding="utf-8") if place.exists() else text
    place.write_text(before.replace(former.get(place.name, text), text % NEW, 1), encoding="utf-8")
    assert f"not translated: {NEW}" in faults(read(PO), written(elsewhere))


@pytest.mark.parametrize(
    ("text", "string", "flags", "fault"),
    [
        ("%(num)s jours", "days", set(), "placeholder"),
        ("Oui", "", set(), "not translated"),
        ("Oui", "Yes", {"fuzzy"}, "doubtful"),
        ("Non", "No", set(), "no longer said"),
        ("{une|un|un·e}", "{a|an}", set(), "three forms"),
    ],
)
def test_control_each_fault_is_found(text: str, string: str, flags: set[str], fault: str) -> None:
    """A lost number, an empty text, a doubtful one, a stale one, a broken agreement."""
    catalogue = Catalog(locale="en")
    catalogue.add(text, string, flags=flags)
    wanted: set[Id] = set() if text == "Non" else {text}
    assert any(fault in each for each in faults(catalogue, wanted))


def test_bringing_up_to_date_keeps_what_was_translated() -> None:
    """What is new is empty, what is stale is gone."""
    catalogue = Catalog(locale="en")
    for text, string in (("Oui", "Yes"), ("Non", "No")):
        catalogue.add(text, string)
    fresh = updated(catalogue, {"Oui", ("une note", "%(num)s notes")})
    assert {message.id: message.string for message in fresh if message.id} == {"Oui": "Yes", ("une note", "%(num)s notes"): ("", "")}


def test_the_house_speaks_the_readers_language_and_typed_text_stays(app: Flask) -> None:
    """Labels, agreeing ones, sentences with values that are labels themselves; « Oui » that somebody typed is theirs."""
    label = agree("{la référente|le référent|référent·e}", "f")
    nested = says("La charte ne permet pas à cette personne de lire le volet « %(volet)s ».", volet=says("Identité"))
    row = listed([says("Lieu & place"), says("Téléphone"), "Téléphone"])
    assert (label, nested[-12:], row) == ("la référente", "« Identité »."[-12:], "Lieu & place, Téléphone, Téléphone")
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert spoken(nested) == "The charter does not let this person read the section “Identity”."
        assert app.jinja_env.from_string("{{ a }}|{{ [b] | join(' ') }}|{{ c }}").render(a=row, b=says("Oui & non"), c="Téléphone") == (
            "Lieu &amp; place, Phone, Téléphone|Oui &amp; non|Téléphone"
        )
    with app.test_request_context(headers={"Accept-Language": "fr"}):
        assert spoken(nested) == nested


@pytest.mark.parametrize(("string", "flags", "complete"), [("Yes", set(), True), ("", set(), False), ("Yes", {"fuzzy"}, False)])
def test_half_a_language_is_none(string: str, flags: set[str], complete: bool) -> None:
    """A missing or doubtful message switches the language off."""
    catalogue = Catalog(locale="en")
    catalogue.add("Oui", string, flags=flags)
    assert i18n.is_complete(catalogue) is complete


@pytest.mark.parametrize(
    ("asked", "lang"),
    [(None, "fr"), ("fr-FR,en;q=0.5", "fr"), ("en-GB,en;q=0.9,fr;q=0.2", "en"), ("de", "fr"), ("*", "fr"), ("en;q=x", "fr")],
)
def test_the_browser_chooses(browser: Browser, asked: str | None, lang: str) -> None:
    """French unless English is preferred to it."""
    page = browser.get("/connexion", headers={"Accept-Language": asked} if asked else {})
    assert f'<html lang="{lang}">' in page.text
    assert title(page) == ("Sign in — casework" if lang == "en" else "Connexion — casework")


def test_each_request_has_its_own_language(app: Flask, signed_in: SignedIn) -> None:
    """Nothing said to one reader stays for the next."""
    browser = signed_in("maelle")
    for asked, word in (("en", "written on 22 November"), ("fr", "écrite le 22 novembre"), ("en", "written on 22 November")):
        assert word in words(browser.get(f"/dossiers/{NUMBER}", headers={"Accept-Language": asked}))


def test_none_is_counted_as_one_in_french(app: Flask) -> None:
    """« 0 créneau », « 1 créneau », « 2 créneaux »; in English "0 free slots"."""

    def counted(count: int, language: str) -> str:
        with app.test_request_context(headers={"Accept-Language": language}):
            return str(ngettext("%(num)s créneau libre", "%(num)s créneaux libres", count))

    assert [counted(count, "fr") for count in (0, 1, 2)] == ["0 créneau libre", "1 créneau libre", "2 créneaux libres"]
    assert [counted(count, "en") for count in (0, 1, 2)] == ["0 free slots", "1 free slot", "2 free slots"]
