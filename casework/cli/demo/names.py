"""Invents young people: names, birth dates, phones and addresses that exist nowhere, and nowhere else in the town.

Every value is at least seven characters long and contains none of the public words, so that a leak can be looked for by plain search.
Phones come from the ranges the French regulator reserves for fiction; postcodes begin with 00, which no commune has.
"""

import random
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import yaml

from casework.cli.demo.people import TOWN

MINIMUM = 7

_RAW = yaml.safe_load((Path(__file__).parent / "stories" / "invented.yaml").read_text(encoding="utf-8"))


def _words(group: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(str(word) for word in words) for key, words in _RAW[group].items()}


FIRST_NAMES = _words("first_names")
ADULTS = _words("adults")
_LAST = _words("last_names")
_STREETS = _words("streets")
_CODES = _words("code_words")
COMMUNES = ((TOWN, "00410"), ("Aubrelles-les-Prés", "00412"), ("Les Essards-d’Orle", "00415"), ("Pont-l’Échevin", "00420"))

_MOBILE = ("06 39 98",)
_LANDLINES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49")
PHONE_RANGES = (*_MOBILE, *_LANDLINES)
_KEPT_BACK = {"02 61 91": range(1000, 1100), "06 39 98": range(6400, 6500)}
"""Numbers that no drawn family has: those of the town's directory stand in the clear, the others are given on its last morning."""


@dataclass(frozen=True, slots=True)
class Person:
    """A followed person. `guardian`: mother, father, grandmother, or "" when none is named; `sex`: f or m."""

    first_name: str
    last_name: str
    sex: str
    birth_date: date
    commune: str
    guardian: str


@dataclass(frozen=True, slots=True)
class Contacts:
    """How the family is reached: one to three phones, one or two addresses, full names of legal representatives.

    In domestic violence: one safe phone, one protected address, the word agreed upon, and the name of whoever must not be told.
    """

    phones: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    representatives: tuple[str, ...] = ()
    code_words: tuple[str, ...] = ()
    not_to_inform: tuple[str, ...] = ()


