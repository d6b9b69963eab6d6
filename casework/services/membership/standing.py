"""The facts that gates look at: is the account alive, which habilitations are, is the current charter signed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, or_

from casework.charter import Standing
from casework.models.cells import Habilitation

STEWARD = "steward"
MEMBER = "member"
ELECTED = "elected"
SECRETARY = "secretary"
OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Admission:
    """A living habilitation. cell_id is None for an office."""

    cell_id: str | None
    role: str
    starts: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """A person's standing at one moment."""

    active: bool
    admissions: tuple[Admission, ...]
    signed: str | None

    @property
    def cells(self) -> tuple[str, ...]:
        """The cells this person is in."""
        return tuple(each.cell_id for each in self.admissions if each.cell_id)

    def cells_as(self, *roles: str) -> tuple[str, ...]:
        """The cells this person is in under one of these roles."""
        return tuple(each.cell_id for each in self.admissions if each.cell_id and each.role in roles)

    def standing(self, *, cell: str | None = None, archived: bool = False, conflict: bool = False) -> Standing:
        """What the charter's gates ask, in general or for one cell."""
        living = [each for each in self.admissions if cell is None or each.cell_id == cell]
        if not living:
            return Standing(active=self.active, signed=self.signed, archived=archived, conflict=conflict)
        longest = max(living, key=lambda each: each.until)
        return Standing(
            active=self.active, starts=longest.starts, ends=longest.until, signed=self.signed, archived=archived, conflict=conflict
        )  # fmt: skip


def alive(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The SQL condition that a habilitation lives now. now: a moment, or the place where it will be bound."""
    return (Habilitation.starts <= now) & (Habilitation.until > now) & or_(Habilitation.ended_at.is_(None), Habilitation.ended_at > now)
