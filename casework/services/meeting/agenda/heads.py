"""The meeting that a page of decisions, tasks or relevés is about."""

from casework.models.cells import Cell
from casework.models.meetings import Meeting
from casework.services.meeting.decisions.decided import held_on
from casework.services.meeting.decisions.outcome_views import MeetingHead
from casework.services.unit import Unit
from casework.services.views import Choice


def of(unit: Unit, meeting: Meeting, cell: Cell) -> MeetingHead:
    """A meeting as these pages head themselves: clear columns, and the label of its kind."""
    kind = unit.charter.meetings.kinds[meeting.kind]
    return MeetingHead(
        meeting.id, Choice(kind.code, kind.label), cell.name, meeting.place, meeting.starts_at, held_on(meeting), meeting.status
    )
