"""The words of the screens: what is written in French, and the catalogues that translate it. Run as scripts/words."""

import dataclasses
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from casework.charter.loading import read_sources
from casework.wording import Wording, agreement_fault

ROOT = Path(__file__).parents[1]
CATALOGUES = Path("casework", "translations")
KEYWORDS = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "says": None}
ROOMS = frozenset({"casework", "templates"})
WIDTH = 128

Id = str | tuple[str, ...]
"""A French text, or the singular and the plural of one."""


def written(root: Path = ROOT) -> set[Id]:
    """Every French text that screens may show: in templates, in the code, in the policies. Raises LawError for a law that does not load."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel left this one untyped
    found = extract_from_dir(
        str(root), methods, options, KEYWORDS, directory_filter=lambda folder: Path(folder).relative_to(root).parts[0] in ROOMS
    )
    texts = {message for _file, _line, message, _notes, _context in found} | set(policies(root / "policies"))
    return texts - {text[0] for text in texts if isinstance(text, tuple)}  # gettext finds a lone singular in the plural's entry


def policies(folder: Path) -> Iterator[str]:
    """Every label and sentence of a charter."""
    sources = read_sources(folder)
    for part in (sources.masthead, sources.vocabulary, sources.programmes, sources.meetings, sources.support, sources.law.rules):
        yield from _words_of(part)


def faults(catalogue: Catalog, wanted: set[Id]) -> list[str]:
    """What is wrong with a catalogue, one line each: texts without translation, doubtful or stale ones, lost placeholders."""
    have = {_id(message): message for message in catalogue if message.id}
    wrong = [f"not translated: {text}" for text in wanted - have.keys()] + [f"no longer said: {text}" for text in have.keys() - wanted]
    for text, message in have.items():
        strings = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if not all(strings) and text in wanted:
            wrong.append(f"not translated: {text}")
        if message.fuzzy:
            wrong.append(f"doubtful: {text}")
        wrong += [f"{error}: {text}" for error in message.check() if all(strings)]
        wrong += [f"placeholders differ: {text}" for source, string in _pairs(text, strings) if string and _names(source) != _names(string)]
        wrong += [f"{fault}: {string}" for string in strings if "|" in string and (fault := agreement_fault(string))]
    return sorted(wrong)


def updated(catalogue: Catalog, wanted: set[Id]) -> Catalog:
    """The catalogue with exactly these texts, in order: what was translated stays, what is new is empty, what is stale goes."""
    former: Mapping[Id, Message] = {_id(message): message for message in catalogue if message.id}
    fresh = Catalog(locale=catalogue.locale, fuzzy=False)
    for text in sorted(wanted, key=lambda each: (each if isinstance(each, str) else each[0]).casefold()):
        fresh.add(text, former[text].string if text in former else "")
    return fresh


def read(path: Path) -> Catalog:
    """A catalogue from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def main() -> int:
    """Write every catalogue anew. The number of faults left in them is not zero: a failure that names them."""
    wanted, wrong = written(), []
    for path in sorted((ROOT / CATALOGUES).glob("*/LC_MESSAGES/messages.po")):
        catalogue = updated(read(path), wanted)
        head = path.read_bytes().partition(b"\n\n")[0]
        with path.open("wb") as file:
            file.write(head + b"\n\n")
            write_po(file, catalogue, width=WIDTH, omit_header=True)
        wrong += [f"{path.parts[-3]}: {each}" for each in faults(read(path), wanted)]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    return 1 if wrong else 0


def _pairs(text: Id, strings: tuple[str, ...]) -> list[tuple[str, str]]:
    """Source and translation; of a plural the last form only, for the first may say "one" in words."""
    return [(text if isinstance(text, str) else text[1], strings[-1])]


def _names(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s|\{[a-z]+\}", text))


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else (message.id[0], message.id[1])


def _words_of(value: object) -> Iterator[str]:
    if isinstance(value, Wording):
        yield value.source
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _words_of(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from _words_of(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _words_of(each)


if __name__ == "__main__":
    sys.exit(main())
