"""The attendance sheet as it is shown: everybody's place, guests by name for the cell's members, and what its forms offer."""

from collections.abc import Iterable

from sqlalchemy import select

from casework.charter import agree
from casework.models.cells import Cell
from casework.models.meetings import Item, Meeting, Seat
from casework.models.people import Institution
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting.rows import (
    COMING,
    CONVENED,
    OPEN,
    PRESENT,
    in_the_room,
    items_of,
    meeting_of,
    require_in,
    seats_of,
)
from casework.services.meeting.sitting import attendance
from casework.services.meeting.sitting.sitting_views import Place, Sheet, Stop
from casework.services.membership import cell_ring
from casework.services.membership.teams import candidates
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.reasons import choice
from casework.services.terms import PARIS
from casework.services.unit import Unit, reading
from casework.services.views import Choice
from casework.wording import says

STATES = {
    CONVENED: says("{Attendue|Attendu|Attendu·e}"),
    PRESENT: says("{Présente|Présent|Présent·e}"),
    attendance.LEFT: says("{Partie|Parti|Parti·e}"),
    attendance.EXCUSED: says("{Excusée|Excusé|Excusé·e}"),
    attendance.REPLACED: says("{Remplacée|Remplacé|Remplacé·e}"),
    "absent": says("{Absente|Absent|Absent·e}"),
}


def read(actor: Actor, meeting_id: str) -> Sheet:
    """The sheet of a meeting that comes or is under way, for those who keep it. Raises NotFound."""
    with reading(actor, attendance.ATTEND) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING, OPEN)
        require_in(unit, cell)
        everybody = seats_of(unit, meeting.id)
        words = unit.charter.vocabulary
        return Sheet(
            meeting=meeting.id,
            kind=agree(unit.charter.meetings.kinds[meeting.kind].label, "n"),
            cell=cell.name,
            status=meeting.status,
            starts_at=meeting.starts_at,
            opened_at=meeting.opened_at,
            states=tuple(Choice(code, agree(STATES[code], "n")) for code in attendance.STATES),
            places=places(unit, everybody),
            present=len(in_the_room(everybody)),
            deputies=_deputies(unit, cell, everybody),
            professions=tuple(choice(words.professions, code) for code in attendance.guest_professions(unit, cell)),
            institutions=tuple(Choice(each.id, each.name) for each in unit.session.scalars(select(Institution).order_by(Institution.name))),
            items=tuple(stop(meeting, item, place, dossier.number) for place, (item, dossier) in enumerate(items_of(unit, meeting.id), 1)),
            today=unit.now.astimezone(PARIS).date(),
        )


def places(unit: Unit, everybody: list[Seat]) -> tuple[Place, ...]:
    """Everybody's place, by name. Raises TamperedError for a guest's name that was moved or changed."""
    people = professionals(unit.session, unit.instance.anchor, [seat.user_id for seat in everybody if seat.user_id])
    houses = {row.id: row.name for row in unit.session.execute(select(Institution.id, Institution.name))}
    guests = guest_names(unit, everybody)
    names = {seat.id: people.get(seat.user_id, UNKNOWN).name if seat.user_id else guests[seat.id] for seat in everybody}
    found = [_place(unit, seat, people.get(seat.user_id or ""), names, houses, everybody) for seat in everybody]
    return tuple(sorted(found, key=lambda each: each.name))


def guest_names(unit: Unit, everybody: Iterable[Seat]) -> dict[str, str]:
    """Seat id -> name of each guest, opened through the cell's ring; for whoever is not in it, that it is a guest."""
    keychain = Keychain(unit)
    found = {}
    for seat in everybody:
        if seat.user_id is None:
            found[seat.id] = _guest_name(unit, seat, keychain)
    return found


def _guest_name(unit: Unit, seat: Seat, keychain: Keychain) -> str:
    if seat.epoch_id is None or seat.name_sealed is None or not keychain.serves(seat.epoch_id):
        return agree(says("{Invitée|Invité|Invité·e}"), "n")
    return cell_ring.open_text(unit, seat.epoch_id, seat.name_sealed, table=Seat.__tablename__, row_id=seat.id, keychain=keychain)["name"]


def _place(
    unit: Unit, seat: Seat, person: Professional | None, names: dict[str, str], houses: dict[str, str], everybody: list[Seat]
) -> Place:
    gender = person.gender if person else "n"
    professions = unit.charter.vocabulary.professions
    deputy = next((each for each in everybody if each.replaces_id == seat.id), None)
    return Place(
        id=seat.id,
        name=names[seat.id],
        function=person.function if person else agree(professions[seat.profession].label, "n"),
        institution=houses.get(seat.institution_id or "", ""),
        state=Choice(seat.status, agree(STATES[seat.status], gender)),
        arrived_at=seat.arrived_at,
        left_at=seat.left_at,
        guest=seat.user_id is None,
        instead=names.get(seat.replaces_id or "", "") or (names[deputy.id] if deputy else ""),
    )


def stop(meeting: Meeting, item: Item, place: int, number: str) -> Stop:
    """A place on the agenda as paper has it."""
    return Stop(item.id, place, number, item.status, item.id == meeting.current_item_id, item.called_at is not None)


def _deputies(unit: Unit, cell: Cell, everybody: list[Seat]) -> tuple[Choice, ...]:
    """Members who may be shown items and are not there already."""
    there = {seat.user_id for seat in in_the_room(everybody)}
    found = candidates(unit, cell, ("compartment.read", "convened", "identity"))
    return tuple(Choice(each.id, f"{each.name} — {each.institution}") for each in found if each.id not in there)
