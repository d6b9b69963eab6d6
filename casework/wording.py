"""Words of the house, its labels and sentences: French everywhere, and in the reader's own language where a page shows them.

What people type is a plain `str` and is never translated: the type tells the two apart, so that neither services nor
templates have to. A text may agree with a person, "{la référente|le référent|référent·e}", and may hold %(named)s values.
"""

import html
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Self

_FORMS = re.compile(r"\{([^{}]*)\}")
_INDEX = {"f": 0, "m": 1, "n": 2}
_NONE: Mapping[str, object] = {}

Interpreter = Callable[[str], str]
"""French source -> the same in the language of the page being made."""


class Wording(str):
    """A French text of the house, as it reads, that remembers its source. Whoever escapes it for a page gets it translated."""

    __slots__ = ("gender", "source", "values")

    source: str
    gender: str | None
    values: Mapping[str, object]

    def __new__(cls, source: str, gender: str | None = None, values: Mapping[str, object] = _NONE) -> Self:
        """source: the msgid. gender: whom it agrees with, 'f', 'm' or 'n'; None: not yet known. values: what stands in its %(names)s."""
        text = source if gender is None else agreed(source, gender)
        made = super().__new__(cls, text % {name: _plain(value, str) for name, value in values.items()} if values else text)
        made.source, made.gender, made.values = source, gender, values
        return made

    def spoken(self) -> str:
        """The text in the language of the page being made; in French where there is none."""
        text = agreed(_interpreters[-1](self.source), self.gender or "n")
        return text % {name: _plain(value, spoken) for name, value in self.values.items()} if self.values else text

    def __html__(self) -> str:
        """What templates and form widgets ask of a value before they escape it."""
        return html.escape(self.spoken())


def says(source: str, /, **values: object) -> Wording:
    """A sentence or a label written in the code. Values may be texts of the house, typed texts, numbers, days, or several of those."""
    return Wording(source, values=values)


def listed(items: Iterable[str]) -> Wording:
    """Texts in a row, joined by commas; each of the house's own speaks the reader's language."""
    return Wording("%(items)s", values={"items": tuple(items)})


def spoken(value: object) -> str:
    """A text of the house in the reader's language; anything else as it is."""
    return value.spoken() if isinstance(value, Wording) else str(value)


def agreed(text: str, gender: str) -> str:
    """`text` with each "{feminine|masculine|neutral}" replaced by the form for `gender` ('f', 'm' or 'n').

    Raises ValueError for another gender: a caller who does not know says 'n'.
    """
    if gender not in _INDEX:
        raise ValueError("the gender of a text is 'f', 'm' or 'n'")
    return _FORMS.sub(lambda found: found[1].split("|")[_INDEX[gender]], text)


def agreement_fault(text: str) -> str | None:
    """What is wrong with the agreeing forms of `text`, as a sentence; None when they are well formed."""
    rest = _FORMS.sub("", text)
    if "{" in rest or "}" in rest:
        return "a brace { or } stands alone; agreeing texts are written {feminine|masculine|neutral}"
    if any(len(found.split("|")) != 3 for found in _FORMS.findall(text)):
        return "an agreeing text needs exactly three forms: {feminine|masculine|neutral}"
    return None


def interpret(interpreter: Interpreter) -> None:
    """Say how a page's language is spoken. The screens do, once, at the start; without them everything reads French."""
    _interpreters[-1] = interpreter


def _french(source: str) -> str:
    return source


_interpreters: list[Interpreter] = [_french]


def _plain(value: object, say: Callable[[object], str]) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, tuple):
        return ", ".join(_plain(each, say) for each in value)
    return say(value)
