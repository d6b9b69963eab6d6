"""Exhaustive sets: whole with `--prove`, otherwise a sample drawn by the run's printed seed."""

import random
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


class Sampler:
    """Hands a test as much of an exhaustive set as this run wants.

    Call it with the set and the size of the sample. The same seed gives the same sample, whatever ran before.
    """

    def __init__(self, seed: int, *, whole: bool) -> None:
        self.seed = seed
        self.whole = whole

    def __call__(self, everything: Iterable[T], size: int) -> list[T]:
        """The whole set, in its order, or `size` of its members, in its order."""
        members = list(everything)
        if self.whole or len(members) <= size:
            return members
        chosen = sorted(random.Random(self.seed).sample(range(len(members)), size))  # noqa: S311  # repeatable on purpose
        return [members[index] for index in chosen]
