"""Who keeps a cell, asked without anybody signed in."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models.cells import Habilitation
from casework.services.membership.standing import STEWARD, alive


def stewards_of(session: Session, cell_id: str, now: datetime) -> list[str]:
    """User ids of the cell's stewards with a living habilitation: who is told, never who is trusted with a key."""
    query = select(Habilitation.user_id).where(Habilitation.cell_id == cell_id, Habilitation.role == STEWARD, alive(now))
    return sorted(set(session.scalars(query)))
