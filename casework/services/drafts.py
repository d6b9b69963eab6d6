"""What screens hand to services: typed text, checked for shape by the form and for sense by the verb."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """A note about to be written.

    submission: a random id made with the form; the same id twice makes one entry.
    readers: the digest of the chosen compartment's readers as they were shown.
    corrects: id of one's own entry that this one corrects, or None.
    """

    kind: str
    compartment: str
    occurred_on: date
    body: str
    submission: str
    readers: str
    corrects: str | None = None


@dataclass(frozen=True, slots=True)
class ChildDraft:
    """One person of a saisine. contact: a phone or, in domestic violence, the safe contact; may be empty."""

    first_name: str
    last_name: str
    sex: str
    birth_date: date | None
    commune: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class ReferralDraft:
    """A saisine about to be sent, about one child or several. `facts`: at most 500 characters, factual (domain.md 1.9).

    submission: a random id made with the form; the same saisine twice under it is sent once.
    """

    cell: str
    children: tuple[ChildDraft, ...]
    origin: str
    motives: tuple[str, ...]
    facts: str
    informed: bool
    submission: str


@dataclass(frozen=True, slots=True)
class ExaminationDraft:
    """What a steward decides about a saisine. What an outcome does not need is empty.

    lead, next_date: user name and day, when it is retained. redirected_to: kind of service. duplicate_of: number of the other dossier.
    """

    outcome: str
    lead: str = ""
    next_date: date | None = None
    redirected_to: str = ""
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True)
class AccessQuery:
    """What the auditor asks of the ledger. Empty means no filter. upto: where the first page of this question stopped."""

    page: int = 1
    dossier: str = ""
    person: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class ListFilters:
    """What somebody wants to see of their dossiers, in codes. Empty means no filter.

    lead: `me`, `others` or `none` (still to be named). overdue: only those whose next date is past.
    order: `date`, `name`, `activity` or `number`. cell: the cell's short code.
    """

    status: str = ""
    programme: str = ""
    cell: str = ""
    lead: str = ""
    overdue: bool = False
    order: str = "date"
