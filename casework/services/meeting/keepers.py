"""Who keeps a cell, asked without anybody signed in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models.cells import Habilitation
from casework.services.membership.standing import SECRETARY, STEWARD, alive


def stewards_of(session: Session, cell_id: str, now: datetime) -> list[str]:
    """User ids of the cell's stewards with a living habilitation: who is told, never who is trusted with a key."""
    return _with_role(session, cell_id, now, STEWARD)


def preparers_of(session: Session, cell_id: str, now: datetime) -> list[str]:
    """The same, with the cell's secretaries: who prepares its meetings."""
    return _with_role(session, cell_id, now, STEWARD, SECRETARY)


def _with_role(session: Session, cell_id: str, now: datetime, *roles: str) -> list[str]:
    query = select(Habilitation.user_id).where(Habilitation.cell_id == cell_id, Habilitation.role.in_(roles), alive(now))
    return sorted(set(session.scalars(query)))
