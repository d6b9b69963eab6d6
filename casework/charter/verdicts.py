"""The verdicts of one action, as the decision table has them: a number for each situation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from math import prod

from casework.charter.situation import Situation, Verdict
from casework.charter.sqlfilter import Combination


def places(words: Iterable[Sequence[str]]) -> list[dict[str, int]]:
    """For each word of a situation, what it adds to the situation's place among all of them in the order of `product`."""
    known = tuple(words)
    steps = [prod(map(len, known[axis + 1 :])) for axis in range(len(known))]
    return [{word: index * step for index, word in enumerate(axis)} for axis, step in zip(known, steps, strict=True)]


class Verdicts(Mapping[Situation, Verdict]):
    """Situation -> verdict, every situation of the action included; never changes.

    A situation's place in the table is computed from its words: a dictionary of them all would make every start build
    some hundred thousand objects, and every process keep them.
    """

    __slots__ = ("_places", "numbers", "verdicts", "words")

    def __init__(self, words: Sequence[tuple[str, ...]], numbers: Sequence[int], verdicts: Sequence[Verdict]) -> None:
        """words: for each word of a situation, those the action is crossed with. numbers: which of `verdicts`, in the order of `product`.

        Raises ValueError unless there is one number for each situation.
        """
        if len(numbers) != prod(map(len, words)):
            raise ValueError("a table has one number for each situation")
        self.words, self.numbers, self.verdicts = tuple(words), tuple(numbers), tuple(verdicts)
        self._places = places(self.words)

    def __getitem__(self, situation: Situation) -> Verdict:
        """Its verdict. Raises KeyError for words that the action is not crossed with."""
        return self.verdicts[self.numbers[sum(axis[word] for axis, word in zip(self._places, situation, strict=True))]]

    def __iter__(self) -> Iterator[Situation]:
        """Every situation, in the order of the table."""
        return (Situation(*words) for words in product(*self.words))

    def __len__(self) -> int:
        """How many situations there are."""
        return len(self.numbers)

    def __eq__(self, other: object) -> bool:
        """The same situations with the same verdicts."""
        if not isinstance(other, Verdicts):
            return super().__eq__(other)
        return self.words == other.words and self.numbers == other.numbers and self.verdicts == other.verdicts

    __hash__ = None  # type: ignore[assignment]  # like every mapping: it is compared by what it says

    def permitted(self, profession: str) -> Iterator[Combination]:
        """Every (position, programme, status, kind) from which this profession may. Raises KeyError for an unknown one."""
        _, positions, programmes, statuses, kinds = self.words
        combinations = product(positions, programmes, statuses, kinds)
        begin, step = self._places[0][profession], len(self) // len(self._places[0])
        numbers = self.numbers[begin : begin + step]
        return (words for words, number in zip(combinations, numbers, strict=True) if self.verdicts[number].permitted)
