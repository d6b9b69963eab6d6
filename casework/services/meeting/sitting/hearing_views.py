"""What an auditor reads of one dossier in one meeting: who, when, which compartments. Never content, never a guest's name."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MeetingOfDossier:
    """A meeting that had a dossier on its agenda. people: how many seats it was shown to."""

    id: str
    number: str
    cell: str
    kind: str
    starts_at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody in the room and concerned when the item was shown. vouched: the row is as a leaf of the ledger states it."""

    name: str
    profession: str
    institution: str
    at: datetime
    compartments: tuple[str, ...]
    vouched: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody concerned who did not see it. why: `left` (before it, at left_at), `away` (excused, absent), `present` (never shown)."""

    name: str
    institution: str
    why: str
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A leaf of this meeting that speaks of this dossier."""

    sequence: int
    at: datetime
    person: str
    action: str
    compartments: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class ItemHearings:
    """The answer. vanished: rows the leaves speak of that are no longer there; none when nobody touched the database."""

    meeting: MeetingOfDossier
    opened_at: datetime | None
    closed_at: datetime | None
    hearers: tuple[Hearer, ...]
    missed: tuple[Missed, ...]
    vanished: int
    leaves: tuple[Spoken, ...]
