"""What somebody typed to find a dossier, taken apart: words of a name, a number, a birth date, digits of a phone. Pure, in memory."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from casework.services.search.names import Matcher

SHORTEST_PHONE = 6
"""Digits of a phone that may be looked for: fewer are in every list."""

_NUMBER = re.compile(r"(?<!\d)(20\d\d)-(\d{1,5})(?!\d)")
_BORN = re.compile(r"(?<!\d)(?<!\d[ .-])(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4})(?![ .-]?\d)|(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_DIGITS = re.compile(r"\+?\d(?:[\d .\-\u00a0\u202f]|\(0\))*")
_COUNT = re.compile(r"\d{1,5}")
_CALLED = re.compile(r"\b(?:dossier|num[ée]ro|n°|no)\s*(?=\d)|^\s*n°?\s*(?=\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for. All that is given must be so. number: a whole number, or the count behind the year, without zeros."""

    name: Matcher | None
    year: str
    count: str
    born: str
    phone: str

    def asks(self) -> bool:
        """Whether anything is looked for at all."""
        return bool(self.name or self.count or self.born or self.phone)

    def is_number(self, number: str) -> bool:
        """Whether this dossier number, e.g. 2026-0042, is asked for: whole, or 42, or 0042."""
        year, _, count = number.partition("-")
        return count.lstrip("0") == self.count and self.year in {"", year}

    def is_phone(self, text: str) -> bool:
        """Whether a phone in this text holds the digits asked for, in whatever format it was written."""
        return any(self.phone in number for number in phones(text))


def understand(text: str) -> Question:
    """Take apart what was typed: "Lefèvre", "lefevre 12/03/2010", "2026-0042", "42", "06 39 98", "+33 6 39…"."""
    rest, year, count = _number(_CALLED.sub(" ", text))
    rest, born = _birth(rest)
    chunks = [chunk.strip() for chunk in _DIGITS.findall(rest)]
    phone = next((number for chunk in chunks if (number := national(chunk, SHORTEST_PHONE))), "")
    if len(chunks) == 1 and _COUNT.fullmatch(chunks[0]) and not count:
        count = chunks[0].lstrip("0")
    name = Matcher(_DIGITS.sub(" ", rest))
    return Question(None if name.empty else name, year, count, born, phone)


def phones(text: str) -> Iterator[str]:
    """The phone numbers in a text, in one format."""
    return (number for chunk in _DIGITS.findall(text) if (number := national(chunk, SHORTEST_PHONE)))


def national(chunk: str, shortest: int) -> str:
    """Digits as they are dialled, without the zero or the code of France in front: 06 39…, +33 6 39… and 0033 639… become 639….

    Empty when there are fewer than `shortest` digits.
    """
    digits = re.sub(r"\D", "", chunk.replace("(0)", ""))
    if len(digits) < shortest:
        return ""
    abroad = chunk.lstrip().startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    if digits.startswith("33") and (abroad or len(digits) == 11):
        digits = digits[2:]
    return digits.lstrip("0")


def _number(text: str) -> tuple[str, str, str]:
    """A dossier number with its year, and the text without it."""
    found = _NUMBER.search(text)
    if found is None or _BORN.match(text, found.start()):
        return text, "", ""
    return text[: found.start()] + " " + text[found.end() :], found[1], found[2].lstrip("0")


def _birth(text: str) -> tuple[str, str]:
    """A day as people write it, in ISO format, and the text without it."""
    found = _BORN.search(text)
    if found is None:
        return text, ""
    day, month, year = (found[1], found[2], found[3]) if found[3] else (found[6], found[5], found[4])
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:  # 06 39 9812 is the beginning of a phone
        return text, ""
    return text[: found.start()] + " " + text[found.end() :], born.isoformat()
