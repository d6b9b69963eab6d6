"""Evaluates the law once, over every situation. The law is finite, so the table is the law.

A table is, for each action, one number per situation in the order of `situations`: 0 for the default denial, n for the
n-th rule of charter.cedar. Of several rules that agree the first written one is named.

Each rule is evaluated by Cedar over the words it tells apart (`likeness`), and the answers are joined as Cedar joins them: a
forbid wins, then one permit is enough, else it is denied.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product
from math import prod
from typing import Any

import cedarpy

from casework.charter.law import CONTEXT_OF, LAW_FILE, Law
from casework.charter.likeness import alike
from casework.charter.problems import Problem, refuse
from casework.charter.programmes import Programme
from casework.charter.situation import NONE, Situation
from casework.charter.verdicts import places
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
        "position": (action.positions or tuple(vocabulary.positions)) if "position" in context else (NONE,),
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


def build(law: Law, vocabulary: Vocabulary, programmes: Mapping[str, Programme], batch: int = BATCH) -> Table:
    """Evaluate the law for every situation, `batch` at a time. Raises LawError when Cedar cannot answer one.

    Where a programme does not let a profession have a position, no rule permits anything from it; what is forbidden stays so.
    """
    matched: set[int] = set()
    rows: dict[str, list[int]] = {}
    for action in vocabulary.actions.values():
        rows[action.code], agreed = _row(law, action, factors(action, vocabulary, programmes), programmes, batch)
        matched |= agreed
    return Table(rows, frozenset(matched))


def _row(law: Law, action: Action, words: Words, programmes: Mapping[str, Programme], batch: int) -> tuple[list[int], set[int]]:
    """The numbers of one action, and every rule that agrees with one of its verdicts."""
    row, agreed = [0] * prod(map(len, words.values())), set()
    closed = _unseated(words, programmes)
    # the forbids first: where one holds, no permit counts
    for number, rule in sorted(enumerate(law.rules, start=1), key=lambda numbered: numbered[1].permits):
        held = _held(law, number, action, words, batch)
        if rule.permits:
            held = [place for place in held if place not in closed]
        else:
            closed.update(held)
        if held:
            agreed.add(number)
        for place in held:
            row[place] = row[place] or number
    return row, agreed


def _unseated(words: Words, programmes: Mapping[str, Programme]) -> set[int]:
    """The places of somebody who may not have the position in the programme."""
    *seats, statuses, kinds = places(words.values())
    found: set[int] = set()
    for profession, position, programme in product(*seats):
        if programme in programmes and not programmes[programme].seats(profession, position):
            begin = seats[0][profession] + seats[1][position] + seats[2][programme]
            found.update(range(begin, begin + len(statuses) * len(kinds)))
    return found


def _held(law: Law, number: int, action: Action, words: Words, batch: int) -> list[int]:
    """The places where the rule with this number holds."""
    shape, policy = law.shapes[number - 1], law.parsed[number - 1]
    if not shape.speaks_of(action.code):
        return []
    axes = places(words.values())
    groups = [alike(shape, name.capitalize(), codes) for name, codes in words.items()]
    return [
        sum(summands)
        for combination in _holding(policy, law.schema, action, groups, batch)
        for summands in product(*([axis[word] for word in group] for axis, group in zip(axes, combination, strict=True)))
    ]


def _holding(
    policy: cedarpy.PolicySet, schema: cedarpy.Schema, action: Action, groups: list[list[tuple[str, ...]]], batch: int
) -> Iterator[tuple[tuple[str, ...], ...]]:
    """The combinations of groups of words for which the rule holds. Cedar is asked for the first word of each."""
    waiting = product(*groups)
    while part := list(islice(waiting, batch)):
        requests = [_request(action, Situation(*(group[0] for group in combination))) for combination in part]
        results = cedarpy.is_authorized_batch(requests, policy, [], schema=schema)
        yield from (combination for combination, result in zip(part, results, strict=True) if _holds(result))


def _request(action: Action, situation: Situation) -> Request:
    resource = ("Kind", situation.kind) if action.scope == "compartment" else (action.scope.capitalize(), action.scope)
    return {
        "principal": {"type": "Profession", "id": situation.profession},
        "action": {"type": "Action", "id": action.code},
        "resource": {"type": resource[0], "id": resource[1]},
        "context": {name: {"__entity": {"type": name.capitalize(), "id": getattr(situation, name)}} for name in CONTEXT_OF[action.scope]},
    }


def _holds(result: cedarpy.AuthzResult) -> bool:
    """Whether the one rule that was asked is Cedar's reason, be it for a permit or for a denial."""
    if result.decision == cedarpy.Decision.NoDecision or result.diagnostics.errors:
        refuse([Problem(LAW_FILE, 1, f"Cedar could not decide a situation: {'; '.join(result.diagnostics.errors)}")])
    return bool(result.diagnostics.reasons)
