"""What the screens of permanences show and send."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class PermanenceDraft:
    """A permanence as somebody types it. starts, ends: HH:MM in Paris; weekday: 0 is Monday; minutes: length of a slot."""

    cell: str
    place: str
    weekday: int | None
    starts: str
    ends: str
    minutes: int | None
    since: date | None


@dataclass(frozen=True, slots=True)
class PermanenceView:
    """A permanence. until: its last day, once it was ended."""

    id: str
    cell: str
    place: str
    weekday: int
    starts: str
    ends: str
    minutes: int
    since: date
    until: date | None
    version: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the forms offer: the cells whose ring I serve in, and the day it is in Paris."""

    cells: tuple[Choice, ...]
    today: date


@dataclass(frozen=True, slots=True)
class EndForm:
    """A permanence that may be ended. taken: how many appointments are to come there; last: the day of the latest."""

    permanence: PermanenceView
    taken: int
    last: date | None
    today: date


@dataclass(frozen=True, slots=True)
class BookingDraft:
    """Who comes: a dossier by its number, or a short word for somebody who has none yet. One of the two."""

    number: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Engaged:
    """Who an appointment is for, as far as the reader may know: all empty where it is reserved."""

    number: str = ""
    person: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SlotView:
    """A slot of a permanence. order: its number of that day, as on paper. state: free, booked, attended, missed.

    id, version: of the appointment; empty and 0 where there is none. started: its time has come. bookable: free, and not over.
    """

    permanence: str
    order: int
    starts_at: datetime
    minutes: int
    state: str
    started: bool
    id: str = ""
    version: int = 0
    who: Engaged = Engaged()
    bookable: bool = False


@dataclass(frozen=True, slots=True)
class Half:
    """One permanence on one day."""

    permanence: PermanenceView
    day: date
    slots: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week of my service's permanences, from Monday on; days without any are left out.

    before, after: the Mondays beside it, None at either end of the calendar. kept: every permanence that has not ended. taken, free:
    appointments of the week, and slots that can still be booked.
    """

    monday: date
    before: date | None
    after: date | None
    today: date
    institution: str
    days: tuple[tuple[date, tuple[Half, ...]], ...]
    kept: tuple[PermanenceView, ...]
    taken: int
    free: int


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot that can be booked, and of which permanence."""

    permanence: PermanenceView
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentPage:
    """One appointment, and the slots it can be moved to."""

    permanence: PermanenceView
    slot: SlotView
    free: tuple[FreeSlot, ...]


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A free slot, to be booked."""

    permanence: PermanenceView
    slot: SlotView


@dataclass(frozen=True, slots=True)
class DayLine:
    """A slot on paper: its number, its time, whether somebody is expected. Never who."""

    order: int
    starts_at: datetime
    minutes: int
    taken: bool


@dataclass(frozen=True, slots=True)
class DayPlace:
    """One permanence of the day, slot by slot."""

    place: str
    starts: str
    ends: str
    lines: tuple[DayLine, ...]


@dataclass(frozen=True, slots=True)
class DaySheet:
    """The day's list without names. printed_at: when it was asked for."""

    day: date
    today: date
    institution: str
    places: tuple[DayPlace, ...]
    printed_at: datetime
