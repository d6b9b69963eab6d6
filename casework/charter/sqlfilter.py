"""The same law as SQL: the permitted situations as a condition over columns."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, false, or_, true

Combination = tuple[str, str, str, str]
Block = tuple[frozenset[str], ...]


@lru_cache(maxsize=4096)  # more than a law has actions times professions; every list asks, and the law does not change
def blocks(combinations: frozenset[Combination]) -> tuple[Block, ...]:
    """Exactly these combinations as few disjoint products of sets, one set for each of position, programme, status, kind."""
    found: list[Block] = [tuple(frozenset({word}) for word in combination) for combination in combinations]
    for axis in range(4):
        found = _joined_along(found, axis)
    return tuple(sorted(found, key=_order))


@lru_cache(maxsize=4096)  # likewise; a condition is never changed, and putting one together costs more than asking it
def condition(combinations: frozenset[Combination], columns: tuple[tuple[int, SQLColumnExpression[str]], ...]) -> ColumnElement[bool]:
    """True exactly for the rows whose words are one of `combinations`; false for all when there is none.

    columns: axis (0 position, 1 programme, 2 status, 3 kind) and the expression to compare; an axis that the action does
    not look at is left out. A NULL word makes the row invisible: it fails closed.
    """
    terms = [and_(true(), *(column.in_(sorted(block[axis])) for axis, column in columns)) for block in blocks(combinations)]
    return or_(*terms) if terms else false()


def _joined_along(found: Iterable[Block], axis: int) -> list[Block]:
    joined: dict[Block, frozenset[str]] = {}
    for block in found:
        others = (*block[:axis], *block[axis + 1 :])
        joined[others] = joined.get(others, frozenset()) | block[axis]
    return [(*others[:axis], words, *others[axis:]) for others, words in joined.items()]


def _order(block: Block) -> list[list[str]]:
    return [sorted(words) for words in block]
