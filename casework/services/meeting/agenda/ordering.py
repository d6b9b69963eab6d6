"""The order of an agenda: who may leave after which item, and an order in which institutions leave early. Pure functions."""

from collections.abc import Mapping, Sequence


def leaving(needed: Sequence[frozenset[str]]) -> list[tuple[str, ...]]:
    """For each place of the agenda, those who are needed there for the last time, while others stay. needed: by place."""
    last = {each: place for place, here in enumerate(needed) for each in here}
    end = len(needed) - 1
    return [tuple(sorted(each for each, at in last.items() if at == place and place < end)) for place in range(len(needed))]


def grouped(needed: Mapping[str, frozenset[str]]) -> list[str]:
    """The items in an order by groups: whoever is needed for the fewest of them has theirs first, side by side, and may leave.

    needed: item id -> institutions, in the present order. Items that need the same ones stay together; those that need nobody in
    particular come last. The present order is kept among equals.
    """
    everywhere = frozenset.intersection(*needed.values()) if needed else frozenset()
    left = {item: here - everywhere for item, here in needed.items()}
    order: list[str] = []
    while any(left.values()):
        counts = {each: sum(each in here for here in left.values()) for here in left.values() for each in here}
        first = min(counts, key=lambda each: (counts[each], each))
        alike = [item for item, here in left.items() if first in here]
        # those that need most others come last, beside the next group
        for item in sorted(alike, key=lambda item: len(left[item])):
            order.append(item)
            del left[item]
    return [*order, *left]
