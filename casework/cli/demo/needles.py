"""Looks for thousands of byte strings at once: one regular expression that branches where they differ, read over each file once."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby


class Needles:
    """Byte strings to look for. Of two that begin alike the shorter is enough to be found."""

    def __init__(self, wanted: Iterable[bytes]) -> None:
        ordered = sorted({each for each in wanted if each})
        self._pattern = re.compile(_branches(ordered) if ordered else b"(?!)", re.DOTALL)

    def found_in(self, hay: bytes) -> Iterator[tuple[int, bytes]]:
        """Offset and needle of each place, from left to right, not overlapping."""
        for match in self._pattern.finditer(hay):
            yield match.start(), match.group()


def _branches(ordered: list[bytes]) -> bytes:
    """A pattern for these sorted, non-empty, distinct needles."""
    start = _shared_start(ordered[0], ordered[-1])
    rests = [each[len(start) :] for each in ordered]
    if not rests[0]:
        return re.escape(start)
    alike = [list(group) for _, group in groupby(rests, key=lambda rest: rest[0])]
    return re.escape(start) + b"(?:" + b"|".join(map(_branches, alike)) + b")"


def _shared_start(first: bytes, last: bytes) -> bytes:
    """What the first and the last of sorted strings begin with, all those between begin with."""
    length = 0
    while length < min(len(first), len(last)) and first[length] == last[length]:
        length += 1
    return first[:length]
