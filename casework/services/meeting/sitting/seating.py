"""Seats: who is expected at a meeting, and who is not any more. Whoever comes is proposed the items that concern them."""

from collections.abc import Collection, Iterable

from casework.models.base import new_id
from casework.models.meetings import Meeting, Seat
from casework.services.meeting import giving
from casework.services.meeting.agenda.agenda_items import drop_seat, propose_concerned
from casework.services.meeting.people import Member
from casework.services.meeting.rows import CONFIRMED, items_of, seats_of
from casework.services.unit import Unit

EXPECTED, EXCUSED, REPLACED = "convened", "excused", "replaced"
"""Statuses of a seat before the meeting."""


def expect(unit: Unit, meeting: Meeting, user_ids: Iterable[str], members: dict[str, Member]) -> list[str]:
    """Seats for these people and the stewards, where they have none, and the items that concern them; whose are new."""
    places = {each.user_id: each for each in seats_of(unit, meeting.id)}
    wanted = [each for each in members.values() if each.id in set(user_ids) or each.steward]
    new = []
    for each in wanted:
        if each.id in places:
            continue
        seat = seat_for(each, meeting)
        unit.session.add(seat)
        new.append(seat)
    unit.session.flush()
    confirmed = [(item, dossier) for item, dossier in items_of(unit, meeting.id, walled=True) if item.status == CONFIRMED]
    if new and confirmed:
        propose_concerned(unit, confirmed, new, members)
    return [each.user_id for each in new if each.user_id]


def seat_for(member: Member, meeting: Meeting) -> Seat:
    """A place for a member of the cell."""
    return Seat(
        id=new_id(), version=1, meeting_id=meeting.id, user_id=member.id, institution_id=member.institution_id or None,
        profession=member.profession, status=EXPECTED,
    )  # fmt: skip


def release(unit: Unit, meeting: Meeting, keep: Collection[str]) -> list[str]:
    """Take away the seats of those who are not kept, deputies' with whom they were to replace; whose they were."""
    everybody, items = seats_of(unit, meeting.id), items_of(unit, meeting.id, walled=True)
    gone = [each for each in everybody if each.user_id and each.user_id not in keep and each.status in (EXPECTED, EXCUSED)]
    ids = {each.id for each in gone}
    gone += [each for each in everybody if each.replaces_id in ids and each.id not in ids]
    for seat in gone:
        giving.end_seat(unit, meeting, items, seat)
        drop_seat(unit, seat)
    unit.session.flush()
    return [each.user_id for each in gone if each.user_id]
