"""The facts that gates look at: is the account alive, which habilitations are, is the current charter signed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from casework.charter import Standing
from casework.models.cells import CharterSignature, Habilitation
from casework.models.people import User

STEWARD = "steward"
MEMBER = "member"
ELECTED = "elected"
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

    def standing(self, *, cell: str | None = None, archived: bool = False) -> Standing:
        """What the charter's gates ask, in general or for one cell."""
        living = [each for each in self.admissions if cell is None or each.cell_id == cell]
        if not living:
            return Standing(active=self.active, signed=self.signed, archived=archived)
        longest = max(living, key=lambda each: each.until)
        return Standing(active=self.active, starts=longest.starts, ends=longest.until, signed=self.signed, archived=archived)


def load_facts(session: Session, user_id: str, now: datetime) -> Facts:
    """The standing of a user now. An unknown user has none."""
    rows = session.execute(
        select(User.deactivated_at, Habilitation.cell_id, Habilitation.role, Habilitation.starts, Habilitation.until)
        .outerjoin(Habilitation, (Habilitation.user_id == User.id) & alive(now))
        .where(User.id == user_id)
    ).all()
    signed = session.scalar(
        select(CharterSignature.charter).where(CharterSignature.user_id == user_id).order_by(CharterSignature.signed_at.desc()).limit(1)
    )
    admissions = tuple(Admission(row.cell_id, row.role, row.starts, row.until) for row in rows if row.role)
    return Facts(active=bool(rows) and rows[0].deactivated_at is None, admissions=admissions, signed=signed)


def alive(now: datetime) -> ColumnElement[bool]:
    """The SQL condition that a habilitation lives now."""
    return (Habilitation.starts <= now) & (Habilitation.until > now) & or_(Habilitation.ended_at.is_(None), Habilitation.ended_at > now)
