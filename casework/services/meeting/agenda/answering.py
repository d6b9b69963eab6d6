"""Before the meeting, by those who are convened: what they know of their items, and that they cannot come."""

from collections.abc import Mapping

from casework.errors import NotFound
from casework.models.cells import Cell
from casework.models.meetings import ItemSeat, Meeting, Seat
from casework.services import terms
from casework.services.access import find, linked
from casework.services.actor import Actor
from casework.services.attention.alerts import people_in, tell
from casework.services.meeting import giving, notes, people
from casework.services.meeting.access import CONVENED_TITLE
from casework.services.meeting.people import Member
from casework.services.meeting.rows import (
    CONFIRMED,
    CONVENED,
    concerned,
    hold_agenda,
    item_of,
    items_of,
    meeting_of,
    my_seat,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting.seating import EXCUSED, EXPECTED, REPLACED, seat_for
from casework.services.membership.standing import STEWARD
from casework.services.unit import Unit, writing
from casework.services.views import Choice
from casework.wording import says

READ, CONVENE = "meeting.read", "meeting.convene"
EXCUSES, DEPUTY = "meeting_excused", "meeting_convened"


def answer(actor: Actor, meeting_id: str, item_id: str, code: str) -> None:
    """Answer one of my items. Raises as `answer_all`."""
    answer_all(actor, meeting_id, {item_id: code})


def answer_all(actor: Actor, meeting_id: str, answers: Mapping[str, str]) -> None:
    """Say of my items (id -> code) whether I know the situation; changeable until the meeting begins. For those who keep them alone.

    Raises NotFound, and keeps none, for an item that is not mine, or not mine yet; InvalidInput for an answer outside the list.
    """
    with writing(actor, "meeting.answer") as unit:
        meeting, _ = meeting_of(unit, meeting_id, CONVENED)
        seat = _mine(unit, meeting, EXPECTED)
        hold_agenda(unit, meeting)
        known = all(code in unit.charter.meetings.answers for code in answers.values())
        for item_id, code in answers.items():
            item, dossier = item_of(unit, meeting, item_id)
            if item.status != CONFIRMED or seat.id not in concerned(unit, [item])[item.id]:
                raise NotFound(unit.action)
            held = find(unit, dossier.number)
            by_this = {box.title for boxes in held.boxes.values() for box in boxes if box.reference == meeting.id}
            unit.require(held.situations(titles=frozenset(by_this & {CONVENED_TITLE})))
            terms.refuse({"answer": None if known else says("Choisissez l’une des trois réponses.")})
            notes.answer(unit, meeting, item, dossier, code)


def excuse(actor: Actor, meeting_id: str, deputy_id: str = "") -> None:
    """Say that I cannot come, and propose a colleague of my institution; my keys of this meeting end at once. The stewards are told.

    Raises NotFound without a seat of mine, InvalidInput for a deputy who cannot be one.
    """
    with writing(actor, READ) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED)
        require_in(unit, cell)
        seat = _mine(unit, meeting, EXPECTED, EXCUSED)
        able = {each.id for each in deputies(unit, meeting, cell)}
        terms.refuse({"deputy": None if not deputy_id or deputy_id in able else says("Choisissez une personne de la liste.")})
        seat.status, seat.proposed_id, seat.version = EXCUSED, deputy_id or None, seat.version + 1
        giving.end_seat(unit, meeting, items_of(unit, meeting.id, walled=True), seat)
        tell(unit, people_in(unit, cell.id, STEWARD), EXCUSES, reference=meeting.id)


def come(actor: Actor, meeting_id: str) -> None:
    """I can come after all. My keys come back when a steward next opens the meeting. Said twice, it is said once. Raises NotFound."""
    with writing(actor, READ) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED)
        require_in(unit, cell)
        seat = _mine(unit, meeting, EXCUSED, EXPECTED)
        if seat.status == EXPECTED:
            return
        seat.status, seat.proposed_id, seat.version = EXPECTED, None, seat.version + 1
        tell(unit, people_in(unit, cell.id, STEWARD), EXCUSES, reference=meeting.id)


def settle_deputy(actor: Actor, meeting_id: str, seat_id: str, *, accepted: bool) -> None:
    """Accept the deputy whom somebody proposes, who sits for their items, or decline. What is settled stays as it is.

    Raises NotFound for anybody but a steward.
    """
    with writing(actor, CONVENE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, CONVENED)
        require_in(unit, cell)
        absent = next((each for each in seats_of(unit, meeting.id) if each.id == seat_id), None)
        if absent is None or absent.status not in (EXCUSED, REPLACED):
            raise NotFound(unit.action)
        if absent.status == REPLACED or absent.proposed_id is None:
            return
        deputy, absent.proposed_id = absent.proposed_id, None
        absent.status, absent.version = REPLACED if accepted else EXCUSED, absent.version + 1
        if accepted:
            _replace(unit, meeting, cell, absent, deputy)


def _replace(unit: Unit, meeting: Meeting, cell: Cell, absent: Seat, deputy_id: str) -> None:
    """The deputy's seat, and whom it concerns. Raises NotFound for somebody who left the cell meanwhile."""
    members = people.members(unit, cell)
    if deputy_id not in members:
        raise NotFound(unit.action)
    seat = next((each for each in seats_of(unit, meeting.id) if each.user_id == deputy_id), None)
    if seat is None:
        seat = seat_for(members[deputy_id], meeting)
        unit.session.add(seat)
    else:
        seat.version += 1
    seat.replaces_id = absent.id
    unit.session.flush()
    rows = items_of(unit, meeting.id, walled=True)
    by_item = concerned(unit, [item for item, _ in rows])
    for item, dossier in rows:
        shown = members[deputy_id].reads and deputy_id not in linked(unit, dossier.id)
        if shown and absent.id in by_item[item.id] and seat.id not in by_item[item.id]:
            unit.session.add(ItemSeat(version=1, item_id=item.id, seat_id=seat.id, origin="convened"))
    giving.settle(unit, meeting, cell, members)
    tell(unit, [deputy_id], DEPUTY, reference=meeting.id)


def deputies(unit: Unit, meeting: Meeting, cell: Cell) -> list[Member]:
    """Members of the cell, of my institution, who have no seat at this meeting."""
    taken = {each.user_id for each in seats_of(unit, meeting.id)}
    everybody = people.members(unit, cell).values()
    return [each for each in everybody if each.institution_id == unit.actor.institution_id and each.id not in taken and not each.steward]


def described(member: Member) -> Choice:
    """A member as a choice of a list."""
    return Choice(member.id, f"{member.name}, {member.function}")


def _mine(unit: Unit, meeting: Meeting, *statuses: str) -> Seat:
    """My own seat, in one of these statuses. Raises NotFound."""
    seat = my_seat(unit, meeting.id)
    if seat is None or seat.status not in statuses:
        raise NotFound(unit.action)
    return seat
