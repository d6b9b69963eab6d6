"""What is wrong with the law, and where: every refusal names a file and a line."""

from collections.abc import Iterable
from typing import NamedTuple

from casework.errors import ConfigurationError


class Problem(NamedTuple):
    """One sentence about one line (from 1) of one file of the policies folder."""

    file: str
    line: int
    sentence: str


class LawError(ConfigurationError):
    """The law cannot be loaded or was asked a word it does not know.

    problems: all that was found, in the order of files and lines; empty for an unknown word in a question.
    """

    def __init__(self, message: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(message)
        self.problems: list[Problem] = sorted(set(problems))


class UnknownWord(LawError, LookupError):
    """A question used a word outside the vocabulary: a mistake in the program, never an answer."""


def refuse(problems: Iterable[Problem]) -> None:
    """Raise LawError naming every problem, if there is any."""
    found = sorted(set(problems))
    if found:
        lines = "\n".join(f"{p.file}:{p.line}: {p.sentence}" for p in found)
        raise LawError(f"the charter cannot be loaded; correct these lines and run `casework policy check`:\n{lines}", found)
