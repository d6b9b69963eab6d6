"""Finding a person by a name as people type it: in memory, over names that are open already. Nothing here is stored, logged or cached
beyond one `Matcher`.

Accents, case, hyphens and apostrophes do not count; Œ is oe; St is Saint; particles may be left out or written together; each half of a
double name finds it; first and last name may change places. Then what sounds alike, then one typing slip.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from casework.services.search.sounds import opening, sound

MAX_QUERY = 100
"""Longest query that is looked at, in characters: a longer one is no name."""
MAX_WORDS = 6
"""Most words of a query, and of each half of a name, that are looked at."""
MAX_WORD = 40
SHORTEST_PREFIX = 2
SHORTEST_SOUND = 3
SHORTEST_SLIP = 4
"""In a word of three letters one letter is a third of the name: Léa is not Léo, Tom is not Tim."""
MAX_WAYS = 50
"""Most ways to read a query against a name that are followed: only names that repeat a word have more."""
GLUED = 3
"""Most words that people write as one: « de la Tour », Delatour."""

PARTICLES = frozenset(
    ["de", "du", "des", "d", "la", "le", "les", "l", "da", "do", "dos", "das", "di", "della", "del", "den", "der", "van", "von", "zu"]
).union(["ben", "bin", "ibn", "bint", "el", "al", "ou", "ait", "y", "e"])
"""Words that names have and queries forget, or the other way round."""

_LETTERS = {ord(sign): put for sign, put in zip("œæßøłđðþı", ("oe", "ae", "ss", "o", "l", "d", "d", "th", "i"), strict=True)}
_WORD = re.compile(r"[^\W\d_]+")
_SAINTS = {"st": "saint", "ste": "sainte"}


class Rank(IntEnum):
    """How well a name answers, the best first."""

    EXACT = 0
    PREFIX = 1
    SOUND = 2
    SLIP = 3


class Form(NamedTuple):
    """One way to write a part of a name, how it may begin to the ear, and which words of the name it is (bits)."""

    text: str
    opening: str
    covers: int


class _Run(NamedTuple):
    """Words of the query, taken together: from here, up to there, what they say and sound like."""

    start: int
    end: int
    text: str
    sound: str
    opening: str


_Hit = tuple[_Run, int, Rank]


def fold(text: str) -> str:
    """Lower case without accents, ligatures spelt out; every apostrophe, hyphen and other sign stays what it is."""
    spelt = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(sign for sign in spelt if not unicodedata.combining(sign)) if not spelt.isascii() else spelt


def words(text: str) -> list[str]:
    """The folded words of a name, at most MAX_WORDS; St and Ste are spelt out."""
    return [_SAINTS.get(word, word)[:MAX_WORD] for word in _WORD.findall(fold(text[:MAX_QUERY]))[:MAX_WORDS]]


def order(first_name: str, last_name: str) -> tuple[str, str]:
    """Where a name stands in a list: by family name, then first name, as a French directory has it."""
    return " ".join(words(last_name)), " ".join(words(first_name))


def match(query: str, first_name: str, last_name: str) -> Rank | None:
    """How well this name answers the query, None when it does not. For many names make one `Matcher`."""
    return Matcher(query).rank(first_name, last_name)


class Matcher:
    """One query, ready for thousands of names. What it works out about a word it works out once, and forgets with the query."""

    def __init__(self, query: str) -> None:
        self._words = [] if len(query) > MAX_QUERY else words(query)
        self._runs = tuple(_runs(self._words))
        self._droppable = [word in PARTICLES for word in self._words]
        self._halves: dict[str, list[_Hit]] = {}

    @property
    def empty(self) -> bool:
        """True when the query holds no word to look for: nothing matches."""
        return not any(len(word) >= SHORTEST_PREFIX for word in self._words)

    def rank(self, first_name: str, last_name: str) -> Rank | None:
        """How well this name answers: every word of the query is found in it, each in a place of its own, with at most one slip."""
        if self.empty:
            return None
        hits = [*self._hits(last_name, 0), *self._hits(first_name, MAX_WORDS)]
        return self._best(hits) if hits else None

    def _hits(self, half: str, shift: int) -> list[_Hit]:
        """Where half a name answers runs of the query; `shift` keeps the words of the two halves apart."""
        found = self._halves.get(half)
        if found is None:
            found = self._halves[half] = [
                (run, form.covers, rank) for form in forms(half) for run in self._runs if (rank := _compare(run, form)) is not None
            ]
        return [(run, covers << shift, rank) for run, covers, rank in found] if found else found

    def _best(self, hits: Sequence[_Hit]) -> Rank | None:
        """The best way to find every word of the query, left to right; particles may stay unfound, if something else is found."""
        ways: list[dict[int, Rank]] = [{0: Rank.EXACT}, *({} for _ in self._words)]
        for at, here in enumerate(ways[:-1]):
            starting = [(run.end, covers, rank) for run, covers, rank in hits if run.start == at]
            for used, worst in sorted(here.items(), key=lambda way: way[1])[:MAX_WAYS]:
                if self._droppable[at]:
                    _keep(ways[at + 1], used, worst)
                for end, covers, rank in starting:
                    if not used & covers and not rank == worst == Rank.SLIP:
                        _keep(ways[end], used | covers, max(worst, rank))
        return min((worst for used, worst in ways[-1].items() if used), default=None)


def forms(half: str) -> Iterator[Form]:
    """Every way to write a part of half a name: its words, and neighbours written together."""
    split = words(half)
    for start in range(len(split)):
        for end in range(start + 1, min(start + GLUED, len(split)) + 1):
            text = "".join(split[start:end])
            yield Form(text, opening(text), (1 << end) - (1 << start))


def one_slip(one: str, other: str) -> bool:
    """Whether two different words are one insertion, deletion, substitution or swap of neighbours apart."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    start = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    return one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]


def _runs(asked: Sequence[str]) -> Iterator[_Run]:
    for start in range(len(asked)):
        for end in range(start + 1, min(start + GLUED, len(asked)) + 1):
            text = "".join(asked[start:end])
            yield _Run(start, end, text, sound(text), opening(text))


def _compare(run: _Run, form: Form) -> Rank | None:
    """How a run of the query and a form of a name compare, the cheap questions first."""
    asked, text = run.text, form.text
    if asked == text:
        return Rank.EXACT
    size = min(len(asked), len(text))
    if text.startswith(asked) and size >= SHORTEST_PREFIX:
        return Rank.PREFIX
    if size >= SHORTEST_SOUND and run.opening == form.opening and run.sound == sound(text):
        return Rank.SOUND
    if size >= SHORTEST_SLIP and abs(len(asked) - len(text)) < 2 and one_slip(asked, text):  # most words part here, without a call
        return Rank.SLIP
    return None


def _keep(ways: dict[int, Rank], used: int, rank: Rank) -> None:
    """Remember the better way that uses these words of the name."""
    if rank < ways.get(used, Rank.SLIP + 1):
        ways[used] = rank
