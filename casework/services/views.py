"""What services hand to screens: frozen, plain-text, already authorised, decrypted and recorded.

A template receives these and nothing else. Labels are French practitioners' words, ready to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from casework.services.meeting.sitting.hearing_views import MeetingOfDossier
from casework.services.safety.views import CallNow, ConsigneBanner


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one may: the human sentence first, the rule and its article one click behind."""

    says: str
    rule: str
    article: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a closed list."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class DossierLine:
    """One row of "mes dossiers". `person` is None where identity is not readable. active_at: told when the list is sorted by it."""

    number: str
    person: str | None
    programme: str
    cell: str
    status: Choice
    lead: str | None
    next_date: date | None
    reason: Reason
    active_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentReferral:
    """A saisine I sent: number and state, nothing of its content."""

    number: str
    cell: str
    sent_at: datetime
    status: Choice


@dataclass(frozen=True, slots=True)
class DossierPage:
    """One page of "mes dossiers", the exact count, and the saisines I sent (first page only).

    total: how many there are without filters. offers: filter -> the values that occur among them.
    """

    lines: tuple[DossierLine, ...]
    count: int
    page: int
    pages: int
    sent: tuple[SentReferral, ...]
    total: int = 0
    offers: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """A dossier that answers a search: born on that day, and why it answers, as codes (`name_exact`, `phone`…)."""

    line: DossierLine
    born: date | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found among my dossiers, the best first, and how many there are; more than are shown when it should be refined."""

    matches: tuple[Match, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value of a compartment, e.g. Téléphone / 06 39 98 12 34."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One note of the timeline. `corrected_by`/`corrects` are ids of the other half of a visible correction."""

    id: str
    kind: Choice
    compartment: Choice
    body: str
    author: str
    function: str
    institution: str
    occurred_on: date
    written_at: datetime
    mine: bool
    corrects: str | None
    corrected_by: str | None
    author_id: str = ""


@dataclass(frozen=True, slots=True)
class SectionView:
    """One compartment. When it may not be read `readable` is False and nothing but its existence is told.

    Of an extract: owner is who it goes to (given by this reader) or comes from, until its last day.
    """

    kind: str
    label: str
    hint: str
    readable: bool
    reason: Reason | None
    owner: str | None
    fields: tuple[Field, ...]
    entries: int
    editable: bool = False
    past: bool = False
    given: bool = False
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody on the case, with the titles that make them so ("Référente", "Partage jusqu'au …")."""

    name: str
    function: str
    institution: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Banner:
    """Something to know before reading on. code: a closed list (`services.dossier.banners`)."""

    code: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class UrgentLine:
    """An accès urgent as those on the case, its author or a reviewer see it: who, when, which coded reason, reviewed or not.

    open: its half hour is not over. due, overdue: of the review. finding: what the review found.
    """

    id: str
    number: str
    cell: str
    person: str
    function: str
    institution: str
    opened_at: datetime
    until: datetime
    reason: Choice
    open: bool
    due: datetime
    overdue: bool
    reviewed_at: datetime | None
    reviewer: str
    finding: Choice | None


@dataclass(frozen=True, slots=True)
class OrientationOfDossier:
    """An orientation as the page of its dossier lists it: to whom, for what, where it stands, and why it ended. over: nothing follows."""

    id: str
    need: str
    to: str
    status: Choice
    since: datetime
    meets_at: datetime | None
    reason: str
    over: bool


@dataclass(frozen=True, slots=True)
class DossierView:
    """A dossier as this reader may see it. `person` heads the page; it never goes in a title or URL.

    age: in years today, worked out and never stored. looked_at: when this reader opened it before. may: what they may do here.
    part_only: they hold nothing but what was addressed to them, and see nothing but that.
    call: whether to call the person now, where they are reached by a safe contact. consigne: whom to go through to reach the parents.
    """

    number: str
    person: str | None
    programme: str
    cell: str
    status: Choice
    lead: str | None
    next_date: date | None
    received_on: date | None
    opened_on: date | None
    reason: Reason
    sections: tuple[SectionView, ...]
    timeline: tuple[EntryView, ...]
    participants: tuple[Participant, ...]
    may_write: bool
    age: int | None = None
    banners: tuple[Banner, ...] = ()
    looked_at: datetime | None = None
    urgent: tuple[UrgentLine, ...] = ()
    may: frozenset[str] = frozenset()
    part_only: bool = False
    call: CallNow | None = None
    orientations: tuple[OrientationOfDossier, ...] = ()
    consigne: ConsigneBanner | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who will be able to read an entry."""

    name: str
    function: str
    institution: str


@dataclass(frozen=True, slots=True)
class CompartmentChoice:
    """A compartment one may write to, and who will read it.

    deposit: the author will re-read this entry but not the rest of the compartment.
    digest: what the form sends back, so that a change of readers between form and button is noticed.
    """

    kind: str
    label: str
    hint: str
    readers: tuple[Reader, ...]
    deposit: bool
    digest: str


@dataclass(frozen=True, slots=True)
class EntryComposition:
    """All the "nouvelle note" form needs. `defaults`: entry kind code -> compartment kind."""

    number: str
    person: str | None
    kinds: tuple[Choice, ...]
    compartments: tuple[CompartmentChoice, ...]
    defaults: Mapping[str, str]
    correcting: EntryView | None
    today: date


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One leaf of the ledger, as the auditor reads it. Never a name of a followed person."""

    sequence: int
    at: datetime
    person: str
    institution: str
    action: str
    dossiers: tuple[str, ...]
    compartments: tuple[str, ...]
    rule: str
    charter: str
    authorised: bool
    outcome: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """One page of the "journal d'accès", newest first, with the choices its filters offer.

    upto: the last position this question looks at; the addresses of its other pages carry it.
    meetings: those that had the dossier asked for on their agenda; told on the first page of its question.
    """

    lines: tuple[AccessLine, ...]
    count: int
    page: int
    pages: int
    people: tuple[Choice, ...]
    upto: int
    meetings: tuple[MeetingOfDossier, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """Who is signed in, which rooms of the house they may enter (`doors`: action codes), and whether they signed the present charter."""

    name: str
    function: str
    institution: str
    doors: frozenset[str]
    signed: bool = True
