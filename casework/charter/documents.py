"""Reads YAML and remembers lines, so that a mistake in the law can be shown where it stands.

Every reader reports what is wrong and returns an empty value, so that one check finds all mistakes. Scalars are
read as written: YAML's own guesses (`no`, `on`, 1e3) never turn a word into something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from casework.charter.problems import Problem
from casework.wording import Wording, agreement_fault

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same reader in C where PyYAML was built with it: ten times as fast
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a document, with its place. `node` is None where the document could not be read.

    line: where it stands, from 1; for the value of a mapping, the line of its key.
    """

    file: str
    node: yaml.Node | None
    problems: list[Problem]
    line: int = 1

    def fault(self, sentence: str) -> None:
        """Report a problem on this line."""
        self.problems.append(Problem(self.file, self.line, sentence))

    def _at(self, node: yaml.Node, place: yaml.Node | None = None) -> "Entry":
        return Entry(self.file, node, self.problems, (place or node).start_mark.line + 1)

    def items(self) -> Iterator[tuple[str, "Entry"]]:
        """The (key, value) pairs of a mapping; a key that comes twice is reported."""
        if not isinstance(self.node, yaml.MappingNode):
            self._expected("a mapping")
            return
        seen: set[str] = set()
        for key, value in self.node.value:
            name = str(key.value)
            if name in seen:
                self._at(key).fault(f"'{name}' is given twice")
                continue
            seen.add(name)
            yield name, self._at(value, key)

    def coded(self) -> Iterator[tuple[str, "Entry"]]:
        """Like `items`, for mappings whose keys are codes of the vocabulary (small letters, digits, _ and .); not empty."""
        if isinstance(self.node, yaml.MappingNode) and not self.node.value:
            self.fault("this list is empty; it needs at least one code")
        for name, value in self.items():
            if CODE.match(name):
                yield name, value
            else:
                value.fault(f"'{name}' is not a code: small letters, digits and _ (and . between two words)")

    def record(self, required: str, optional: str = "") -> dict[str, "Entry"]:
        """A mapping with exactly these keys (names separated by spaces); others and missing ones are reported."""
        found = dict(self.items())
        known = {*required.split(), *optional.split()}
        for name in found.keys() - known:
            found[name].fault(f"'{name}' is not known here; known are: {', '.join(sorted(known))}")
        for name in sorted(set(required.split()) - found.keys()):
            if self.node is not None:
                self.fault(f"'{name}' is missing")
        nothing = Entry(self.file, None, self.problems)
        return {name: found.get(name, nothing) for name in known if name in found or name in required.split()}

    def sequence(self) -> list["Entry"]:
        """The values of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self._expected("a list")
            return []
        return [self._at(node) for node in self.node.value]

    def text(self) -> str:
        """A text that is not empty, as written."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            self._expected("a text")
            return ""
        return str(self.node.value).strip()

    def label(self) -> Wording:
        """A French text to show; its agreeing forms are checked."""
        text = self.text()
        fault = agreement_fault(text)
        if fault:
            self.fault(fault)
        return Wording(text)

    def integer(self) -> int:
        """A whole number, zero or more."""
        text = self.text()
        if text and not text.isdecimal():
            self.fault(f"'{text}' is not a whole number")
        return int(text) if text.isdecimal() else 0

    def day(self) -> date:
        """A date written YYYY-MM-DD."""
        text = self.text()
        try:
            return date.fromisoformat(text)
        except ValueError:
            if text:
                self.fault(f"'{text}' is not a date (YYYY-MM-DD)")
            return date.min

    def word(self, known: "frozenset[str] | set[str]", what: str) -> str:
        """A text that is one of `known`; `what` names the list in the report."""
        text = self.text()
        if text and text not in known:
            self.fault(f"'{text}' is not a known {what}; known are: {', '.join(sorted(known))}")
        return text

    def _expected(self, what: str) -> None:
        if self.node is not None:
            self.fault(f"{what} is expected here")


def read_document(policies: Path, file: str, problems: list[Problem]) -> Entry:
    """The YAML file `file` of the policies folder. What cannot be read is added to `problems`."""
    try:
        text = (policies / file).read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=LOADER)
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(file, 1, f"the file cannot be read ({type(error).__name__})"))
        return Entry(file, None, problems)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        sentence = getattr(error, "problem", None) or "the file is not YAML"
        problems.append(Problem(file, 1 if mark is None else mark.line + 1, f"not valid YAML: {sentence}"))
        return Entry(file, None, problems)
    if node is None:
        problems.append(Problem(file, 1, "the file is empty"))
    return Entry(file, node, problems)
