"""What the screens of a meeting's preparation show: frozen, plain-text, already authorised and recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the list. items, seats: how many. kept: I prepare it."""

    id: str
    kind: Choice
    status: Choice
    cell: str
    starts_at: datetime
    place: str
    items: int
    seats: int
    kept: bool


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """Coming meetings, soonest first; past ones, newest first. may_prepare, may_call: somewhere, by me."""

    coming: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    may_prepare: bool
    may_call: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of meeting and what it is for."""

    code: str
    label: str
    hint: str
    nominative: bool


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """The closed lists of the form. place: where the cell met last."""

    cells: tuple[Choice, ...]
    kinds: tuple[Kind, ...]
    callers: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    sectors: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Head:
    """A meeting without its agenda: what every convened person may know."""

    id: str
    kind: Choice
    status: Choice
    nominative: bool
    cell: str
    cell_id: str
    starts_at: datetime
    place: str
    sector: str
    caller: str
    reason: str
    convened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a convened member said beforehand."""

    who: str
    institution: str
    answer: Choice


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """What somebody who was absent answered since the last meeting. text is None where I may not read it."""

    who: str
    on: date
    text: str | None


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An item as those see it who prepare. person, question: None where I may not read them.

    informed: `informed`, a reason of deferral, or empty. told: the same as a label. concerned: ids of seats.
    leave: institutions that may leave after it. apart: I have a personal link to the person, and the number is all I am told.
    """

    id: str
    place: int
    number: str
    person: str | None
    status: str
    origin: Choice
    dossier_status: Choice
    due: date | None
    informed: str
    told: str
    question: str | None
    question_id: str
    concerned: tuple[str, ...]
    names: tuple[str, ...]
    answers: tuple[Answer, ...]
    late: tuple[LateAnswer, ...]
    leave: tuple[str, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A dossier that asks to be on the agenda, why, and since or for when, where it has a date."""

    number: str
    person: str | None
    origin: Choice
    on: date | None


@dataclass(frozen=True, slots=True)
class SeatLine:
    """Somebody's place. deputy: who comes instead, or, while `proposed`, might. reachable: has an e-mail address.

    steward: keeps the cell, and so every item: nobody says that one concerns them.
    """

    id: str
    name: str
    function: str
    institution: str
    status: str
    mine: bool
    deputy: str
    proposed: bool
    reached_at: datetime | None
    reachable: bool
    steward: bool = False


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point without a person."""

    id: str
    place: str
    trouble: str
    action: str
    owner: str
    due: date
    status: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The convocation as it is sent or copied: no name of a followed person, no number, no motive. sent: how, `mail` or nothing."""

    subject: str
    text: str
    mail: bool


@dataclass(frozen=True, slots=True)
class Agenda:
    """A meeting for those who prepare it. pending: keys that a steward gives now. may: action codes.

    owners: who may carry a point without a person.
    """

    head: Head
    items: tuple[AgendaItem, ...]
    proposals: tuple[Proposal, ...]
    seats: tuple[SeatLine, ...]
    points: tuple[PointLine, ...]
    owners: tuple[Choice, ...]
    letter: Letter
    told: tuple[Choice, ...]
    pending: bool
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class OwnItem:
    """One of my items. person is None until the key is there. answer: mine, empty without one. told: whether the person was informed."""

    id: str
    number: str
    person: str | None
    question: str | None
    answer: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class OwnMeeting:
    """A meeting for somebody who is convened: place, time and own items. opens_at: from when items name the person; near: it is past."""

    head: Head
    seat: str
    items: tuple[OwnItem, ...]
    answers: tuple[Choice, ...]
    opens_at: datetime
    near: bool
    deputies: tuple[Choice, ...]
    deputy: str
    points: tuple[PointLine, ...]


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who may be convened. why: what proposes them; empty for nothing. reads: the charter lets them read an item at all."""

    id: str
    name: str
    function: str
    institution: str
    seated: bool
    fixed: bool
    why: str
    reads: bool


@dataclass(frozen=True, slots=True)
class Block:
    """People who are convened together: the core, those the agenda asks for, then one kind of institution after another."""

    code: str
    label: str
    people: tuple[Invitee, ...]


@dataclass(frozen=True, slots=True)
class Invitations:
    """Who may be convened to a meeting."""

    head: Head
    blocks: tuple[Block, ...]
    core: bool


@dataclass(frozen=True, slots=True)
class CorePage:
    """The permanent core of a cell: everybody who may be in it, and who is."""

    cell: Choice
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class UrgentPage:
    """All that an urgent meeting needs on one page. dossiers: those I may put on its agenda, by number."""

    lists: NewMeeting
    cell: Choice | None
    blocks: tuple[Block, ...]
    dossiers: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class CallList:
    """Whom to ring for an urgent meeting, those not reached first."""

    head: Head
    seats: tuple[SeatLine, ...]
    letter: Letter
