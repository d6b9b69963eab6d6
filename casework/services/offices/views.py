"""Views of accounts, institutions, cells and their members: what officers and stewards see. Frozen, plain text, recorded."""

from dataclasses import dataclass
from datetime import datetime

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. state: to_enrol, to_certify, certified or closed. ends: when the last habilitation ends; none without one.

    code_until: until when the single-use code works, while there is one.
    """

    id: str
    username: str
    name: str
    function: str
    profession: str
    institution: str
    state: Choice
    ends: datetime | None
    code_until: datetime | None
    office: bool
    email: str = ""


@dataclass(frozen=True, slots=True)
class CellLine:
    """One cell, as the directory has it."""

    id: str
    name: str
    programme: str
    commune: str
    founded_at: datetime
    taken_up: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """Accounts, institutions and cells of the instance. counts: how many accounts are in each state."""

    accounts: tuple[AccountLine, ...]
    institutions: tuple[Choice, ...]
    cells: tuple[CellLine, ...]
    counts: tuple[tuple[Choice, int], ...]


@dataclass(frozen=True, slots=True)
class OfficerLists:
    """The closed lists of the officer's forms. stewards: certified accounts outside the offices."""

    professions: tuple[Choice, ...]
    institutions: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    programmes: tuple[Choice, ...]
    stewards: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class MemberLine:
    """Somebody admitted to a cell. soon: it ends within 30 days. signed: they signed the charter in its current version."""

    id: str
    name: str
    profession: str
    function: str
    institution: str
    role: Choice
    starts: datetime
    until: datetime
    soon: bool
    signed: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class RingLine:
    """A group of the cell, and who is in it."""

    kind: Choice
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CellPage:
    """A cell as those see it who keep it. What may be done here is said by `may`: action codes."""

    cell: CellLine
    members: tuple[MemberLine, ...]
    rings: tuple[RingLine, ...]
    without_lead: tuple[str, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A certified account that may be admitted, and the roles its profession can have here."""

    username: str
    label: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AdmissionLists:
    """Who may be admitted, and the roles of a cell."""

    cell: CellLine
    candidates: tuple[Candidate, ...]
    roles: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class EnrolmentView:
    """Where somebody is in their enrolment. key: the telephone's, in groups of four. sheet, fingerprint: empty until `confirmed`."""

    name: str
    username: str
    instance: str
    confirmed: bool
    certified: bool
    key: str
    uri: str
    sheet: str
    fingerprint: str
    made_on: datetime


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the charter's text. kind: title, heading, item or text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CharterView:
    """The charter to read. signed_at: when I signed this version; none when I have not."""

    version: str
    blocks: tuple[Block, ...]
    signed_at: datetime | None
