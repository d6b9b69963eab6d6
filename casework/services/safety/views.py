"""What the screens of safety are handed: frozen, plain-text, already authorised, decrypted and recorded."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CallNow:
    """The first line of a file. now: whether to call at the moment `at`. why: of a no, a closed list (`calling`).

    until, then: when it closes, when it next opens; None: no end, not known. The rest is empty for who does not open `safety`, or to whom
    it was passed on and has changed: they are told `through` whom to go, a service or a person, and no more. instead: the safe channel,
    where that is not a call.
    """

    now: bool
    why: str
    at: datetime
    until: datetime | None = None
    then: datetime | None = None
    number: str = ""
    instead: str = ""
    hours: str = ""
    introduction: str = ""
    code_word: str = ""
    limits: str = ""
    must_not_answer: str = ""
    interpreter: str = ""
    through: str = ""

    @property
    def told(self) -> bool:
        """Whether this reader is told how to reach the person."""
        return self.why not in {"reserved", "changed"}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a closed list."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A call, a letter, a message or a visit that its author will make, or made. printable: a letter that is still to go."""

    id: str
    number: str
    channel: Option
    purpose: Option
    at: datetime
    author: str
    mine: bool
    state: str
    override: str
    open: bool
    printable: bool


@dataclass(frozen=True, slots=True)
class ReachPage:
    """All the form needs. recipients: empty where only the person may be written to. call: the first line, where there is one."""

    number: str
    person: str | None
    call: CallNow | None
    channels: tuple[Option, ...]
    purposes: tuple[Option, ...]
    recipients: tuple[Option, ...]
    overrides: tuple[Option, ...]
    planned: tuple[PlannedLine, ...]
    consigne: bool
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What is typed to plan a contact. recipient: `person` or `parent`. override, text: why a rule is set aside."""

    channel: str
    purpose: str
    at: datetime | None
    recipient: str = "person"
    override: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A neutral letter: model sentences and, where the rules allow, the lines of an address."""

    number: str
    day: date
    sentences: tuple[str, ...]
    address: tuple[str, ...]
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """A precaution set aside, for the review. text: what was typed, opened for the one line that was asked for; else empty."""

    id: str
    number: str
    author: str
    function: str
    institution: str
    channel: str
    at: datetime
    created_at: datetime
    reason: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class ConsigneBanner:
    """That a consigne stands on a dossier, and through whom to go for those who open it."""

    through: str


@dataclass(frozen=True, slots=True)
class DangerGuide:
    """To whom a child in danger is reported: (who, lines to reach them)."""

    recipients: tuple[tuple[Option, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class DangerPage:
    """All the form of a report that was made needs."""

    number: str
    guide: DangerGuide
    today: date
    longest: int


@dataclass(frozen=True, slots=True)
class DangerDraft:
    """What is recorded of a report: to whom, when, under which receipt. Never what was reported."""

    to: str
    day: date | None
    receipt: str
    submission: str
