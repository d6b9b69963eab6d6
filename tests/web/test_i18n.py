"""French is the source; English is offered while it is complete."""

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from casework.resources import PACKAGE
from casework.web import i18n
from tests.web.conftest import Browser, SignedIn, title, words
from tests.web.standin import NUMBER

ROOT = PACKAGE.parent
PO = PACKAGE / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def written() -> set[str]:
    """Every message in the code and the templates, read as `pybabel extract -F babel.cfg -k lazy_gettext` does."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel left this one untyped
    keywords = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
    found = extract_from_dir(
        str(ROOT), methods, options, keywords, directory_filter=lambda path: not path.endswith((".venv", "var", "tests"))
    )
    return {message if isinstance(message, str) else message[0] for _file, _line, message, _notes, _context in found}


def translated() -> dict[str, Message]:
    """The English catalogue, by French message."""
    with PO.open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue if message.id}


def test_english_is_complete_and_nothing_in_it_is_stale() -> None:
    """What the screens say, no more and no less."""
    assert set(translated()) == written()
    assert set(i18n.compile_catalogues()) == {"en"}


def test_placeholders_are_kept() -> None:
    """A lost %(number)s would be an error on the day somebody reads the page."""
    assert [error for message in translated().values() for error in message.check()] == []


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
