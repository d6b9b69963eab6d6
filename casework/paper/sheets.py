"""What can be printed: one frozen sheet for each document. Its fixed words, title and footer stand in its template, in French.

The title is shown by readers, in lists of recent files and by printers: it is what the sheet is and its day, and names nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What every sheet has. day: of the meeting, in words. head: short lines under the title.

    printed_at: the file's date, so that equal sheets are equal bytes.
    """

    template: ClassVar[str] = ""
    day: str
    head: tuple[str, ...]
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item by its number. time: as somebody announced it, or empty."""

    order: int
    number: str
    informed: str
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaSheet(Sheet):
    """The agenda by number. points: how many points without a person there are; their words stay on the screen."""

    template: ClassVar[str] = "agenda"
    items: tuple[AgendaLine, ...]
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionSheet(Sheet):
    """Blank decisions by number. outcomes: what can be ticked. seats, actions: how many lines to write on."""

    template: ClassVar[str] = "decisions"
    items: tuple[AgendaLine, ...]
    outcomes: tuple[str, ...]
    seats: int
    actions: int = 3


@dataclass(frozen=True, slots=True)
class SeatLine:
    """A professional who was convened."""

    name: str
    function: str
    institution: str


@dataclass(frozen=True, slots=True)
class GuestLine:
    """A guest for one sitting. name: empty when it is written by hand. charter: reference and day of the signed charter."""

    name: str
    profession: str
    institution: str
    charter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceSheet(Sheet):
    """Who signs."""

    template: ClassVar[str] = "attendance"
    seats: tuple[SeatLine, ...]
    guests: tuple[GuestLine, ...]


@dataclass(frozen=True, slots=True)
class SlotLine:
    """A slot of a permanence: its number, its time, whether somebody is expected. Never who."""

    order: int
    time: str
    taken: bool


@dataclass(frozen=True, slots=True)
class PlaceLines:
    """One permanence of the day. hours: from when to when."""

    place: str
    hours: str
    lines: tuple[SlotLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayListSheet(Sheet):
    """The appointments of a day, to tick by hand: no name, no number of a dossier."""

    template: ClassVar[str] = "permanences"
    places: tuple[PlaceLines, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An action: its words (empty where they are kept from this reader), who carries it, until when."""

    words: str
    owner: str
    due: str


@dataclass(frozen=True, slots=True)
class MinutesItem:
    """What was decided about a number; what was not said is empty. entered: the day of the entry, where it is not that of the sitting."""

    number: str
    outcome: str
    lead: str
    next_date: str
    missing: str
    referrals: tuple[str, ...]
    decided: str
    entered: str
    words: str
    tasks: tuple[TaskLine, ...]
    questions: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesSheet(Sheet):
    """A relevé de décisions, as its reader sees it on the screen. points: actions about a place, not about a person.

    institution: whose it is; empty for the whole one.
    """

    template: ClassVar[str] = "minutes"
    institution: str
    items: tuple[MinutesItem, ...]
    points: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterSheet(Sheet):
    """A letter that says nothing of who sends it nor why. sentences: from a closed list. address: its lines, or none to be printed."""

    template: ClassVar[str] = "letter"
    sentences: tuple[str, ...]
    address: tuple[str, ...]
