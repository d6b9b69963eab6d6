"""Appointments: a slot taken for a dossier of mine or for somebody without one, then kept, missed, moved or cancelled.

Any member of the service may say what became of an appointment, also of one whose person is reserved to others: whoever is kept apart
from a dossier must not be told apart from whoever simply does not hold it. The leaf of an act names the slot's row and not the dossier:
side by side they would write in the clear the link that the row seals. The week or the page that shows a number says so in a leaf that
names no slot.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.permanences import Permanence, Slot
from casework.services import terms, typed
from casework.services.access import find
from casework.services.actor import Actor
from casework.services.permanence import linking, showing, times
from casework.services.permanence.linking import Link
from casework.services.permanence.teams import KEEP, READ, Team, permanence_of, teams
from casework.services.permanence.views import AppointmentPage, BookingDraft, BookingPage, FreeSlot, SlotView
from casework.services.unit import Unit, reading, writing
from casework.wording import says

BOOKED, ATTENDED, MISSED, MOVED, CANCELLED = "booked", "attended", "missed", "moved", "cancelled"
ENGAGED = (BOOKED, ATTENDED, MISSED)
"""States in which somebody has the slot; in the others it is free again and its link is gone."""
MAX_WORDS = 40
OFFERED_DAYS, OFFERED = 28, 240
"""How far ahead a move is offered, and how many slots."""
STALE = says("Ce rendez-vous a changé entre-temps : regardez où il en est.")


def prepare(actor: Actor, permanence_id: str, starts_at: datetime) -> BookingPage:
    """A free slot to come, for the form. Raises NotFound for one that does not exist, is over, or is of another service."""
    with reading(actor, KEEP) as unit:
        row, _team = permanence_of(unit, teams(unit), permanence_id)
        _check_slot(unit, row, starts_at)
        return BookingPage(times.view(row), _free_view(unit, row, starts_at))


def book(actor: Actor, permanence_id: str, starts_at: datetime, draft: BookingDraft) -> str:
    """Take a slot; returns the appointment's id.

    Raises NotFound for a slot that does not exist, is over, or is of another service; InvalidInput when somebody was faster, for a dossier
    that I may not open (alike for one that does not exist) or that another cell follows, and unless one of number and word is given.
    """
    with writing(actor, KEEP) as unit:
        row, team = permanence_of(unit, teams(unit), permanence_id)
        _check_slot(unit, row, starts_at)
        link = _link(unit, team, draft)
        slot = _take(unit, row, starts_at)
        linking.seal(team, slot, link)
        return slot.id


def read(actor: Actor, slot_id: str) -> AppointmentPage:
    """One appointment, and where it can be moved to. Raises NotFound for a slot that is free again or of another service."""
    with reading(actor, READ) as unit:
        found = teams(unit)
        slot, row, team = _engaged(unit, found, slot_id)
        shown = showing.views(unit, [(slot, row, team)])[slot.id]
        return AppointmentPage(times.view(row), shown, _offered(unit, team) if slot.state == BOOKED else ())


def attend(actor: Actor, slot_id: str, *, came: bool, seen: int) -> datetime:
    """Say that the person came, or did not; saying otherwise corrects it. Returns when the appointment was. seen: the version shown.

    Raises NotFound, InvalidInput for a stale version and before its time.
    """
    with writing(actor, KEEP) as unit:
        slot, _row, team = _held(unit, slot_id, seen, ENGAGED)
        early = slot.starts_at > unit.now
        terms.refuse({"form": says("Ce rendez-vous n’a pas encore commencé.") if early else None})
        _set(unit, team, slot, ATTENDED if came else MISSED, linking.open_link(team, slot))
        return slot.starts_at


def cancel(actor: Actor, slot_id: str, *, seen: int) -> datetime:
    """Free the slot; who it was for is forgotten. Raises as `attend`."""
    with writing(actor, KEEP) as unit:
        slot, _row, team = _held(unit, slot_id, seen, (BOOKED,))
        linking.open_link(team, slot)  # what was touched behind our back is not quietly thrown away
        _set(unit, team, slot, CANCELLED, None)
        return slot.starts_at


def move(actor: Actor, slot_id: str, permanence_id: str, starts_at: datetime, *, seen: int) -> str:
    """Give the person another slot of the same cell; the former is free again. Returns the new appointment's id.

    Raises NotFound as `book`, InvalidInput for a stale version and a slot that somebody took.
    """
    with writing(actor, KEEP) as unit:
        target, there = _target(unit, slot_id, permanence_id)
        slot, _row, team = _held(unit, slot_id, seen, (BOOKED,))
        _check_slot(unit, target, starts_at)
        if there.cell.id != team.cell.id:
            raise NotFound(unit.action)
        link = linking.open_link(team, slot)
        fresh = _take(unit, target, starts_at, field="slot")
        linking.seal(team, fresh, link)
        _set(unit, team, slot, MOVED, None, to=fresh.id)
        return fresh.id


def _link(unit: Unit, team: Team, draft: BookingDraft) -> Link:
    """What the slot is linked to. Raises InvalidInput."""
    number, words = draft.number.strip(), typed.clean(draft.words)
    if bool(number) == bool(words):
        field = "words" if number else "number"
        terms.refuse(
            {field: says("Un numéro de dossier ou un mot, pas les deux.") if number else says("Donnez un numéro de dossier, ou un mot.")}
        )
    if words:
        terms.refuse({"words": typed.problem(words, MAX_WORDS)})
        return Link(words=words)
    return Link(number=_openable(unit, team, number))


def _openable(unit: Unit, team: Team, number: str) -> str:
    try:
        held = find(unit, number)
    except NotFound:
        held = None
    identity = held.compartment("identity") if held is not None else None
    if held is None or identity is None or held.readable(identity)[1] is None or not held.verdict("dossier.open").permitted:
        terms.refuse({"number": says("Ce numéro n’est celui d’aucun dossier que vous ouvrez.")})
        raise NotFound(unit.action)
    if held.cell.id != team.cell.id:
        terms.refuse({"number": says("Une autre cellule suit ce dossier. Choisissez une permanence de cette cellule, ou écrivez un mot.")})
    unit.trace.dossiers.pop(number, None)  # see above: the leaf must not write the link in the clear
    return number


def _take(unit: Unit, row: Permanence, starts_at: datetime, *, field: str = "form") -> Slot:
    """The slot's row, booked by the actor and not yet sealed. The permanence's row is held: two people at once come here in turn."""
    query = select(Slot).where(Slot.permanence_id == row.id, Slot.starts_at == starts_at)
    slot = unit.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if slot is None:
        slot = Slot(id=new_id(), version=1, permanence_id=row.id, starts_at=starts_at, minutes=row.minutes)
        unit.session.add(slot)
    elif slot.state in ENGAGED:
        terms.refuse({field: says("Ce créneau vient d’être pris : choisissez-en un autre.")})
    else:
        slot.version += 1
    slot.state, slot.moved_to_id, slot.author_id, slot.updated_at = BOOKED, None, unit.actor.user_id, unit.now
    return slot


def _set(unit: Unit, team: Team, slot: Slot, state: str, link: Link | None, *, to: str | None = None) -> None:
    """A new state; the link is sealed again over it, or gone."""
    slot.state, slot.moved_to_id, slot.author_id, slot.updated_at = state, to, unit.actor.user_id, unit.now
    slot.version += 1
    if link is None:
        slot.link = slot.epoch_id = None
    else:
        linking.seal(team, slot, link)


def _target(unit: Unit, slot_id: str, permanence_id: str) -> tuple[Permanence, Team]:
    """The permanence that an appointment moves to. Both are held, in the order of their ids: two moves at once wait in turn."""
    found = teams(unit)
    here = unit.session.scalar(select(Slot.permanence_id).where(Slot.id == slot_id))
    both = {each: permanence_of(unit, found, each) for each in sorted({here or "", permanence_id})}
    return both[permanence_id]


def _check_slot(unit: Unit, row: Permanence, starts_at: datetime) -> None:
    day = starts_at.astimezone(terms.PARIS).date()
    if starts_at not in times.slots(row, day) or not times.bookable(row, starts_at, unit.now):
        raise NotFound(unit.action)


def _engaged(unit: Unit, found: dict[str, Team], slot_id: str) -> tuple[Slot, Permanence, Team]:
    """An appointment to look at. Raises NotFound."""
    slot, row, team = _slot(unit, found, slot_id)
    if slot.state not in ENGAGED:
        raise NotFound(unit.action)
    return slot, row, team


def _held(unit: Unit, slot_id: str, seen: int, states: tuple[str, ...]) -> tuple[Slot, Permanence, Team]:
    """An appointment to change. Whoever saw another version, or acts on what is over, is told."""
    slot, row, team = _slot(unit, teams(unit), slot_id)
    terms.refuse({"form": STALE if slot.version != seen or slot.state not in states else None})
    return slot, row, team


def _slot(unit: Unit, found: dict[str, Team], slot_id: str) -> tuple[Slot, Permanence, Team]:
    """A slot's row with its permanence, which is held first, as `book` does: nobody waits for each other in a circle."""
    place = unit.session.scalar(select(Slot.permanence_id).where(Slot.id == slot_id))
    if place is None:
        raise NotFound(unit.action)
    row, team = permanence_of(unit, found, place)
    return unit.session.get_one(Slot, slot_id, with_for_update=True if unit.writes else None, populate_existing=True), row, team


def _offered(unit: Unit, team: Team) -> tuple[FreeSlot, ...]:
    rows = showing.permanences(unit, {team.cell.id: team})
    first = times.today(unit.now)
    begin, end = times.midnight(first), times.midnight(first + timedelta(days=OFFERED_DAYS))
    taken = showing.engaged(unit, [each.id for each in rows], begin, end)
    days = [first + timedelta(days=each) for each in range(OFFERED_DAYS)]
    free = [
        FreeSlot(times.view(row), at)
        for day in days
        for row in rows
        for at in times.slots(row, day)
        if at > unit.now and (row.id, at) not in taken
    ]
    return tuple(sorted(free, key=lambda each: (each.starts_at, each.permanence.place))[:OFFERED])


def _free_view(unit: Unit, row: Permanence, starts_at: datetime) -> SlotView:
    return SlotView(row.id, times.order(row, starts_at), starts_at, row.minutes, "free", started=starts_at <= unit.now, bookable=True)
