"""Calling the items of a meeting, one at a time: nothing of an item is opened before, and each call says who was there.

`call` sets the item that the room is at; `look` shows it, records it as read by everybody present for it, and leaves the leaf: a page
that is loaded again calls nothing. Source: domain 2.20 (who saw), decision 4.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from casework.charter import agree
from casework.errors import InvalidInput, NotFound
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Seat
from casework.services.access import Held, apart_from, find, linked
from casework.services.actor import Actor
from casework.services.meeting import access, notes
from casework.services.meeting.agenda import subjects
from casework.services.meeting.rows import (
    CONFIRMED,
    OPEN,
    SETTLED,
    WITHDRAWN,
    concerned,
    in_the_room,
    item_of,
    items_of,
    meeting_of,
    my_seat,
    require_in,
    seats_of,
    users_of,
)
from casework.services.meeting.sitting import looking_on, projection, screen, sheet
from casework.services.meeting.sitting.opening import give_items
from casework.services.meeting.sitting.seating import EXCUSED, REPLACED
from casework.services.meeting.sitting.sitting_views import Following, Sitting, Stop
from casework.services.membership.standing import SECRETARY, STEWARD
from casework.services.offices.people import professionals
from casework.services.unit import Unit, reading, writing
from casework.wording import says

SHOW, CONDUCT, FOLLOW = "meeting.show", "meeting.attend", "meeting.read"
CALLABLE = (CONFIRMED, SETTLED)
ASSOCIATED = "associated"
FORBIDDEN = says("La charte ne permet pas d’associer cette personne à ce dossier.")


def call(actor: Actor, meeting_id: str, item_id: str) -> None:
    """The room comes to this item. Those concerned who lack the keys of this meeting get them. Raises NotFound."""
    with writing(actor, SHOW) as unit:
        _come_to(unit, meeting_id, item_id)


def call_and_look(actor: Actor, meeting_id: str, item_id: str) -> Sitting:
    """`call`, then `look`, in one step and one leaf: for a page that fetches the next file itself. Raises NotFound."""
    with writing(actor, SHOW) as unit:
        meeting, item, held = _come_to(unit, meeting_id, item_id)
        unit.session.flush()
        return _sitting(unit, meeting, held.cell, (held, item))


def _come_to(unit: Unit, meeting_id: str, item_id: str) -> tuple[Meeting, Item, Held]:
    meeting, item, held = _called(unit, meeting_id, item_id)
    if item.status not in CALLABLE:
        raise NotFound(unit.action)
    if meeting.current_item_id != item.id:
        meeting.current_item_id, meeting.version = item.id, meeting.version + 1
        item.called_at, item.version = unit.now, item.version + 1  # each call has its own hearings
    _complete(held, meeting, item)
    return meeting, item, held


def call_place(actor: Actor, meeting_id: str, place: int) -> None:
    """The room comes to the item at this place of the agenda, counted from 1. Raises NotFound, or InvalidInput for no such place."""
    with reading(actor, CONDUCT) as unit:
        meeting, cell = meeting_of(unit, meeting_id, OPEN)
        require_in(unit, cell)
        agenda = [item.id for item, _ in items_of(unit, meeting.id) if item.status in CALLABLE]
    if not 1 <= place <= len(agenda):
        raise InvalidInput({"place": says("Ce point n’est pas à l’ordre du jour.")})
    call(actor, meeting_id, agenda[place - 1])


def look(actor: Actor, meeting_id: str) -> Sitting:
    """The room's screen: the agenda by number and, once an item was called, as much of it as everybody there may see.

    Recorded as read by each of them. Raises NotFound for whoever does not conduct this meeting.
    """
    if not _at_an_item(actor, meeting_id):
        with reading(actor, CONDUCT) as unit:
            meeting, cell = meeting_of(unit, meeting_id, OPEN)
            require_in(unit, cell)
            return _sitting(unit, meeting, cell, None)
    with writing(actor, SHOW) as unit:
        meeting, cell = meeting_of(unit, meeting_id, OPEN)
        item, dossier = item_of(unit, meeting, meeting.current_item_id or "")
        held = find(unit, dossier.number)
        unit.require(held.situations())
        return _sitting(unit, meeting, cell, (held, item))


def keep_to_number(actor: Actor, meeting_id: str, item_id: str, *, only: bool = True) -> None:
    """Show the number and the question of this item and no more, whoever is there; or everything again. Raises NotFound."""
    with writing(actor, SHOW) as unit:
        _, item, _ = _called(unit, meeting_id, item_id)
        item.shown, item.version = (projection.NUMBER if only else projection.ALL), item.version + 1


def associate(actor: Actor, meeting_id: str, item_id: str, seat_id: str) -> None:
    """Somebody in the room is associated to an item, as far as the charter lets their profession be: a recorded act.

    They get the keys of this meeting. Raises NotFound, or InvalidInput for somebody whom the charter keeps out or who has a personal link.
    """
    with writing(actor, SHOW) as unit:
        meeting, item, held = _called(unit, meeting_id, item_id)
        everybody = seats_of(unit, meeting.id)
        seat = next((each for each in in_the_room(everybody) if each.id == seat_id), None)
        if seat is None:
            raise NotFound(unit.action)
        if not projection.present(held, [seat], ())[0].may:
            raise InvalidInput({"seat": FORBIDDEN})
        if seat.id not in concerned(unit, [item])[item.id]:
            unit.session.add(ItemSeat(id=new_id(), item_id=item.id, seat_id=seat.id, origin=ASSOCIATED, version=1))
            unit.session.flush()
        give_items(unit, meeting, [(item, held.dossier)], everybody, only={seat.id})
        unit.trace.facts["seat"] = seat.id


def withdraw(actor: Actor, meeting_id: str, item_id: str) -> None:
    """An item leaves the agenda during the meeting: what this meeting gave of it ends at once, and nothing else. Raises NotFound."""
    with writing(actor, SHOW) as unit:
        meeting, item, _ = _called(unit, meeting_id, item_id)
        item.status, item.withdrawn_at, item.version = WITHDRAWN, unit.now, item.version + 1
        if meeting.current_item_id == item.id:
            meeting.current_item_id, meeting.version = None, meeting.version + 1
        unit.trace.facts["ended"] = access.end_item(unit, meeting, item)
        notes.forget(unit, item)


def way_back(actor: Actor, meeting_id: str) -> str:
    """Where the actor works on this meeting: `screen`, `sheet`, or nowhere once it is over. Shows nothing, so it leaves no leaf."""
    with actor.instance.database.reading() as session:
        unit = Unit(actor, CONDUCT, session)
        found = session.get(Meeting, meeting_id)
        if found is None or found.status != OPEN:
            return ""
        if found.cell_id in unit.facts.cells_as(STEWARD):
            return "screen"
        return "sheet" if found.cell_id in unit.facts.cells_as(SECRETARY) else ""


def follow(actor: Actor, meeting_id: str) -> Following:
    """The meeting on a member's own device: the number on the screen, and whether that dossier is theirs to open. Raises NotFound."""
    with reading(actor, FOLLOW) as unit:
        meeting, cell = meeting_of(unit, meeting_id, OPEN)
        require_in(unit, cell)
        seat = my_seat(unit, meeting.id)
        if seat is None:
            raise NotFound(unit.action)
        agenda = [(item, dossier) for item, dossier in items_of(unit, meeting.id) if item.status in CALLABLE]
        here = next(((place, *each) for place, each in enumerate(agenda, 1) if each[0].id == meeting.current_item_id), None)
        place, item, dossier = here or (0, None, None)
        there = seat.status not in (EXCUSED, REPLACED)
        mine = there and item is not None and seat.id in concerned(unit, [item])[item.id] and item.dossier_id not in apart_from(unit)
        number = dossier.number if mine and dossier is not None else ""
        kind = agree(unit.charter.meetings.kinds[meeting.kind].label, "n")
        return Following(meeting.id, kind, cell.name, meeting.status, number, place, len(agenda), mine)


