"""Attendance, from one screen: who came, left, came back, is excused, is replaced by a deputy, or is a guest for one sitting.

While the meeting is open, keys follow: whoever is excused or replaced loses those of this meeting, a deputy gets those of the seat they
take. A guest has no account and no key; their name is sealed to the cell's members, their profession limits what is projected.
"""

import re
from collections.abc import Iterable, Mapping

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import InvalidInput, NotFound, UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.meetings import ItemSeat, Meeting, Seat
from casework.models.people import Institution, User
from casework.services import typed
from casework.services.access import linked
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting import access
from casework.services.meeting.rows import (
    COMING,
    CONFIRMED,
    CONVENED,
    OPEN,
    PRESENT,
    SETTLED,
    concerned,
    items_of,
    meeting_of,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting.opening import give_items
from casework.services.meeting.sitting.sitting_views import GuestDraft
from casework.services.membership import cell_ring
from casework.services.membership.admissions import certified_member
from casework.services.membership.standing import SECRETARY
from casework.services.typed import MAX_NAME
from casework.services.unit import Unit, writing
from casework.wording import says

ATTEND = "meeting.attend"
EXCUSED, REPLACED, LEFT = "excused", "replaced", "left"
STATES = (CONVENED, PRESENT, LEFT, EXCUSED)
"""What the sheet offers for each seat, in its order."""

GUEST_POSITION, ASSOCIATED = "guest", "associated"
REFERENCE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./-]{0,39}")
"""A reference stands in the clear: letters, figures and dashes, at least one figure; never a sentence."""


def keep(actor: Actor, meeting_id: str, chosen: Mapping[str, tuple[str, str]]) -> int:
    """Keep the sheet: seat id -> (state that stood on the form, state chosen); returns how many seats changed.

    Only what was changed on the form is changed here, so that two people at two screens lose nothing of each other's. Raises NotFound,
    InvalidInput for a state of no list.
    """
    with writing(actor, ATTEND) as unit:
        meeting, _ = _sitting(unit, meeting_id)
        if any(after not in STATES for _before, after in chosen.values()):
            raise InvalidInput({"form": says("Choisissez dans la liste.")})
        changed = []
        everybody = seats_of(unit, meeting.id)
        for seat in everybody:
            before, after = chosen.get(seat.id, ("", ""))
            if after in STATES and after not in (before, seat.status):
                _change(unit, seat, after)
                changed.append(seat)
        unit.session.flush()
        _follow(unit, meeting, everybody, changed)
        unit.trace.facts["seats"] = len(changed)
        return len(changed)


def leave(actor: Actor, meeting_id: str, seat_ids: Iterable[str]) -> None:
    """These leave the room now: what comes after is not read by them. Raises NotFound."""
    keep(actor, meeting_id, dict.fromkeys(seat_ids, (PRESENT, LEFT)))


def replace(actor: Actor, meeting_id: str, seat_id: str, user_id: str) -> None:
    """A habilitated member sits for somebody: they are concerned by the same items and get those keys; the one they replace loses them.

    Raises NotFound, or InvalidInput for somebody who is no member of the cell, or the very person.
    """
    with writing(actor, ATTEND) as unit:
        meeting, cell = _sitting(unit, meeting_id)
        everybody = seats_of(unit, meeting.id)
        replaced = next((each for each in everybody if each.id == seat_id and each.user_id), None)
        if replaced is None:
            raise NotFound(unit.action)
        deputy = next((each for each in everybody if each.user_id == user_id), None) or _new_seat(unit, meeting, cell, user_id)
        if deputy.id == replaced.id:
            raise InvalidInput({"deputy": says("Choisissez une autre personne que celle qui est remplacée.")})
        _take_over(unit, meeting, replaced, deputy)
        unit.session.flush()
        _follow(unit, meeting, seats_of(unit, meeting.id), [replaced, deputy])
        unit.trace.facts |= {"seat": replaced.id, "deputy": deputy.id}


def add_guest(actor: Actor, meeting_id: str, draft: GuestDraft) -> str:
    """Somebody sits in once, after signing the charter on paper; returns the seat's id. The same form twice makes one seat.

    Raises NotFound; InvalidInput with what is wrong, by field.
    """
    with writing(actor, ATTEND) as unit:
        meeting, cell = _sitting(unit, meeting_id)
        name, reference = _checked(unit, cell, draft)
        known = _seated_already(unit, meeting, draft, name, reference)
        if known is not None:
            return known.id
        seat = Seat(
            id=new_id(), meeting_id=meeting.id, institution_id=draft.institution or None, profession=draft.profession, status=PRESENT,
            arrived_at=unit.now, charter_reference=reference, charter_date=draft.charter_date, version=1,
        )  # fmt: skip
        seat.epoch_id, seat.name_sealed = cell_ring.seal(unit, cell.id, {"name": name}, table=Seat.__tablename__, row_id=seat.id)
        unit.session.add(seat)
        unit.session.flush()
        for item, dossier in items_of(unit, meeting.id):
            situation = Situation(seat.profession, GUEST_POSITION, dossier.programme, dossier.status, "identity")
            if item.id in draft.items and unit.check("compartment.read", [situation]).permitted:
                unit.session.add(ItemSeat(id=new_id(), item_id=item.id, seat_id=seat.id, origin=ASSOCIATED, version=1))
        unit.trace.facts["seat"] = seat.id
        return seat.id


