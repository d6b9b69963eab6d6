"""What screens of orientations receive: frozen, plain text, already authorised, decrypted and recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.safety.views import CallNow
from casework.services.sharing.views import Piece
from casework.services.views import Choice, Field


@dataclass(frozen=True, slots=True)
class OrientationQuery:
    """Which services of the directory are looked for: codes of a need, a sector's name, words as typed."""

    need: str = ""
    sector: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class OrientationDraft:
    """An orientation as the form sends it. to: a target's code. pieces: ids of what was chosen. intro: the sender's sentence, or empty.

    agreement: given, not_sought or refused; unasked: why it was not sought. referral: id of a proposed one that is now sent, or empty.
    """

    need: str
    to: str
    pieces: tuple[str, ...]
    intro: str
    agreement: str
    unasked: str
    submission: str
    referral: str = ""


@dataclass(frozen=True, slots=True)
class TargetView:
    """A service, or a named person, one may choose. code: what the form sends back; team: which team receives it, empty for a link.

    why: a sentence when it cannot be chosen.
    """

    code: str
    name: str
    institution: str
    about: str
    hours: str
    state: Choice | None
    channel: str
    team: str
    why: str


@dataclass(frozen=True, slots=True)
class OrientationOffer:
    """All the form needs. more: how many services answer beyond those shown. decided: institution that a meeting chose, or empty."""

    number: str
    person: str | None
    needs: tuple[Choice, ...]
    sectors: tuple[str, ...]
    services: tuple[TargetView, ...]
    more: int
    people: tuple[TargetView, ...]
    pieces: tuple[Piece, ...]
    unasked: tuple[Choice, ...]
    days: int
    max_intro: int
    referral: str = ""
    need: str = ""
    decided: str = ""


@dataclass(frozen=True, slots=True)
class PassedContact:
    """A safe contact that went with an orientation, word for word. standing: it is the one that counts; the others are kept, struck."""

    text: str
    at: datetime | None
    standing: bool


@dataclass(frozen=True, slots=True)
class OrientationPreview:
    """Word for word what the recipient will read, besides the dossier's number, the need and the sender's name.

    due: the last day to obtain an agreement that was not sought; None when it was given. contacts: the safe contact, where it goes along;
    call: the first line that the recipient would read now, None where the person is reached as anybody.
    """

    number: str
    need: Choice
    to: TargetView
    items: tuple[Field, ...]
    due: date | None
    contacts: tuple[PassedContact, ...] = ()
    call: CallNow | None = None


@dataclass(frozen=True, slots=True)
class StepView:
    """One dated step. reason: its label where the step has one. who: who recorded it, with their institution."""

    step: Choice
    reason: str
    at: datetime
    meets_at: datetime | None
    who: str
    institution: str


@dataclass(frozen=True, slots=True)
class StepChoice:
    """A step that may follow now. reasons: the closed list it needs one of, empty when it needs none. dated: it sets an appointment."""

    step: Choice
    reasons: tuple[Choice, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class OrientationLine:
    """An orientation in a list. to: the service; from_whom: the sender, of a received one. waits: what is expected of me, as a code.

    person: only where I may read who it is about. over: it ended, and nothing more is told to its recipient.
    """

    id: str
    number: str
    person: str | None
    need: str
    to: str
    from_whom: str
    status: Choice
    since: datetime
    meets_at: datetime | None
    reason: str
    waits: str
    over: bool


@dataclass(frozen=True, slots=True)
class OrientationBoard:
    """`/orientations`: what my services received, and what goes out of the dossiers I follow."""

    received: tuple[OrientationLine, ...]
    sent: tuple[OrientationLine, ...]


@dataclass(frozen=True, slots=True)
class AgreementView:
    """What the person said to this orientation. due: the last day to obtain it, where it was not sought."""

    state: str
    reason: str
    due: date | None
    recorded_on: date


@dataclass(frozen=True, slots=True)
class OrientationView:
    """An orientation as the side that sends sees it. items: what was sealed, for its sender alone. seen: number of the last step shown.

    sendable: it is proposed, and I may send it. linkable: its recipient has no account, and it is under way. contacts: as `items`.
    stale: the safe contact it carries has changed; renewal: the new one, for whoever may pass it on.
    """

    id: str
    number: str
    person: str | None
    need: Choice
    to: str
    channel: str
    status: Choice
    steps: tuple[StepView, ...]
    items: tuple[Field, ...]
    agreement: AgreementView | None
    may: tuple[StepChoice, ...]
    seen: int
    sendable: bool
    linkable: bool
    first_day: date
    last_day: date
    contacts: tuple[PassedContact, ...] = ()
    stale: bool = False
    renewal: Piece | None = None


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """An orientation as its recipient sees it: the referral, its steps, what was sealed for it. Not the dossier.

    call: the first line, None where the person is reached as anybody. contacts: the safe contacts that were passed on, oldest first.
    """

    id: str
    number: str
    need: Choice
    programme: str
    sender: str
    function: str
    institution: str
    status: Choice
    steps: tuple[StepView, ...]
    items: tuple[Field, ...]
    may: tuple[StepChoice, ...]
    seen: int
    first_day: date
    last_day: date
    contacts: tuple[PassedContact, ...] = ()
    call: CallNow | None = None
