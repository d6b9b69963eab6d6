"""French first. Another language is offered only when its catalogue is complete. Catalogues are read from .po at start: none is stale."""

from functools import cache, cached_property
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain, get_locale, gettext

from casework import wording

FOLDER = Path(__file__).parents[1] / "translations"
SOURCE = "fr"


def install(app: Flask) -> None:
    """Choose the language by what the browser asks for, without a cookie."""
    complete = _complete()
    offered = [SOURCE, *sorted(complete)]
    _Babel(app, default_locale=SOURCE, locale_selector=lambda: _choose(offered)).catalogues = complete
    wording.interpret(_interpret)


def compile_catalogues() -> dict[str, Translations]:
    """The complete catalogues by language, compiled in memory. An incomplete one is left out: half a language is worse than none."""
    found = {path.parts[-3]: _read(path) for path in sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))}
    return {language: _compile(catalogue) for language, catalogue in found.items() if is_complete(catalogue)}


@cache
def _complete() -> dict[str, Translations]:
    """The same, once for each process: catalogues do not change under a running one."""
    return compile_catalogues()


def is_complete(catalogue: Catalog) -> bool:
    """Whether every message has a translation that nobody marked as doubtful."""
    return all(message.string and not message.fuzzy for message in catalogue if message.id)


def language() -> str:
    """The language of this answer, for the page's `lang`."""
    return str(get_locale() or SOURCE)


def _interpret(source: str) -> str:
    """A text of the house in the language of this answer: labels of the charter and sentences of the services are messages like any."""
    return str(gettext(source)) if has_request_context() and language() != SOURCE else source


class _French(NullTranslations):
    """The source, which needs no catalogue. In French none is one as well: « 0 créneau libre » (plural rules of the CLDR)."""

    def ungettext(self, singular: str, plural: str, count: int) -> str:
        return singular if abs(count) < 2 else plural


class _Domain(Domain):  # type: ignore[misc, unused-ignore]  # Flask-Babel ships no types
    """Flask-Babel's domain, reading from memory."""

    def __init__(self, catalogues: dict[str, Translations]) -> None:
        super().__init__()
        self.catalogues = catalogues
        self.french = _French()

    def get_translations(self) -> NullTranslations:
        return self.catalogues.get(language(), self.french)


class _Babel(Babel):  # type: ignore[misc, unused-ignore]  # Flask-Babel ships no types
    """Flask-Babel with our domain."""

    catalogues: dict[str, Translations]

    @cached_property
    def domain_instance(self) -> _Domain:
        return _Domain(self.catalogues)


def _choose(offered: list[str]) -> str:
    if not has_request_context():
        return SOURCE
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((language for language in asked if language in offered), SOURCE)


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def _compile(catalogue: Catalog) -> Translations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
