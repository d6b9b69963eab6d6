"""What the pages about a partner's link show and send: frozen, plain-text, already authorised, opened and recorded."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.orientation.views import PassedContact
from casework.services.safety.views import CallNow
from casework.services.views import Choice, Field

REFERRAL, TASK = "referral", "task"
"""What a link is about."""


@dataclass(frozen=True, slots=True)
class About:
    """What a link is about, as the inside addresses it. kind: `referral` or `task`. id: of that row."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class LinkOnce:
    """A new link, shown once. secret: what stands in the address after the #. code: eight digits in pairs, said by voice."""

    number: str
    secret: str
    code: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A living link. by: who made it. failures: wrong codes so far."""

    by: str
    mine: bool
    made_at: datetime
    until: datetime
    opened_at: datetime | None
    failures: int


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What a partner wrote back. answer: accepted, declined or told, with its label; the rest is None or empty where it was not said.

    kept: the actor holds the extract and reads it; else only that an answer came, and when. takes: it can become the action's result.
    """

    id: str
    received_at: datetime
    kept: bool
    answer: Choice | None = None
    reason: Choice | None = None
    result: Choice | None = None
    on: date | None = None
    text: str = ""
    takes: bool = False


@dataclass(frozen=True, slots=True)
class LinkPage:
    """The inside page of a link. title: what it is about, in words. why: why no link can be made now, empty when one can.

    text: the action's words, empty for an orientation or for who may not read them. hours: how long a new link lives.
    """

    about: About
    number: str
    title: str
    text: str
    link: LinkLine | None
    answers: tuple[AnswerLine, ...]
    why: str
    hours: int
    attempts: int


@dataclass(frozen=True, slots=True)
class VisitView:
    """What a partner sees: what was sealed for them, and what they may answer. answers: codes of accepted, declined, told.

    longest: of the free field. until: the end of the visit. contacts: the safe contacts that were passed on, oldest first; call: the first
    line, None where the person is reached as anybody.
    """

    kind: str
    items: tuple[Field, ...]
    answers: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    results: tuple[Choice, ...]
    longest: int
    until: datetime
    today: date
    contacts: tuple[PassedContact, ...] = ()
    call: CallNow | None = None


@dataclass(frozen=True, slots=True)
class PartnerDraft:
    """An answer as the form sends it. text: the contact at the service, or for an action a few words."""

    answer: str
    reason: str = ""
    result: str = ""
    on: date | None = None
    text: str = ""
