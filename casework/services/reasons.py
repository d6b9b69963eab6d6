"""Words for screens: verdicts as reasons, codes as labels, agreeing with who reads."""

from collections.abc import Mapping

from casework.charter import Kind, Verdict, Word, agree
from casework.services.unit import Unit
from casework.services.views import Choice, Reason


def reason(unit: Unit, verdict: Verdict) -> Reason:
    """Why one may: the sentence agreeing with the reader, the rule and its article."""
    return Reason(agree(verdict.says, unit.actor.gender), verdict.rule, verdict.article)


def label(words: Mapping[str, Word] | Mapping[str, Kind], code: str, gender: str = "n") -> str:
    """A code in words; the code itself once its list lost it: what is stored neither vanishes nor breaks a page."""
    return agree(words[code].label, gender) if code in words else code


def choice(words: Mapping[str, Word] | Mapping[str, Kind], code: str, gender: str = "n") -> Choice:
    """A code with its label."""
    return Choice(code, label(words, code, gender))


def choices(words: Mapping[str, Word] | Mapping[str, Kind], gender: str = "n") -> tuple[Choice, ...]:
    """A closed list, in the order of the policies."""
    return tuple(choice(words, code, gender) for code in words)
