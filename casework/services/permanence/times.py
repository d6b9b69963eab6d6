"""The slots that a permanence has on a day, on a Paris clock."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from casework.models.permanences import Permanence
from casework.services.permanence.views import PermanenceView
from casework.services.terms import PARIS

DAY = timedelta(days=1)
AHEAD = timedelta(weeks=26)
"""How far ahead one may look and book: the calendar ends somewhere."""


def hour(text: str) -> time | None:
    """HH:MM, or None for what is no hour."""
    try:
        return datetime.strptime(text.strip(), "%H:%M").replace(tzinfo=UTC).time()
    except ValueError:
        return None


def slots(row: Permanence, day: date) -> tuple[datetime, ...]:
    """When its slots begin on a day, in UTC; none on a day it does not receive. A slot that would end too late is none."""
    if day.weekday() != row.weekday or day < row.since or (row.until is not None and day > row.until):
        return ()
    return tuple(_slots(row, day))


def bookable(row: Permanence, at: datetime, now: datetime) -> bool:
    """Whether a slot that begins then is not over yet, and not too far ahead."""
    return now - timedelta(minutes=row.minutes) < at < now + AHEAD


def order(row: Permanence, starts_at: datetime) -> int:
    """The number of a slot on its day, from 1."""
    here = starts_at.astimezone(PARIS)
    first = hour(row.starts) or time()
    return ((here.hour - first.hour) * 60 + here.minute - first.minute) // row.minutes + 1


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def midnight(day: date) -> datetime:
    """The first moment of a day in Paris."""
    return datetime.combine(day, time(), tzinfo=PARIS).astimezone(UTC)


def today(now: datetime) -> date:
    """The day it is in Paris."""
    return now.astimezone(PARIS).date()


def view(row: Permanence) -> PermanenceView:
    """A permanence for the screen."""
    return PermanenceView(row.id, row.cell_id, row.place, row.weekday, row.starts, row.ends, row.minutes, row.since, row.until, row.version)


def _slots(row: Permanence, day: date) -> Iterator[datetime]:
    first, last = hour(row.starts), hour(row.ends)
    if first is None or last is None:
        return
    step = timedelta(minutes=row.minutes)
    begin, end = datetime.combine(day, first), datetime.combine(day, last)  # as on the clock on the wall
    while begin + step <= end:
        yield begin.replace(tzinfo=PARIS).astimezone(UTC)
        begin += step
