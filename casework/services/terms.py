"""How long an act lets somebody in, and the reference of the act itself: checked in one place for every habilitation."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.errors import InvalidInput
from casework.services import typed
from casework.wording import says

LONGEST = timedelta(days=366)
"""« Pour une durée d’un an au plus » (charter, article 2; domain 4.7), a leap year included."""

MAX_REFERENCE = 80
PARIS = ZoneInfo("Europe/Paris")


def end_of(day: date) -> datetime:
    """The last instant of a day in Paris: « jusqu’au 12 mars » includes the 12th."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=PARIS)


def problems(act: str, until: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the reference of an act and its term, by field: `act`, `until`. Empty when nothing is."""
    found = {"act": typed.problem(typed.clean(act), MAX_REFERENCE)}
    if until <= now:
        found["until"] = says("Cette date est passée : choisissez un terme à venir.")
    elif until > now + LONGEST:
        found["until"] = says("Une habilitation dure un an au plus : choisissez une date plus proche.")
    return {name: sentence for name, sentence in found.items() if sentence}


def refuse(found: Mapping[str, str | None]) -> None:
    """Raise InvalidInput with the sentences that are there; do nothing when there is none."""
    wrong = {name: sentence for name, sentence in found.items() if sentence}
    if wrong:
        raise InvalidInput(wrong)
