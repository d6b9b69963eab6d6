"""What is printed of a meeting: frozen, authorised, recorded. Numbers and professionals; never who a dossier is about."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """Which meeting it is. kind, cell: labels. printed_at: when this was asked."""

    id: str
    cell: str
    kind: str
    sector: str
    starts_at: datetime
    place: str
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class PaperItem:
    """An item by number, at its place on the agenda. informed: whether the person was, in words, or empty."""

    order: int
    number: str
    informed: str


@dataclass(frozen=True, slots=True)
class PaperAgenda:
    """The agenda. points: how many points without a person; their words stay sealed."""

    head: MeetingHead
    items: tuple[PaperItem, ...]
    points: int


@dataclass(frozen=True, slots=True)
class BlankDecisions:
    """A decision sheet to fill in by hand. outcomes: labels to tick. seats: how many people are expected."""

    head: MeetingHead
    items: tuple[PaperItem, ...]
    outcomes: tuple[str, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class PaperSeat:
    """A professional with a seat, under their certified name."""

    name: str
    function: str
    institution: str


@dataclass(frozen=True, slots=True)
class PaperGuest:
    """A guest for one sitting and the charter they signed. name: empty where it does not open to this reader."""

    name: str
    profession: str
    institution: str
    charter_reference: str
    charter_date: date | None


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """Who is expected, to sign."""

    head: MeetingHead
    seats: tuple[PaperSeat, ...]
    guests: tuple[PaperGuest, ...]
