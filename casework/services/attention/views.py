"""What « Mon jour » shows: frozen, plain-text, already authorised and recorded. Codes become sentences on the screen."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due. code: a closed list (`services.attention.day_due`); days: until then, negative once it is past.

    number and person: of the dossier, where it is about one; person is None where identity is not readable.
    who: the professional it is about. at: the hour, where hours count.
    """

    code: str
    on: date
    days: int
    number: str = ""
    person: str | None = None
    cell: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertLine:
    """ "Look at this": a code and a number. openable: the dossier is one of mine now. reference: of the meeting, where it is about one."""

    id: str
    kind: str
    at: datetime
    number: str
    person: str | None
    openable: bool
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody else did: a `note` (what: its kind, place: its volet), a `status` or a `lead` (what: the new one).

    entry: id of the note, to go to it.
    """

    code: str
    what: str
    place: str
    who: str
    at: datetime
    entry: str = ""


@dataclass(frozen=True, slots=True)
class ChangedDossier:
    """A dossier of mine in which something changed since I last looked. looked_at is None when I never did; more: changes not shown."""

    number: str
    person: str | None
    looked_at: datetime | None
    changes: tuple[Change, ...]
    more: int


@dataclass(frozen=True, slots=True)
class DayView:
    """My day. due_more: how many due lines are not shown; cut: older changes are not shown."""

    due: tuple[Due, ...]
    due_more: int
    alerts: tuple[AlertLine, ...]
    changed: tuple[ChangedDossier, ...]
    cut: bool
