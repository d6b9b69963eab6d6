"""Seats as screens show them."""

from casework.models.cells import Cell
from casework.models.meetings import Meeting, Seat
from casework.services.meeting import people
from casework.services.meeting.rows import seats_of
from casework.services.meeting.views import SeatLine
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.unit import Unit


def seat_lines(unit: Unit, meeting: Meeting, cell: Cell) -> tuple[SeatLine, ...]:
    """Everybody who was convened, by institution and name, each with their deputy; guests are not convened."""
    everybody = [each for each in seats_of(unit, meeting.id) if each.user_id]
    names = professionals(
        unit.session, unit.instance.anchor, {user for each in everybody for user in (each.user_id, each.proposed_id) if user}
    )
    members = people.members(unit, cell)
    deputies = {each.replaces_id: each for each in everybody if each.replaces_id}

    def line(seat: Seat) -> SeatLine:
        person, member = names.get(seat.user_id or "", UNKNOWN), members.get(seat.user_id or "")
        deputy = deputies.get(seat.id)
        instead = deputy.user_id if deputy else seat.proposed_id
        return SeatLine(
            id=seat.id, name=person.name, function=person.function, institution=person.institution, status=seat.status,
            mine=seat.user_id == unit.actor.user_id, deputy=names.get(instead, UNKNOWN).name if instead else "",
            proposed=seat.proposed_id is not None, reached_at=seat.reached_at,
            reachable=bool(member and member.email), steward=bool(member and member.steward),
        )  # fmt: skip

    lines = [line(each) for each in everybody]
    return tuple(sorted(lines, key=lambda each: (each.institution, each.name)))