def _called(unit: Unit, meeting_id: str, item_id: str) -> tuple[Meeting, Item, Held]:
    """An item of an open meeting, for whoever conducts it. Raises NotFound."""
    meeting, _ = meeting_of(unit, meeting_id, OPEN)
    item, dossier = item_of(unit, meeting, item_id)
    held = find(unit, dossier.number)
    unit.require(held.situations())
    return meeting, item, held


def _at_an_item(actor: Actor, meeting_id: str) -> bool:
    """Whether the meeting has come to an item: decides which action is asked for, and shows nothing."""
    with actor.instance.database.reading() as session:
        return session.scalar(select(Meeting.current_item_id).where(Meeting.id == meeting_id)) is not None


def _complete(held: Held, meeting: Meeting, item: Item) -> None:
    """Give the keys of this meeting to those concerned who hold none: somebody came back, or the item was added."""
    unit, everybody = held.unit, seats_of(held.unit, meeting.id)
    wanted = set(users_of(everybody, concerned(unit, [item])[item.id])) - linked(unit, held.dossier.id) - {unit.actor.user_id}
    lacking = wanted - access.full_holders(unit, meeting, held.dossier)
    if lacking:
        seats = {seat.id for seat in everybody if seat.user_id in lacking}
        give_items(unit, meeting, [(item, held.dossier)], everybody, only=seats)


def _sitting(unit: Unit, meeting: Meeting, cell: Cell, here: tuple[Held, Item] | None) -> Sitting:
    everybody = seats_of(unit, meeting.id)
    room = in_the_room(everybody)
    agenda = [(item, dossier) for item, dossier in items_of(unit, meeting.id) if item.status in CALLABLE]
    stops = tuple(_stops(meeting, agenda))
    place = next((each.place for each in stops if each.current), 0)
    shown = None
    if here is not None:
        held, item = here
        who = concerned(unit, [item])[item.id]
        found = projection.cut_for(held, item, room, who)
        looking_on.hear(held, item, found.kinds, found.heard, room)
        shown = screen.projected(held, item, found, place, everybody)
    unit.trace.facts["present"] = len(room)
    return Sitting(
        meeting=meeting.id,
        kind=agree(unit.charter.meetings.kinds[meeting.kind].label, "n"),
        cell=cell.name,
        nominative=meeting.nominative,
        status=meeting.status,
        opened_at=meeting.opened_at,
        stops=stops,
        present=len(room),
        names=_names(unit, room) if here is None else (),
        item=shown,
        previous=next((each.item for each in stops if each.place == place - 1), ""),
        following=next((each.item for each in stops if each.place == place + 1), ""),
        subjects=subjects.of(unit, meeting),
    )


def _names(unit: Unit, room: Sequence[Seat]) -> tuple[str, ...]:
    """Who is there, by name."""
    people = professionals(unit.session, unit.instance.anchor, {seat.user_id for seat in room if seat.user_id})
    guests = sheet.guest_names(unit, [seat for seat in room if not seat.user_id])
    return tuple(sorted([*(each.name for each in people.values()), *guests.values()]))


def _stops(meeting: Meeting, agenda: Iterable[tuple[Item, Dossier]]) -> Iterable[Stop]:
    return (sheet.stop(meeting, item, place, dossier.number) for place, (item, dossier) in enumerate(agenda, 1))
