"""What the forms of a meeting's preparation bring to the services: plain text as it was typed, codes as they were chosen."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MeetingDraft:
    """Where and when a cell meets. caller, reason: of an urgent meeting only."""

    cell: str
    kind: str
    starts_at: datetime | None
    place: str
    sector: str = ""
    caller: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UrgentDraft:
    """An urgent meeting in one go: numbers of dossiers, people beyond those whom the dossiers ask for."""

    meeting: MeetingDraft
    numbers: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemDraft:
    """How an item is prepared. informed: `informed`, a reason of deferral, or empty. concerned: ids of seats.

    seen: id of the question that the form showed, so that nobody writes over a question they never saw.
    """

    item: str
    question: str = ""
    informed: str = ""
    concerned: tuple[str, ...] = ()
    seen: str = ""


@dataclass(frozen=True, slots=True)
class PointDraft:
    """A point without a person: place, trouble, action, who carries it and until when."""

    place: str
    trouble: str
    action: str
    owner: str
    due: date | None