def fold(text: str) -> str:
    """Lower case without accents or ligatures: how two words are compared here."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe").replace("’", "'"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def age_on(birth: date, day: date) -> int:
    """Completed years on that day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday_before(day: date, years: int) -> date:
    """The date `years` years before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def dice(seed: int, what: object) -> random.Random:
    """The source of chance for one part of the town: same seed, same part, same draws."""
    return random.Random(f"{seed}:{what}")  # noqa: S311  # invents a town, guards nothing


class Mint:
    """Makes values that were never made before. One per town; the same draws in the same order give the same town.

    public: every text the application shows without a key, none of which may contain a value made here.
    """

    def __init__(self, seed: int, public: Iterable[str]) -> None:
        self._public = fold("\n".join([*public, *chain(*_STREETS.values()), *(name for name, _ in COMMUNES)]))
        self._given = tuple(fold(name) for names in FIRST_NAMES.values() for name in names)
        self._last_names: set[str] = set()
        self._pieces: set[str] = set()
        self._streets: set[str] = set()
        self._codes: set[str] = set()
        rng = dice(seed, "town")
        self._phones = {prefix: rng.sample(range(10_000), 10_000) for prefix in PHONE_RANGES}
        for prefix, taken in _KEPT_BACK.items():
            self._phones[prefix] = [each for each in self._phones[prefix] if each not in taken]
        self._first_names = {sex: rng.sample(names, len(names)) for sex, names in FIRST_NAMES.items()}
        self._turn = {"f": 0, "m": 0}

    def person(self, rng: random.Random, birth: date, sexes: str = "fm") -> Person:
        """A person born that day. First names come back only when the list is through; last names never."""
        sex = rng.choice(sexes)
        commune = COMMUNES[0][0] if rng.random() < 0.85 else rng.choice(COMMUNES[1:])[0]
        guardian = rng.choices(("mother", "father", "grandmother", ""), (55, 25, 8, 12))[0]
        return Person(self._first_name(sex), self.last_name(rng), sex, birth, commune, guardian)

    def contacts(self, rng: random.Random, person: Person) -> Contacts:
        """Phones, addresses and representatives of that person's family."""
        phones = tuple(self._phone(rng) for _ in range(rng.choices((1, 2, 3), (45, 40, 15))[0]))
        homes = [person.commune] if rng.random() < 0.8 else [person.commune, rng.choice(COMMUNES)[0]]
        return Contacts(phones, tuple(self._address(rng, home) for home in homes), self._representatives(rng, person))

    def safe_contact(self, rng: random.Random, person: Person) -> Contacts:
        """How somebody in danger is reached without endangering them."""
        aside = f"{rng.choice(ADULTS['father' if person.sex == 'f' else 'mother'])} {self.last_name(rng)}"
        address = self._address(rng, rng.choice(COMMUNES)[0])
        return Contacts((self._phone(rng),), (address,), (), (self._code_word(rng),), (aside,))

    def slip(self, person: Person) -> Person:
        """The same person as a second saisine spells them: two letters swapped, one doubled."""
        first, last = _swapped(person.first_name), _doubled(person.last_name)
        self._last_names.add(fold(last))
        return replace(person, first_name=first, last_name=last)

    def last_name(self, rng: random.Random) -> str:
        """A last name that neither contains nor is contained in another one, a first name or a public word."""
        while True:
            name = _decorated(rng)
            key = fold(name)
            pieces = {key[start:end] for start in range(len(key)) for end in range(start + MINIMUM, len(key) + 1)}
            fresh = key not in self._pieces and not pieces & self._last_names
            if len(name) >= MINIMUM and fresh and self._is_nowhere(key):
                self._last_names.add(key)
                self._pieces |= pieces
                return name

    def _is_nowhere(self, key: str) -> bool:
        """Neither in a public word nor mixed up with a first name."""
        return key not in self._public and not any(given in key or key in given for given in self._given)

    def _first_name(self, sex: str) -> str:
        names = self._first_names[sex]
        self._turn[sex] += 1
        return names[self._turn[sex] % len(names)]

    def _representatives(self, rng: random.Random, person: Person) -> tuple[str, ...]:
        if not person.guardian:
            return ()
        last = person.last_name if rng.random() < 0.7 else self.last_name(rng)
        names = [f"{rng.choice(ADULTS[person.guardian])} {last}"]
        if person.guardian == "mother" and rng.random() < 0.3:
            names.append(f"{rng.choice(ADULTS['father'])} {person.last_name}")
        return tuple(names)

    def _phone(self, rng: random.Random) -> str:
        """The next unused number, a mobile seven times in ten. Raises ValueError when the reserved ranges are used up."""
        wanted = _MOBILE if rng.random() < 0.7 else _LANDLINES
        left = [prefix for prefix in wanted if self._phones[prefix]] or [prefix for prefix in PHONE_RANGES if self._phones[prefix]]
        if not left:
            raise ValueError("no phone number is left in the ranges reserved for fiction")
        prefix = rng.choice(left)
        digits = f"{self._phones[prefix].pop():04d}"
        return f"{prefix} {digits[:2]} {digits[2:]}"

    def _code_word(self, rng: random.Random) -> str:
        while True:
            word = f"{rng.choice(_CODES['things'])} {rng.choice(_CODES['colours'])}"
            if word in self._codes:
                word = f"{rng.choice(_CODES['things'])}, puis {word}"
            if not any(word in other for other in self._codes):
                self._codes.add(word)
                return word

    def _address(self, rng: random.Random, commune: str) -> str:
        """Two-digit house numbers only: "4 rue …" would be found inside "14 rue …"."""
        while True:
            number = f"{rng.randint(10, 99)}{rng.choices(('', ' bis', ' ter'), (85, 10, 5))[0]}"
            place = f"{number} {rng.choice(_STREETS['types'])} {rng.choice(_STREETS['heads'])} {rng.choice(_STREETS['tails'])}"
            if place not in self._streets:
                self._streets.add(place)
                return f"{place}, {dict(COMMUNES)[commune]} {commune}"


def born(rng: random.Random, age: int, day: date) -> date:
    """A birth date that makes somebody `age` years old on that day."""
    return birthday_before(day, age) - timedelta(days=rng.randint(0, 364))


def _base(rng: random.Random) -> str:
    starts = _LAST["vowel_starts" if rng.random() < 0.15 else "starts"]
    return rng.choice(starts) + rng.choice(_LAST["middles"]) + rng.choice(_LAST["ends"])


def _decorated(rng: random.Random) -> str:
    """Mostly bare; sometimes a particle, a saint or a hyphen, as registers have them."""
    base = _base(rng)
    shape = rng.randrange(100)
    if shape < 6:
        return ("d’" if base[0] in "AOEIÉUŒ" else "de ") + base
    if shape < 10:
        return "Le " + base
    if shape < 16:
        return ("Saint-" if shape < 13 else "St-") + base
    if shape < 25:
        return f"{base}-{_base(rng)}"
    return base


def _swapped(name: str) -> str:
    """Two letters of the middle in the wrong order."""
    for place in range(2, len(name) - 1):
        if name[place].isalpha() and name[place + 1].isalpha() and fold(name[place]) != fold(name[place + 1]):
            return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name + "s"


def _doubled(name: str) -> str:
    """One consonant of the middle twice."""
    place = next((each for each in range(len(name) - 2, 1, -1) if name[each] in "cdglmnprt"), 1)
    return name[:place] + name[place] + name[place:]
