"""Meetings at which somebody is expected in the days to come. For « Mon jour »: an alert that was seen is gone, the meeting is not."""

from datetime import datetime, timedelta

from sqlalchemy import select

from casework.models.cells import Cell
from casework.models.meetings import Meeting, Seat
from casework.services.meeting.giving import COMING_SEATS
from casework.services.meeting.rows import CONVENED, OPEN
from casework.services.unit import Unit

AHEAD = timedelta(days=7)
LASTING = timedelta(hours=12)
"""How long a meeting that nobody closed goes on being one of the day."""


def soon(unit: Unit) -> list[tuple[datetime, str]]:
    """Hour and cell of each meeting of my cells, convened or open, where I am expected."""
    query = (
        select(Meeting.starts_at, Cell.name)
        .join(Cell, Cell.id == Meeting.cell_id)
        .join(Seat, Seat.meeting_id == Meeting.id)
        .where(Seat.user_id == unit.actor.user_id, Seat.status.in_(COMING_SEATS), Meeting.cell_id.in_(unit.facts.cells))
        .where(Meeting.status.in_((CONVENED, OPEN)), Meeting.starts_at.between(unit.now - LASTING, unit.now + AHEAD))
    )
    return [(row.starts_at, row.name) for row in unit.session.execute(query)]
