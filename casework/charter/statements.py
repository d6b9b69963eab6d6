"""Cuts charter.cedar into its rules, each with its line: Cedar itself does not say where it stumbled."""

import re
from dataclasses import dataclass

_TOKENS = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|;|\s+|[^/";\s]+|.', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Statement:
    """One rule as written, from its first annotation to its semicolon. `line` counts from 1."""

    text: str
    line: int

    def line_of(self, fragment: str) -> int:
        """The line on which `fragment` stands in this rule; the rule's first line when it does not."""
        place = self.text.find(fragment)
        return self.line if place < 0 else self.line + self.text.count("\n", 0, place)


def statements(source: str) -> list[Statement]:
    """The rules of a Cedar text, in order. A last one without its semicolon is returned as well, for Cedar to refuse."""
    found: list[Statement] = []
    start: int | None = None
    for token in _TOKENS.finditer(source):
        blank = token[0].isspace() or token[0].startswith("//")
        if start is None and not blank:
            start = token.start()
        if token[0] == ";" and start is not None:
            found.append(_statement(source, start, token.end()))
            start = None
    if start is not None:
        found.append(_statement(source, start, len(source)))
    return found


def _statement(source: str, start: int, end: int) -> Statement:
    return Statement(source[start:end], source.count("\n", 0, start) + 1)
