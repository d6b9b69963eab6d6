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
class ReferralDraft:
    """A saisine about to be sent. `facts`: at most 500 characters, factual (domain.md 1.9)."""

    cell: str
    first_name: str
    last_name: str
    sex: str
    birth_date: date
    commune: str
    origin: str
    motives: tuple[str, ...]
    facts: str
    informed: bool
    submission: str


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
