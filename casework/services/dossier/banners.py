"""What to know before reading on: a personal link to settle, a majority that comes, a silence that lasts. No age is ever stored."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from casework.models.dossiers import Conflict
from casework.services.access import Held
from casework.services.dossier.contents import OpenNote, born
from casework.services.support.awaiting import pending
from casework.services.terms import PARIS
from casework.services.views import Banner

CONFLICT, MAJORITY, ADULT, SILENCE, AGREEMENT = "conflict", "majority", "adult", "silence", "agreement"
MAJORITY_AGE = 18
NEAR = timedelta(days=60)
"""« At 18 the person holds all rights »: agreement is asked again within 60 days (domain 3.24)."""

SILENT = timedelta(days=365)
"""« Inactivity alarm: no contact 12 months » (domain 4.8)."""


def age_of(held: Held, texts: Mapping[str, str] | None) -> int | None:
    """Years of age today in Paris, where the birth date is known and readable."""
    birth, today = born(texts), _day(held.unit.now)
    if birth is None:
        return None
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def banners_of(held: Held, texts: Mapping[str, str] | None, notes: Sequence[OpenNote]) -> Iterator[Banner]:
    """The banners of a dossier's page, from what this reader may read and do."""
    yield from _conflict(held)
    if (due := pending(held)) is not None:
        yield Banner(AGREEMENT, on=due)
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
    birth = born(texts)
    if birth is None or held.unit.charter.programmes[held.dossier.programme].minimum_age >= MAJORITY_AGE:
        return
    day, today = birthday(birth, MAJORITY_AGE), _day(held.unit.now)
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


def birthday(birth: date, age: int) -> date:
    """The day somebody reaches an age; born on 29 February, on 1 March of a year without."""
    try:
        return birth.replace(year=birth.year + age)
    except ValueError:
        return date(birth.year + age, 3, 1)


def _day(moment: datetime) -> date:
    return moment.astimezone(PARIS).date()
