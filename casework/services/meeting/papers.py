"""What a meeting needs on paper: agenda by number, blank decision sheet, attendance sheet. Printing leaves a leaf like any answer."""

from collections.abc import Callable

from sqlalchemy import func, select

from casework.charter import agree
from casework.errors import NotFound, TamperedError
from casework.models.cells import Cell
from casework.models.meetings import Item, Meeting, Point, Seat
from casework.models.people import Institution
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting import rows
from casework.services.meeting.decisions import minutes
from casework.services.meeting.decisions.outcome_views import MinutesView
from casework.services.meeting.paper_views import AttendanceList, BlankDecisions, MeetingHead, PaperAgenda, PaperGuest, PaperItem, PaperSeat
from casework.services.membership import cell_ring
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.unit import Unit, reading

PREPARE, ATTEND = "meeting.prepare", "meeting.attend"
CHANNEL = {"channel": "pdf"}
"""What the leaf of a printed answer says beside the rest."""

SPARE_SEATS = 3
"""Lines for those who come without having been convened."""

Printing = Callable[[Actor, str], PaperAgenda | BlankDecisions | AttendanceList]
"""A verb of this module: who asks, and for which meeting."""

AWAY = frozenset({"excused", "replaced", "absent"})


def agenda(actor: Actor, meeting_id: str) -> PaperAgenda:
    """The agenda by number, for whoever prepares the meeting. Raises NotFound for everybody else."""
    with reading(actor, PREPARE) as unit:
        meeting, cell = _opened(unit, meeting_id)
        points = unit.session.scalar(select(func.count()).select_from(Point).where(Point.meeting_id == meeting.id)) or 0
        return PaperAgenda(head_of(unit, meeting, cell), _items(unit, meeting), points)


def blank_decisions(actor: Actor, meeting_id: str) -> BlankDecisions:
    """A decision sheet by number, to fill in where there is no network. Raises NotFound for whoever does not prepare the meeting."""
    with reading(actor, PREPARE) as unit:
        meeting, cell = _opened(unit, meeting_id)
        outcomes = tuple(agree(each.label, "n") for each in unit.charter.meetings.outcomes.values())
        seats = len(_expected(rows.seats_of(unit, meeting.id))) + SPARE_SEATS
        return BlankDecisions(head_of(unit, meeting, cell), _items(unit, meeting), outcomes, seats)


def attendance(actor: Actor, meeting_id: str) -> AttendanceList:
    """Who is expected, for whoever keeps the attendance; no dossier. Raises NotFound for everybody else."""
    with reading(actor, ATTEND) as unit:
        meeting, cell = _opened(unit, meeting_id)
        expected = _expected(rows.seats_of(unit, meeting.id))
        people = professionals(unit.session, unit.instance.anchor, {seat.user_id for seat in expected if seat.user_id})
        known = [people.get(seat.user_id, UNKNOWN) for seat in expected if seat.user_id]
        seats = sorted((PaperSeat(each.name, each.function, each.institution) for each in known), key=lambda each: each.name)
        guests = [seat for seat in expected if seat.user_id is None]
        return AttendanceList(head_of(unit, meeting, cell), tuple(seats), _guests(unit, guests))


def releve(actor: Actor, meeting_id: str) -> MinutesView:
    """My relevé de décisions, as its page shows it. Raises NotFound for whoever has none."""
    return minutes.read(actor, meeting_id, channel=CHANNEL["channel"])


def head_of(unit: Unit, meeting: Meeting, cell: Cell) -> MeetingHead:
    """What heads every sheet of a meeting."""
    kind = unit.charter.meetings.kinds[meeting.kind].label
    return MeetingHead(meeting.id, cell.name, agree(kind, "n"), meeting.sector or "", meeting.starts_at, meeting.place, unit.now)


def _opened(unit: Unit, meeting_id: str) -> tuple[Meeting, Cell]:
    meeting, cell = rows.meeting_of(unit, meeting_id)
    rows.require_in(unit, cell)
    unit.trace.facts.update(CHANNEL)
    return meeting, cell


def _items(unit: Unit, meeting: Meeting) -> tuple[PaperItem, ...]:
    """What was put on the agenda; a proposal is not on it yet."""
    found = [(item, dossier) for item, dossier in rows.items_of(unit, meeting.id) if item.status != rows.PROPOSED]
    for _, dossier in found:
        unit.trace.show(dossier.number)
    return tuple(PaperItem(order, dossier.number, _informed(unit, item)) for order, (item, dossier) in enumerate(found, 1))


def _informed(unit: Unit, item: Item) -> str:
    word = unit.charter.meetings.informed.get(item.informed or "")
    return agree(word.label, "n") if word else ""


def _expected(everybody: list[Seat]) -> list[Seat]:
    return [seat for seat in everybody if seat.status not in AWAY]


def _guests(unit: Unit, guests: list[Seat]) -> tuple[PaperGuest, ...]:
    houses = {row.id: row.name for row in unit.session.execute(select(Institution.id, Institution.name))}
    words, keychain = unit.charter.vocabulary.professions, Keychain(unit)
    return tuple(
        PaperGuest(
            _name(unit, seat, keychain),
            agree(words[seat.profession].label, "n") if seat.profession in words else seat.profession,
            houses.get(seat.institution_id or "", ""),
            seat.charter_reference or "",
            seat.charter_date,
        )
        for seat in guests
    )


def _name(unit: Unit, seat: Seat, keychain: Keychain) -> str:
    """A guest's name; empty, to be written by hand, where it does not open."""
    if seat.name_sealed is None or seat.epoch_id is None:
        return ""
    try:
        return cell_ring.open_text(unit, seat.epoch_id, seat.name_sealed, table=Seat.__tablename__, row_id=seat.id, keychain=keychain)[
            "name"
        ]
    except (NotFound, TamperedError, KeyError):
        return ""
