"""Evaluates the law once, over every situation. The law is finite, so the table is the law.

A table is, for each action, one number per situation in the order of `situations`: 0 for the default denial, n for the
n-th rule of charter.cedar. Of several rules that agree the first written one is named.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any

import cedarpy

from casework.charter.law import CONTEXT_OF, LAW_FILE, Law
from casework.charter.problems import Problem, refuse
from casework.charter.situation import NONE, Situation
from casework.charter.vocabulary import VOCABULARY_FILE, Action, Vocabulary

BATCH = 20_000  # requests handed to Cedar at once: bounds the memory of a build
MAX_ROWS = 500_000  # beyond that a build takes half a minute and a table no longer fits a start

Rows = Mapping[str, list[int]]
Words = Mapping[str, tuple[str, ...]]
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """rows: action -> rule numbers. matched: every rule that agreed with a verdict somewhere, named or not."""

    rows: Rows
    matched: frozenset[int]


def factors(action: Action, vocabulary: Vocabulary, programmes: Iterable[str]) -> Words:
    """The words an action is crossed with, in the order of `Situation`; ("none",) where its scope does not look."""
    context = CONTEXT_OF[action.scope]
    return {
        "profession": tuple(vocabulary.professions),
        "position": tuple(vocabulary.positions) if "position" in context else (NONE,),
        "programme": tuple(programmes) if "programme" in context else (NONE,),
        "status": tuple(vocabulary.statuses) if "status" in context else (NONE,),
        "kind": action.kinds if action.scope == "compartment" else (NONE,),
    }


def situations(action: Action, vocabulary: Vocabulary, programmes: Iterable[str]) -> Iterator[Situation]:
    """Every situation of an action, in the order of the files."""
    return (Situation(*words) for words in product(*factors(action, vocabulary, programmes).values()))


def size(action: Action, vocabulary: Vocabulary, programmes: Iterable[str]) -> int:
    """How many situations an action has."""
    return prod(len(words) for words in factors(action, vocabulary, programmes).values())


def refuse_too_many(vocabulary: Vocabulary, programmes: Iterable[str], limit: int = MAX_ROWS) -> None:
    """Raise LawError when the table would have more than `limit` rows, naming the widest factor."""
    codes = tuple(programmes)
    rows = sum(size(action, vocabulary, codes) for action in vocabulary.actions.values())
    if rows <= limit:
        return
    widths = {
        "professions": len(vocabulary.professions),
        "positions": len(vocabulary.positions),
        "programmes": len(codes),
        "statuses": len(vocabulary.statuses),
        "kinds": len(vocabulary.kinds),
    }
    widest = max(widths, key=lambda name: widths[name])
    sentence = f"the law would have {rows:,} situations, {limit:,} at most; the widest factor is {widest} ({widths[widest]})"
    refuse([Problem(VOCABULARY_FILE, 1, sentence)])


def build(law: Law, vocabulary: Vocabulary, programmes: Iterable[str], batch: int = BATCH) -> Table:
    """Evaluate every situation with Cedar, `batch` at a time. Raises LawError when Cedar cannot answer one."""
    codes = tuple(programmes)
    numbers = {rule.id: number for number, rule in enumerate(law.rules, start=1)}
    matched: set[int] = set()
    rows: dict[str, list[int]] = {action: [] for action in vocabulary.actions}
    requests = (
        (action.code, _request(action, situation))
        for action in vocabulary.actions.values()
        for situation in situations(action, vocabulary, codes)
    )
    while part := list(islice(requests, batch)):
        results = cedarpy.is_authorized_batch([request for _, request in part], law.policies, [], schema=law.schema)
        for (action_code, _), result in zip(part, results, strict=True):
            named = _named(result, numbers)
            matched.update(named)
            rows[action_code].append(min(named, default=0))
    return Table(rows, frozenset(matched))


def _request(action: Action, situation: Situation) -> Request:
    resource = ("Kind", situation.kind) if action.scope == "compartment" else (action.scope.capitalize(), action.scope)
    return {
        "principal": {"type": "Profession", "id": situation.profession},
        "action": {"type": "Action", "id": action.code},
        "resource": {"type": resource[0], "id": resource[1]},
        "context": {name: {"__entity": {"type": name.capitalize(), "id": getattr(situation, name)}} for name in CONTEXT_OF[action.scope]},
    }


def _named(result: cedarpy.AuthzResult, numbers: Mapping[str, int]) -> list[int]:
    if result.decision == cedarpy.Decision.NoDecision or result.diagnostics.errors:
        refuse([Problem(LAW_FILE, 1, f"Cedar could not decide a situation: {'; '.join(result.diagnostics.errors)}")])
    return [numbers[name] for name in result.diagnostics.id_annotations_by_reason.values()]
