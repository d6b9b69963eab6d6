"""What every page of a meeting begins with, and who prepares it."""

from collections.abc import Iterable, Mapping

from casework.charter import Word
from casework.models.cells import Cell
from casework.models.meetings import Meeting
from casework.services.meeting.rows import CANCELLED, CLOSED, CONVENED, OPEN, PREPARED
from casework.services.meeting.views import Head
from casework.services.membership.teams import seats as positions
from casework.services.unit import Unit
from casework.services.views import Choice
from casework.wording import Wording, says

PREPARE = "meeting.prepare"
STATUSES: Mapping[str, Wording] = {
    PREPARED: says("en préparation"),
    CONVENED: says("convoquée"),
    OPEN: says("en séance"),
    CLOSED: says("close"),
    CANCELLED: says("annulée"),
}


def head(unit: Unit, meeting: Meeting, cell: Cell) -> Head:
    """A meeting without its agenda."""
    rules = unit.charter.meetings
    return Head(
        id=meeting.id,
        kind=kind_of(unit, meeting),
        status=status_of(meeting),
        nominative=meeting.nominative,
        cell=cell.name,
        cell_id=cell.id,
        starts_at=meeting.starts_at,
        place=meeting.place,
        sector=meeting.sector or "",
        caller=_label(rules.callers, meeting.caller),
        reason=_label(rules.reasons, meeting.reason),
        convened_at=meeting.convened_at,
    )


def _label(words: Mapping[str, Word], code: str | None) -> str:
    return words[code].label if code is not None and code in words else ""


def kind_of(unit: Unit, meeting: Meeting) -> Choice:
    """The kind of a meeting with its word."""
    return Choice(meeting.kind, unit.charter.meetings.kinds[meeting.kind].label)


def status_of(meeting: Meeting) -> Choice:
    """Where a meeting stands, with its word."""
    return Choice(meeting.status, STATUSES[meeting.status])


def prepares(unit: Unit, cell: Cell) -> bool:
    """Whether the actor prepares the meetings of this cell: its stewards and secretaries."""
    return unit.check(PREPARE, positions(unit, cell)).permitted


def cells_where(unit: Unit, cells: Iterable[Cell], action: str) -> list[Cell]:
    """Those of these cells where the actor may do this."""
    return [each for each in cells if unit.check(action, positions(unit, each)).permitted]
