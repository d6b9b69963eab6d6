"""What to know before reading on: a personal link to settle, a majority that comes, a silence that lasts. No age is ever stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from casework.models.dossiers import Conflict
from casework.services.access import Held
from casework.services.dossier.contents import OpenNote
from casework.services.terms import PARIS
from casework.services.views import Banner

CONFLICT, MAJORITY, ADULT, SILENCE = "conflict", "majority", "adult", "silence"
MAJORITY_AGE = 18
NEAR = timedelta(days=60)
"""« At 18 the person holds all rights »: agreement is asked again within 60 days (domain 3.24)."""

SILENT = timedelta(days=365)
"""« Inactivity alarm: no contact 12 months » (domain 4.8)."""


def age_of(held: Held, texts: Mapping[str, str] | None) -> int | None:
    """Years of age today in Paris, where identity is readable."""
    if not texts:
        return None
    born, today = date.fromisoformat(texts["birth_date"]), _day(held.unit.now)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def banners_of(held: Held, texts: Mapping[str, str] | None, notes: Sequence[OpenNote]) -> Iterator[Banner]:
    """The banners of a dossier's page, from what this reader may read and do."""
    yield from _conflict(held)
    if held.dossier.status == "open":
        yield from _majority(held, texts)
        yield from _silence(held, notes)


def _conflict(held: Held) -> Iterator[Banner]:
    """For those who can settle it; nobody else learns that somebody has a personal link."""
    if not held.verdict("conflict.settle").permitted:
        return
    query = select(func.min(Conflict.declared_at)).where(Conflict.dossier_id == held.dossier.id, Conflict.settled_at.is_(None))
    since = held.unit.session.scalar(query)
    if since is not None:
        yield Banner(CONFLICT, on=_day(since))


def _majority(held: Held, texts: Mapping[str, str] | None) -> Iterator[Banner]:
    """Within 60 days of the 18th birthday, before or after, in programmes that follow minors."""
    if not texts or held.unit.charter.programmes[held.dossier.programme].minimum_age >= MAJORITY_AGE:
        return
    day, today = birthday(date.fromisoformat(texts["birth_date"]), MAJORITY_AGE), _day(held.unit.now)
    if abs(day - today) <= NEAR:
        yield Banner(MAJORITY if day > today else ADULT, on=day)


def _silence(held: Held, notes: Sequence[OpenNote]) -> Iterator[Banner]:
    """Nothing noted for 12 months, in what this reader reads: notes they may not read neither count nor are told by it.

    For those who set the next date; the others would hear of a silence that is only theirs.
    """
    opened = held.dossier.opened_at
    if opened is None or not held.verdict("dossier.plan").permitted:
        return
    last = max((note.row.occurred_on for note in notes), default=_day(opened))
    if _day(held.unit.now) - max(last, _day(opened)) >= SILENT:
        yield Banner(SILENCE, on=last)


def birthday(born: date, age: int) -> date:
    """The day somebody reaches an age; born on 29 February, on 1 March of a year without."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
