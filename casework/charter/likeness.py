"""Words that a rule does not tell apart. It is evaluated for one of them, and the answer holds for all.

A rule can only compare words with the words written in it: one by one, or as members of a written list. Two words that are
written in exactly the same places may be exchanged without changing the rule, so it cannot answer differently for them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Written = tuple[str, str]
"""A word as a rule writes it: its type and its code."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What a rule writes: the actions it can speak of (None: any) and the places where it writes words."""

    actions: frozenset[str] | None
    places: tuple[frozenset[Written], ...]

    def speaks_of(self, action: str) -> bool:
        """Whether the rule can decide anything about this action."""
        return self.actions is None or action in self.actions


def shape_of(policy: Mapping[str, Any]) -> Shape:
    """The shape of one rule, from Cedar's own reading of it (its JSON form)."""
    scope = policy["action"]
    named = scope.get("entities", [scope["entity"]] if "entity" in scope else None)
    actions = None if named is None else frozenset(str(each["id"]) for each in named)
    parts = (policy["principal"], policy["resource"], policy["conditions"])
    return Shape(actions, tuple(place for part in parts for place in _places(part)))


def alike(shape: Shape, kind: str, words: Iterable[str]) -> list[tuple[str, ...]]:
    """The words, in groups that this rule does not tell apart. kind: their Cedar type, e.g. "Profession"."""
    groups: dict[tuple[bool, ...], list[str]] = {}
    for word in words:
        groups.setdefault(tuple((kind, word) in place for place in shape.places), []).append(word)
    return [tuple(group) for group in groups.values()]


def _places(node: Any) -> Iterator[frozenset[Written]]:
    """Every place where words are written: a list is one place, a word outside a list is one."""
    if isinstance(node, list):
        for part in node:
            yield from _places(part)
    elif isinstance(node, dict):
        yield from _place_of(node)


def _place_of(node: dict[str, Any]) -> Iterator[frozenset[Written]]:
    if "__entity" in node or "entity" in node:
        yield frozenset({_written(node.get("__entity") or node["entity"])})
        return
    members = node.get("Set") if "Set" in node else node.get("entities")
    if isinstance(members, list):
        single = [member for member in members if _entity(member) is not None]
        yield frozenset(_written(_entity(member)) for member in single)
        yield from _places([member for member in members if _entity(member) is None])
        return
    for part in node.values():
        yield from _places(part)


def _entity(member: Any) -> Any:
    """The word of a list's member, None when the member is something else."""
    if not isinstance(member, dict):
        return None
    if set(member) == {"type", "id"}:
        return member
    value = member.get("Value")
    return value.get("__entity") if isinstance(value, dict) else None


def _written(entity: Any) -> Written:
    return str(entity["type"]), str(entity["id"])
