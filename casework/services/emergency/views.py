"""What services hand to the screens of rings and accès urgents: frozen, plain-text, already authorised and recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.safety.views import CallNow
from casework.services.views import Choice, EntryView, Field, UrgentLine


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague who may be chosen. until: the end of their habilitation in the cell."""

    id: str
    name: str
    function: str
    institution: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TeamMember:
    """Somebody in a ring. starts: a stand-in's first moment. serving: now, not later."""

    id: str
    name: str
    function: str
    institution: str
    starts: datetime | None
    until: datetime | None
    serving: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    """The team of my institution's service in one cell.

    made: there is a ring. inside: I am in it. candidates: colleagues who may come in. today: in Paris, for the form.
    """

    cell: Choice
    institution: str
    made: bool
    inside: bool
    members: tuple[TeamMember, ...]
    candidates: tuple[Candidate, ...]
    today: date


@dataclass(frozen=True, slots=True)
class DutyPage:
    """Who is on call in one cell, and who may be. sealed: how many open dossiers the composition reaches."""

    cell: Choice
    programme: str
    members: tuple[TeamMember, ...]
    candidates: tuple[Candidate, ...]
    most: int


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One of my cells, and what I may compose there."""

    cell: Choice
    team: bool
    may_team: bool
    may_duty: bool
    members: tuple[str, ...]
    on_call: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UrgentDesk:
    """All the form of an accès urgent needs. cells: where I am on call. mine: my own accesses, newest first."""

    cells: tuple[str, ...]
    reasons: tuple[Choice, ...]
    mine: tuple[UrgentLine, ...]
    ready: bool
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class UrgentSection:
    """One compartment shown by an accès urgent."""

    kind: str
    label: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class UrgentView:
    """A dossier inside an opened accès urgent: `identity` and `confidential`, or `safety` in domestic violence; nothing else.

    left: minutes until it closes, rounded up. call: whether to call the person now.
    """

    access: UrgentLine
    person: str | None
    programme: str
    sections: tuple[UrgentSection, ...]
    timeline: tuple[EntryView, ...]
    left: int
    call: CallNow | None = None


@dataclass(frozen=True, slots=True)
class UrgentReason:
    """An accès urgent with the reason that was typed: for its author and for the review."""

    access: UrgentLine
    text: str
    findings: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class UrgentReviews:
    """The accesses to review, soonest due first, and the last ones reviewed."""

    waiting: tuple[UrgentLine, ...]
    done: tuple[UrgentLine, ...]
