"""What figures may say: no count under five, nor a number that would give one away by subtraction (domain 5.7). Numbers in, numbers out.

Three steps. A count under five is hidden, zero too. Of a sum in two halves, both halves are hidden as soon as one is under five. A total
over parts is shown only while every hidden number under it could still be any of five numbers, for a reader who knows these rules.

A part never looks at what comes after it: a number that was shown once is not needed later to hide another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

LEAST = 5
"""The smallest count that is shown; and how many numbers a hidden one could be, for whoever subtracts."""

Shown = tuple[int | None, ...]
Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One line of figures as it is shown (None: hidden), and every line of numbers that a reader must think possible."""

    shown: Shown
    possible: frozenset[Numbers]


def count(value: int, least: int = LEAST) -> Part:
    """One number: itself, or hidden."""
    if value >= least:
        return Part((value,), frozenset({(value,)}))
    return Part((None,), frozenset((each,) for each in range(least)))


def halves(first: int, second: int, least: int = LEAST) -> Part:
    """A sum and its two halves, in this order: all three, the sum alone, or nothing."""
    whole = first + second
    if whole < least:
        return Part((None, None, None), frozenset((a + b, a, b) for a in range(least) for b in range(least - a)))
    if min(first, second) < least:
        pairs = ((each, whole - each) for each in range(whole + 1))
        return Part((whole, None, None), frozenset((whole, a, b) for a, b in pairs if min(a, b) < least))
    return Part((whole, first, second), frozenset({(whole, first, second)}))


def total(parts: Sequence[Part], values: Numbers, least: int = LEAST) -> Shown:
    """The sums over `parts`, as many of the first ones as may be shown: all of them, the first alone, or none."""
    for told in dict.fromkeys((len(values), 1)):
        if all(value >= least for value in values[:told]) and _bearable(parts, values[:told], least):
            return (*values[:told], *(None for _ in values[told:]))
    return tuple(None for _ in values)


def _bearable(parts: Sequence[Part], told: Numbers, least: int) -> bool:
    """Whether every hidden number of the parts could still be `least` different ones, the total being known."""
    return all(_kept(part, [*parts[:place], *parts[place + 1 :]], told, least) for place, part in enumerate(parts))


def _kept(part: Part, others: Sequence[Part], told: Numbers, least: int) -> bool:
    rest = _sums(others, len(told))
    left = [line for line in part.possible if tuple(sum_ - each for sum_, each in zip(told, line, strict=False)) in rest]
    return all(
        len({line[column] for line in left}) >= min(least, len({line[column] for line in part.possible}))
        for column in range(len(part.shown))
    )


def _sums(parts: Sequence[Part], width: int) -> frozenset[Numbers]:
    """Every total of the first `width` columns that these parts could have."""
    nothing = frozenset({(0,) * width})
    return reduce(lambda found, part: frozenset(_added(sum_, line) for sum_ in found for line in part.possible), parts, nothing)


def _added(sum_: Numbers, line: Numbers) -> Numbers:
    return tuple(one + other for one, other in zip(sum_, line, strict=False))
