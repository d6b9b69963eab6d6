"""The question and the answer: the closed words a decision depends on, and the verdict with its reason."""

from dataclasses import dataclass
from typing import NamedTuple

NONE = "none"
DENY_DEFAULT = "deny.default"


class Situation(NamedTuple):
    """Everything a decision may depend on. "none" stands where the action's scope does not look."""

    profession: str
    position: str = NONE
    programme: str = NONE
    status: str = NONE
    kind: str = NONE


@dataclass(frozen=True, slots=True)
class Verdict:
    """Permitted or not, by which rule, in a French sentence (see `agree`), under which article.

    A denial's rule is "deny.default", the id of a forbid, or the id of a gate.
    """

    permitted: bool
    rule: str
    says: str
    article: str
