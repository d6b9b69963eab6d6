"""What the screens of the directory show and send."""

from dataclasses import dataclass
from datetime import date

from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class ServiceDraft:
    """A service as somebody types it, or as a line of a table says it. needs, programmes, state: codes; empty programmes: everybody."""

    name: str = ""
    institution: str = ""
    needs: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    about: str = ""
    address: str = ""
    sector: str = ""
    hours: str = ""
    phone: str = ""
    state: str = "open"
    state_until: date | None = None


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service for the screen. publics: empty for everybody; overdue: the day it was to have room again has passed."""

    id: str
    name: str
    institution: str
    needs: tuple[str, ...]
    publics: tuple[str, ...]
    ages: str
    about: str
    address: str
    sector: str
    hours: str
    phone: str
    state: Choice
    state_until: date | None
    state_on: date
    overdue: bool
    updated_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class DirectoryQuery:
    """What is looked for: words as typed, codes of a need and of a programme, an age in years, a sector's name. closed: those instead."""

    words: str = ""
    need: str = ""
    programme: str = ""
    sector: str = ""
    age: int | None = None
    closed: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class DirectoryLists:
    """The closed lists of the directory, and the sectors that its services are in."""

    needs: tuple[Choice, ...]
    programmes: tuple[Choice, ...]
    sectors: tuple[str, ...]
    states: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class DirectoryPage:
    """A page of services. count: how many answer; total: how many there are; may_keep: whether the reader keeps the directory."""

    services: tuple[ServiceView, ...]
    count: int
    total: int
    page: int
    pages: int
    lists: DirectoryLists
    may_keep: bool


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One service. may_keep: whether the reader keeps the directory."""

    service: ServiceView
    may_keep: bool


@dataclass(frozen=True, slots=True)
class ServiceForm:
    """What the form offers, and what stands in it. version: that of the row when it was read, 0 for a new one."""

    draft: ServiceDraft
    version: int
    lists: DirectoryLists


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs from the directory. fields: (heading, as it is, as it would be)."""

    line: int
    name: str
    institution: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Addition:
    """A line the directory does not have."""

    line: int
    name: str
    institution: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was not taken: its cells as they are, and why."""

    line: int
    cells: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do. rows: the lines it would write, to be sent back with the act; digest: what it would do, in short."""

    added: tuple[Addition, ...]
    changed: tuple[Change, ...]
    unchanged: int
    refused: tuple[Refusal, ...]
    headings: tuple[str, ...]
    rows: str
    digest: str
