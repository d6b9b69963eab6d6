"""What deciding, carrying out and closing show: frozen, plain-text, already authorised, decrypted and recorded. Never a name of a
followed person: numbers only, for these pages are read on a mirrored screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class MeetingHead:
    """The meeting a page is about. held_on: the day of the sitting, in Paris."""

    id: str
    kind: Choice
    cell: str
    place: str
    starts_at: datetime
    held_on: date
    status: str


@dataclass(frozen=True, slots=True)
class MinutesAction:
    """An action (or a question) of a relevé: in full for its own institution, and in the whole one.

    kind: `action` or `question`. owner: the professional who carries it. number: the dossier's, empty for a point without a person.
    """

    kind: str
    number: str
    owner: str
    text: str
    due: date


@dataclass(frozen=True, slots=True)
class MinutesReferral:
    """An orientation of a relevé: to which institution, for what."""

    institution: str
    need: str


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """One item of a relevé. outcome: its label in French. words: empty where this reader's profession may not read them.

    lead: the professional in charge, where one was named. decided_on, entered_on: the day of the sitting and that of the entry.
    """

    number: str
    outcome: str
    lead: str
    next_date: date | None
    missing: str
    words: str
    decided_on: date
    entered_on: date
    referrals: tuple[MinutesReferral, ...] = ()


@dataclass(frozen=True, slots=True)
class MinutesView:
    """A relevé de décisions as one reader sees it: what concerns their institution and nothing else; whole for the stewards.

    institution: whose, empty for the whole one. actions: those of points without a person included, without number.
    until: readable until then.
    """

    meeting: MeetingHead
    institution: str
    whole: bool
    drawn_at: datetime
    until: datetime
    lines: tuple[MinutesLine, ...]
    actions: tuple[MinutesAction, ...]


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An action or a question as the decision form carries it. owner: user name, as the form sends it. id: empty for a new one."""

    text: str = ""
    owner: str = ""
    due: date | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """An orientation as the form carries it: institution id and code of the need."""

    institution: str = ""
    need: str = ""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision as the form sends it. What an outcome does not need is empty.

    version: of the decision the form was opened on, 0 for none. keep: after a clash, which text stays: `mine`, `theirs`, `both`;
    `unseen` from a form that could not show the words that stand: those nobody typed over stay.
    copies: ids of other items of this meeting that get the same decision.
    """

    outcome: str
    lead: str = ""
    next_date: date | None = None
    missing: str = ""
    closing_reason: str = ""
    redirected_to: str = ""
    duplicate_of: str = ""
    text: str = ""
    actions: tuple[TaskRow, ...] = ()
    questions: tuple[TaskRow, ...] = ()
    referrals: tuple[ReferralRow, ...] = ()
    copies: tuple[str, ...] = ()
    version: int = 0
    keep: str = "mine"


@dataclass(frozen=True, slots=True)
class FormerTask:
    """What an earlier meeting asked about the same dossier, and what came of it. result: empty while nothing was told.

    Words and owner are empty while not everybody present may read them.
    """

    kind: str
    text: str
    owner: str
    due: date
    status: str
    result: str


@dataclass(frozen=True, slots=True)
class Stands:
    """A decision as it stands, to show beside another: labels and texts. by: who entered it."""

    by: str
    entered_at: datetime
    decided_on: date
    pairs: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """All the decision form needs. stands: the decision already entered, None when there is none; draft: it, as the form carries it.

    kinds_of: outcome -> what it asks for (`lead`, `date`, `missing`, `reason`, `redirected`, `duplicate`). writes: whether words can be
    sealed here by this actor. withheld: not everybody present may read the words, so they are not here. late: entered from the paper
    sheet, after the sitting. previous, next: ids of the neighbouring items.
    """

    meeting: MeetingHead
    item: str
    number: str
    status: Choice
    informed: Choice | None
    lead: str
    position: int
    count: int
    previous: str
    next: str
    outcomes: tuple[Choice, ...]
    asks: Mapping[str, tuple[str, ...]]
    leads: tuple[Choice, ...]
    owners: tuple[Choice, ...]
    absent: tuple[Choice, ...]
    missing: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    redirections: tuple[Choice, ...]
    institutions: tuple[Choice, ...]
    needs: tuple[Choice, ...]
    siblings: tuple[Choice, ...]
    former: tuple[FormerTask, ...]
    stands: Stands | None
    draft: DecisionDraft
    writes: bool
    keeps: bool
    late: bool
    today: date
    outside: tuple[Choice, ...] = ()
    question: str | None = None
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An action or a question: number, date and state for everybody of the institution; words for those who may read them (else None).

    late: past its date and still open. mine: I carry it. point: about a place, not about a person; its id is the task's.
    outside: an institution without an account carries it, and answers by a link.
    """

    id: str
    kind: str
    number: str
    owner: str
    institution: str
    due: date
    days: int
    late: bool
    status: str
    text: str | None
    mine: bool
    reportable: bool
    point: bool
    meeting: datetime
    reported_at: datetime | None = None
    told_by: Choice | None = None
    told_on: date | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """« Actions »: mine, my institution's, and those of the cells I keep; the late ones first. done: told lately."""

    mine: tuple[TaskLine, ...]
    institution: tuple[TaskLine, ...]
    cells: tuple[TaskLine, ...]
    done: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The form on which a result is told. telephone: a steward tells what somebody else told them."""

    task: TaskLine
    telephone: bool
    told_by: tuple[Choice, ...]
    today: date


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """A result: `done` or `not_done`, its words; by whom and when it was told, when it was told to a steward."""

    status: str
    text: str = ""
    told_by: str = ""
    told_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClosingLine:
    """An item on the closing page. stands: its decision; None while undecided, and for who may not read it. decided: there is one.

    decidable: a decision can be entered here. withheld: not everybody present may read its words, so they are not here.
    """

    item: str
    number: str
    position: int
    stands: Stands | None
    outcome: str
    actions: tuple[MinutesAction, ...]
    questions: tuple[MinutesAction, ...]
    referrals: tuple[MinutesReferral, ...]
    decided: bool
    decidable: bool
    pending: bool
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """One page to read and correct before a meeting is closed. points: actions of points without a person.

    readers: institutions that get a relevé, with how many people of each. seen: digest of all this, which the form sends back.
    """

    meeting: MeetingHead
    lines: tuple[ClosingLine, ...]
    undecided: int
    points: tuple[MinutesAction, ...]
    readers: tuple[tuple[str, int], ...]
    missing: tuple[Choice, ...]
    today: date
    seen: str


@dataclass(frozen=True, slots=True)
class UndecidedChoice:
    """What becomes of an item nobody decided about: `postponed` (missing, date) or `withdrawn`."""

    item: str
    choice: str
    missing: str = ""
    next_date: date | None = None
