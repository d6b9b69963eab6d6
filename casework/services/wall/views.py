"""What the screens of the wall show: frozen, plain text."""

from dataclasses import dataclass
from datetime import datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class WalledPerson:
    """Somebody to whom a dossier is closed by a wall. author: who closed it."""

    username: str
    name: str
    function: str
    institution: str
    since: datetime
    author: str


@dataclass(frozen=True, slots=True)
class WallPage:
    """Who is walled off from a dossier, and what the actor may do. stays: on the other side of a link too. endings: why it may end."""

    number: str
    person: str | None
    reasons: tuple[Choice, ...]
    walled: tuple[WalledPerson, ...]
    may_set: bool
    may_link: bool
    may_stay: bool
    stays: bool
    endings: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class BothHolder:
    """Somebody who holds something of both dossiers. leads: the number of the one they are in charge of, or empty; duty: only on call.

    side: the number that is closed to them unless the actor chooses otherwise.
    """

    username: str
    name: str
    function: str
    institution: str
    leads: str
    duty: bool
    side: str


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """Two dossiers about to be set apart. number: the person to protect; people: who holds both, the actor aside.

    mine: the side that closes to the actor unless they stay. reasons: why one may stay on both sides.
    """

    number: str
    person: str | None
    other: str
    other_person: str | None
    people: tuple[BothHolder, ...]
    mine: str
    reasons: tuple[Choice, ...]
    longest: int


@dataclass(frozen=True, slots=True)
class StayLine:
    """Somebody who stays on both sides, since when, until the link was ended if it was, and why; of which dossiers is not said here."""

    person: str
    function: str
    institution: str
    since: datetime
    ended: datetime | None
    reason: Choice
    text: str


@dataclass(frozen=True, slots=True)
class StayOffer:
    """Two dossiers that were set apart and of which the actor holds both."""

    number: str
    reasons: tuple[Choice, ...]
    longest: int
