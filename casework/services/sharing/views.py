"""What screens of sharing and of withdrawing receive: frozen, plain text."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.services.views import Field


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the cell, as colleagues know them."""

    username: str
    name: str
    function: str
    institution: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What « Je me retire » would do. leads, keeps: what I am here; alone: no other keeper can turn the keys.

    members: for whom a steward may say that there is a link; empty for everybody else.
    """

    number: str
    person: str | None
    leads: bool
    keeps: bool
    alone: bool
    members: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Volet:
    """A compartment I may give. notes: how many there are in it now. lasting: notes of later on are read too."""

    kind: str
    label: str
    hint: str
    notes: int


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody one could share with: labels and kinds of what the charter lets them receive, none when nothing.

    until: the last day of their habilitation. why: a sentence when they cannot be chosen.
    """

    person: Person
    kinds: tuple[str, ...]
    labels: tuple[str, ...]
    until: date
    why: str


@dataclass(frozen=True, slots=True)
class Given:
    """A share or an extract under way: to whom, what, until when. mine: I gave it, or may end it all the same."""

    id: str
    name: str
    function: str
    institution: str
    labels: tuple[str, ...]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class ShareOffer:
    """All the « Partager un volet » form needs. person: who the dossier is about, where I may read it."""

    number: str
    person: str | None
    volets: tuple[Volet, ...]
    people: tuple[Recipient, ...]
    given: tuple[Given, ...]
    extracts: tuple[Given, ...]
    until: date
    today: date
    may_extract: bool


@dataclass(frozen=True, slots=True)
class SharePreview:
    """Exactly what a person will see once it is shared. known: volets they will know to exist and not read."""

    number: str
    to: Person
    volets: tuple[Volet, ...]
    named: bool
    known: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class Piece:
    """Something that can be copied into an extract. id: changes when the text does. volet: where it is from."""

    id: str
    volet: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class ExtractOffer:
    """All the « Partager une partie » form needs."""

    number: str
    person: str | None
    pieces: tuple[Piece, ...]
    people: tuple[Recipient, ...]
    until: date
    today: date
    max_intro: int


@dataclass(frozen=True, slots=True)
class ExtractPreview:
    """What the addressee will see, word for word, besides the number of the dossier, who gave it, and the day it ends."""

    number: str
    to: Person
    items: tuple[Field, ...]
    until: date
