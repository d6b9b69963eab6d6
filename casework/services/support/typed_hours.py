"""Days and hours as one types them while somebody speaks: « mardi et jeudi 9h-11h30 ; samedi 10h à midi » becomes the text that computes.

A word that is not understood makes the whole unreadable: a call is made on what is certain.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from casework.services.safety import hours
from casework.services.safety.hours import DAYS, MIDNIGHT, MOST_LINES, Window

NAMES = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
WEEK = {"semaine": range(5), "week-end": (5, 6), "weekend": (5, 6), "jours": range(7), "quotidien": range(7)}
IGNORED = frozenset({"et", "de", "des", "le", "les", "la", "en", "entre", "tous", "toute", "toutes", "du", ",", ";", "."})
"""Words that separate and say nothing."""
TO = frozenset({"a", "-", "au", "jusqu'a", "jusqu'au"})
"""Words between two ends."""

_TOKEN = re.compile(r"\d{1,2}\s*(?:[h:]\s*(?:\d{2}(?!\d))?)?|week-end|jusqu'au?|[a-z]+\.?|[-,;.]|\S")
_TIME = re.compile(r"(\d{1,2})(?:\s*[h:]\s*(\d{2})?)?")


@dataclass
class _Reading:
    """What was understood so far: the days and times of the line at hand, and the windows of those before it."""

    windows: list[Window] = field(default_factory=list)
    days: list[int] = field(default_factory=list)
    times: list[int] = field(default_factory=list)
    reach: bool = False
    fresh: bool = True

    def day(self, *found: int) -> None:
        """A day, or several; after a whole pair of times it begins another line."""
        if not self.fresh and not self.times:
            self.days.clear()
        if self.reach and self.days and len(found) == 1:
            last = self.days[-1]
            found = tuple((last + step) % 7 for step in range(1, (found[0] - last) % 7 + 1))
        self.days += found
        self.fresh, self.reach = True, False

    def time(self, minutes: int) -> None:
        """A time; each second one closes a window on the days at hand."""
        self.times.append(minutes)
        self.reach = False
        if len(self.times) == 2:
            start, end = self.times
            self.windows.append(Window(tuple(sorted(set(self.days))), start, end or MIDNIGHT))
            self.times, self.fresh = [], False


def understood(typed: str) -> str | None:
    """The text that is stored for typed days and hours; empty for nothing typed, None for what does not read."""
    if not typed.strip() or hours.read(typed):
        return typed.strip()
    found = _windows(typed)
    return hours.write(found) if found else None


def _windows(typed: str) -> list[Window] | None:
    reading = _Reading()
    for word in _words(typed):
        if not _take(reading, word):
            return None
    whole = reading.windows and not reading.times and reading.fresh is False
    sound = all(each.days and each.start < each.end for each in reading.windows)
    return reading.windows if whole and sound and len(reading.windows) <= MOST_LINES else None


def _words(typed: str) -> Iterator[str]:
    plain = unicodedata.normalize("NFKD", typed.lower().replace("’", "'").replace("–", "-").replace("—", "-"))
    text = "".join(sign for sign in plain if not unicodedata.combining(sign))
    text = text.replace("toute heure", "0h - 24h").replace("midi", "12h").replace("minuit", "24h")
    yield from (found.group() for found in _TOKEN.finditer(text))


def _take(reading: _Reading, word: str) -> bool:
    """Understand one word; False for one that says something else."""
    if word in TO:
        reading.reach = True
        return True
    if word in IGNORED:
        return True
    day = _day(word)
    if day is not None or word in WEEK:
        if reading.times:
            return False  # a day between the two times of a line says nothing certain
        reading.day(*WEEK.get(word, (day,) if day is not None else ()))
        return True
    minutes = _minutes(word)
    if minutes is None or not reading.days:
        return False
    reading.time(minutes)
    return True


def _day(word: str) -> int | None:
    """Monday is 0: the whole word, its plural, or its first three letters."""
    name = word.removesuffix(".").removesuffix("s") if len(word) > 3 else word
    return next((place for place, each in enumerate(NAMES) if name == each or name == each[:3] or name == DAYS[place]), None)


def _minutes(word: str) -> int | None:
    found = _TIME.fullmatch(word.strip())
    if found is None:
        return None
    total, minutes = int(found[1]) * 60 + int(found[2] or 0), int(found[2] or 0)
    return total if minutes < 60 and total <= MIDNIGHT else None
