"""Views of a call: the lists of its form, its receipt, the page of an agreement. Frozen, plain text, recorded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from casework.services.referral.views import Receipt
from casework.services.views import Choice


@dataclass(frozen=True, slots=True)
class CallPreparation:
    """All the form of a call needs: the cells that take calls, and the lists of the one that is chosen (none while `cell` is None).

    keeps_contact: whether a service is there to keep a safe contact. due: the last day for an agreement that is not sought now.
    problems: what is wrong with what was typed so far, by field.
    """

    cells: tuple[Choice, ...]
    cell: Choice | None = None
    commune: str = ""
    origins: tuple[Choice, ...] = ()
    motives: tuple[Choice, ...] = ()
    channels: tuple[Choice, ...] = ()
    limits: tuple[Choice, ...] = ()
    agreements: tuple[Choice, ...] = ()
    unasked: tuple[Choice, ...] = ()
    sexes: tuple[Choice, ...] = ()
    needs: tuple[Choice, ...] = ()
    measures: tuple[Choice, ...] = ()
    keeps_contact: bool = False
    due: date | None = None
    problems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallReceipt:
    """What became of a call. receipt: of the saisine it made; None when the person refused, and nothing was kept.

    due: the last day to obtain the agreement, where it was not sought. until: until when its author re-reads it; None for whoever keeps it.
    """

    agreement: Choice
    receipt: Receipt | None = None
    due: date | None = None
    until: datetime | None = None

    @property
    def number(self) -> str:
        """The dossier's number; empty when there is none."""
        return self.receipt.number if self.receipt else ""


@dataclass(frozen=True, slots=True)
class WithdrawalPage:
    """What ending the follow-up at the person's wish would do. orientations: how many are under way. due: of the review before erasure."""

    number: str
    person: str | None
    orientations: int
    due: date


@dataclass(frozen=True, slots=True)
class PurgePage:
    """A review before a purge. finding, decided_on: None while it is open."""

    number: str
    person: str | None
    opened_on: date
    due: date
    findings: tuple[Choice, ...]
    finding: Choice | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """An agreement that is still to be obtained. person: None where identity is not readable."""

    number: str
    person: str | None
    reason: Choice | None
    due: date
