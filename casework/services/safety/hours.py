"""Days and hours of a safe contact: one line of text that computes, "mon,tue 09:00-11:30;sat 10:00-12:00".

What does not read is no hour: a call is made on what is certain (domain 3.18). Times are those of the clock on the wall in Paris;
a window is open from its first minute until its last, which is not in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.wording import Wording, listed, says

PARIS = ZoneInfo("Europe/Paris")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAMES = (says("lundi"), says("mardi"), says("mercredi"), says("jeudi"), says("vendredi"), says("samedi"), says("dimanche"))
MOST_LINES = 4
MIDNIGHT = 24 * 60
"""The end of a day, in minutes."""

UNREAD = "="
"""What stands before lines that were typed and do not read: they come back to whoever typed them, and are never stored."""

_LINE = re.compile(r"([a-z]{3}(?:,[a-z]{3})*) (\d\d):(\d\d)-(\d\d):(\d\d)")
_TYPED_TIME = re.compile(r"(\d{1,2})(?:\s*[:hH.]\s*(\d{2})?)?(?::\d{2})?")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is typed: codes of days, and two times as texts."""

    days: tuple[str, ...] = ()
    start: str = ""
    end: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed here."""
        return not (self.days or self.start.strip() or self.end.strip())


@dataclass(frozen=True, slots=True)
class Window:
    """Days of the week (0: Monday), and minutes of the day from `start` until `end`, which is not in it."""

    days: tuple[int, ...]
    start: int
    end: int


Hours = tuple[Window, ...]


def read(text: str) -> Hours | None:
    """The windows of a stored text; () for an empty one, None for one that does not read (it was typed before hours had a form)."""
    if not text.strip():
        return ()
    parts = text.split(";")
    windows = tuple(_window(part) for part in parts)
    found = tuple(window for window in windows if window is not None)
    return found if len(found) == len(parts) <= MOST_LINES else None


def write(hours: Sequence[Window]) -> str:
    """The one way these windows are stored."""
    return ";".join(f"{','.join(DAYS[day] for day in each.days)} {_digits(each.start)}-{_digits(each.end)}" for each in hours)


def join(lines: Sequence[Line]) -> str:
    """Typed lines as one text: as they are stored when all of them read, else behind `UNREAD`, for `checked` to refuse."""
    typed = [line for line in lines if not line.blank]
    windows = [_typed(line) for line in typed]
    found = [window for window in windows if window is not None]
    if len(found) == len(typed) <= MOST_LINES:
        return write(found)
    return UNREAD + "\n".join("\t".join((",".join(line.days), line.start, line.end)) for line in typed)


def split(text: str) -> tuple[Line, ...]:
    """The lines of a text as they are typed, also of one that does not read; none for a free text of former times."""
    if text.startswith(UNREAD):
        cells = [(*part.split("\t"), "", "") for part in text.removeprefix(UNREAD).split("\n")]
        return tuple(Line(tuple(filter(None, days.split(","))), start, end) for days, start, end, *_ in cells)
    return tuple(
        Line(tuple(DAYS[day] for day in each.days), _digits(each.start), _digits(each.end % MIDNIGHT)) for each in read(text) or ()
    )


def is_free_text(text: str) -> bool:
    """Whether this was typed before hours had a form: it is shown as it is, and opens nothing."""
    return bool(text.strip()) and not text.startswith(UNREAD) and read(text) is None


def checked(text: str) -> str | None:
    """A sentence about what is wrong with typed hours, or None."""
    if not text.startswith(UNREAD):
        return None
    lines = split(text)
    if len(lines) > MOST_LINES:
        return says("Quatre lignes au plus.")
    for place, line in enumerate(lines, 1):
        if not line.days:
            return says("Ligne %(line)s : cochez au moins un jour.", line=place)
        if _minutes(line.start) is None or _minutes(line.end) is None:
            return says("Ligne %(line)s : indiquez les deux heures, par exemple 09:00 et 11:30.", line=place)
        if _typed(line) is None:
            return says("Ligne %(line)s : la fin vient après le début.", line=place)
    return None


def shown(text: str) -> str:
    """The hours as people say them, « lundi, jeudi de 9 h à 11 h 30 »; a text that does not read as it is."""
    hours = read(text)
    if not hours:
        return text
    said = _shown(hours[0])
    for each in hours[1:]:
        said = says("%(first)s ; %(then)s", first=said, then=_shown(each))
    return said


def clock(minutes: int) -> Wording:
    """A time of the day, « 9 h », « 11 h 30 »."""
    hour, rest = divmod(minutes, 60)
    return says("%(hour)s h %(minute)s", hour=hour, minute=f"{rest:02}") if rest else says("%(hour)s h", hour=hour)


def open_at(hours: Sequence[Window], moment: datetime) -> datetime | None:
    """Until when these hours are open, if they are at this moment (timezone-aware); None when they are not. UTC.

    Windows that follow one another without a gap, across midnight too, are one. At most a week ahead.
    """
    now, here = moment.astimezone(UTC), moment.astimezone(PARIS)
    day, minute = here.date(), here.hour * 60 + here.minute
    end = _reach(hours, day, minute)
    if end is None:
        return None
    for _ in range(7):
        further = _reach(hours, day + timedelta(days=1), 0) if end == MIDNIGHT else None
        if further is None:
            break
        day, end = day + timedelta(days=1), further
    until = _wall(day, end, here.fold)
    if until <= now:  # the hour that comes twice: the wall shows it again, and the window with it
        until = _wall(day, end, 1)
    return until


def next_opening(hours: Sequence[Window], moment: datetime) -> datetime | None:
    """When these hours next open after this moment: within eight days, else None. A window that the clock leaps over does not open."""
    now, first = moment.astimezone(UTC), moment.astimezone(PARIS).date()
    for ahead in range(9):
        day = first + timedelta(days=ahead)
        starts = sorted(_wall(day, each.start, fold) for each in hours if day.weekday() in each.days for fold in (0, 1))
        for start in starts:
            if start > now and open_at(hours, start) is not None:
                return start
    return None


def _reach(hours: Sequence[Window], day: date, minute: int) -> int | None:
    """The minute until which a day is open without a gap, from one of its minutes on; None when it is closed then."""
    end = None
    todays = sorted((each.start, each.end) for each in hours if day.weekday() in each.days)
    for start, stop in todays:
        if start <= (minute if end is None else end) < stop:
            end = stop
    return end


def _wall(day: date, minute: int, fold: int) -> datetime:
    """The moment when the wall's clock shows this minute of this day, UTC; of a minute that it leaps over, the leap itself."""
    there = datetime.combine(day, time.min) + timedelta(minutes=minute)
    found = there.replace(tzinfo=PARIS, fold=fold).astimezone(UTC)
    if found.astimezone(PARIS).replace(tzinfo=None) == there:
        return found
    leap = there.replace(tzinfo=PARIS, fold=0).astimezone(UTC)
    while (leap - timedelta(minutes=1)).astimezone(PARIS).utcoffset() == leap.astimezone(PARIS).utcoffset():
        leap -= timedelta(minutes=1)
    return leap