def _seated_already(unit: Unit, meeting: Meeting, draft: GuestDraft, name: str, reference: str) -> Seat | None:
    """The guest's seat that this very form made."""
    keychain, wanted = Keychain(unit), (draft.profession, draft.institution, reference, draft.charter_date)
    for seat in seats_of(unit, meeting.id):
        same = wanted == (seat.profession, seat.institution_id or "", seat.charter_reference, seat.charter_date)
        if same and seat.name_sealed is not None and seat.epoch_id is not None and keychain.serves(seat.epoch_id):
            texts = cell_ring.open_text(unit, seat.epoch_id, seat.name_sealed, table=Seat.__tablename__, row_id=seat.id, keychain=keychain)
            if texts == {"name": name}:
                return seat
    return None


def guest_professions(unit: Unit, cell: Cell) -> list[str]:
    """Professions that may sit in as a guest: all that the programme lets be shown an item; in the order of the policies."""
    law = unit.charter.vocabulary.professions
    return [code for code in law if _may_be_guest(unit, cell, code)]


def _may_be_guest(unit: Unit, cell: Cell, profession: str) -> bool:
    asked = Situation(profession, GUEST_POSITION, cell.programme, "open", "identity")
    return unit.check("compartment.read", [asked]).permitted


def _sitting(unit: Unit, meeting_id: str) -> tuple[Meeting, Cell]:
    """A meeting that comes or is under way, for those who keep its sheet. Raises NotFound."""
    meeting, cell = meeting_of(unit, meeting_id, *COMING, OPEN)
    require_in(unit, cell)
    return meeting, cell


def _change(unit: Unit, seat: Seat, state: str) -> None:
    if state == PRESENT:
        seat.arrived_at, seat.left_at = unit.now, None
    elif state == LEFT:
        seat.left_at = unit.now
    else:
        seat.arrived_at = seat.left_at = None
    seat.status, seat.version = state, seat.version + 1


def _follow(unit: Unit, meeting: Meeting, everybody: list[Seat], changed: Iterable[Seat]) -> None:
    """While the meeting is open, let the keys of these seats follow what they are now."""
    if meeting.status != OPEN:
        return
    agenda = [(item, dossier) for item, dossier in items_of(unit, meeting.id, walled=True) if item.status in (CONFIRMED, SETTLED)]
    gone = [seat.user_id for seat in changed if seat.user_id and seat.status in (EXCUSED, REPLACED)]
    if gone:
        for item, _ in agenda:
            access.end_item(unit, meeting, item, among=gone)
    back = {seat.id for seat in changed if seat.status in (PRESENT, CONVENED)}
    if back and _keeps(unit):
        unit.trace.facts["boxes"] = give_items(unit, meeting, agenda, everybody, only=back)


def _keeps(unit: Unit) -> bool:
    """Whether the actor holds keys that can be given: a secretary keeps the sheet and gives none."""
    return unit.actor.profession != SECRETARY


def _new_seat(unit: Unit, meeting: Meeting, cell: Cell, user_id: str) -> Seat:
    try:
        person = certified_member(unit.session, unit.instance, cell.id, user_id, unit.now)
    except UncertifiedKey:
        person = None
    if person is None:
        raise InvalidInput({"deputy": says("Choisissez un membre habilité de la cellule.")})
    user = unit.session.get_one(User, user_id)
    seat = Seat(
        id=new_id(), meeting_id=meeting.id, user_id=user_id, institution_id=user.institution_id, profession=person.claims["profession"],
        version=0,
    )  # fmt: skip
    unit.session.add(seat)
    return seat


def _take_over(unit: Unit, meeting: Meeting, replaced: Seat, deputy: Seat) -> None:
    replaced.status, replaced.arrived_at, replaced.left_at, replaced.version = REPLACED, None, None, replaced.version + 1
    deputy.replaces_id, deputy.version = replaced.id, deputy.version + 1
    if deputy.version == 1 or meeting.status == OPEN:
        deputy.status = PRESENT if meeting.status == OPEN else CONVENED
        deputy.arrived_at, deputy.left_at = (unit.now if meeting.status == OPEN else None), None
    unit.session.flush()
    agenda = items_of(unit, meeting.id, walled=True)
    wanted = concerned(unit, [item for item, _ in agenda])
    for item, dossier in agenda:
        here = wanted[item.id]
        if replaced.id in here and deputy.id not in here and deputy.user_id not in linked(unit, dossier.id):
            unit.session.add(ItemSeat(id=new_id(), item_id=item.id, seat_id=deputy.id, origin=CONVENED, version=1))


def _checked(unit: Unit, cell: Cell, draft: GuestDraft) -> tuple[str, str]:
    """A guest's name and the reference of their charter, cleaned. Raises InvalidInput with every problem at once."""
    name, reference = typed.clean(draft.name), typed.clean(draft.charter_reference)
    problems = {"name": typed.problem(name, MAX_NAME)}
    if draft.profession not in guest_professions(unit, cell):
        problems["profession"] = says("Choisissez une profession de la liste.")
    known = select(Institution.id).where(Institution.id == draft.institution)
    if draft.institution and unit.session.scalar(known) is None:
        problems["institution"] = says("Choisissez une institution de la liste.")
    if not REFERENCE.fullmatch(reference):
        problems["charter_reference"] = says(
            "Indiquez la référence de la charte signée : lettres, chiffres et tirets, par exemple CH-2026-14."
        )
    if draft.charter_date is None or draft.charter_date > unit.now.date():
        problems["charter_date"] = says("Indiquez le jour de la signature, aujourd’hui ou avant.")
    found = {field: sentence for field, sentence in problems.items() if sentence}
    if found:
        raise InvalidInput(found)
    return name, reference