def _window(part: str) -> Window | None:
    found = _LINE.fullmatch(part)
    if found is None:
        return None
    days, *times = found.groups()
    start, end = _of_day(times[0], times[1]), _of_day(times[2], times[3])
    codes = days.split(",")
    if start is None or end is None or not set(codes) <= set(DAYS) or len(set(codes)) < len(codes) or end <= start:
        return None
    return Window(tuple(sorted(DAYS.index(code) for code in codes)), start, end)


def _typed(line: Line) -> Window | None:
    start, end = _minutes(line.start), _minutes(line.end)
    if start is None or end is None or not line.days or not set(line.days) <= set(DAYS):
        return None
    end = end or MIDNIGHT  # until 00:00 is until the end of the day
    return Window(tuple(sorted({DAYS.index(code) for code in line.days})), start, end) if start < end else None


def _minutes(typed: str) -> int | None:
    """A time as browsers send it or people type it: 09:00, 9 h, 9h30."""
    found = _TYPED_TIME.fullmatch(typed.strip())
    return _of_day(found[1], found[2] or "0") if found else None


def _of_day(hour: str, minute: str) -> int | None:
    total = int(hour) * 60 + int(minute)
    return total if int(minute) < 60 and total <= MIDNIGHT else None


def _digits(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _shown(window: Window) -> Wording:
    days = says("tous les jours") if len(window.days) == len(DAYS) else listed(_names(window))
    if (window.start, window.end) == (0, MIDNIGHT):
        return says("%(days)s à toute heure", days=days)
    return says("%(days)s de %(start)s à %(end)s", days=days, start=clock(window.start), end=clock(window.end))


def _names(window: Window) -> Iterator[Wording]:
    return (DAY_NAMES[day] for day in window.days)
