"""What the rings of a cell have in common: who may be chosen, who is in, and for how long."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import NotFound, UncertifiedKey
from casework.models.cells import Cell, Habilitation, RingMember
from casework.services.apart import serving
from casework.services.emergency.views import Candidate, TeamMember
from casework.services.keys.certificates import certified_people
from casework.services.membership.admissions import proven
from casework.services.membership.standing import alive
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.unit import Unit


def cell_of(unit: Unit, cell_id: str) -> Cell:
    """A cell I am in. Raises NotFound; a writing unit holds the row, so that two rings are not made at once."""
    cell = unit.session.get(Cell, cell_id, with_for_update=True) if unit.writes else unit.session.get(Cell, cell_id)
    if cell is None or cell.id not in unit.facts.cells:
        raise NotFound(unit.action)
    return cell


def seats(unit: Unit, cell: Cell) -> list[Situation]:
    """My positions in a cell, by signed habilitations."""
    roles = {each.role for each in unit.facts.admissions if each.cell_id == cell.id}
    return [unit.situation(role, cell.programme) for role in sorted(roles)]


def candidates(unit: Unit, cell: Cell, *asked: tuple[str, str, str], institution_id: str = "") -> tuple[Candidate, ...]:
    """Certified people habilitated in the cell whom the charter permits every one of these (action, position, kind) on an open dossier.

    institution_id: of one institution only.
    """
    query = select(Habilitation).where(Habilitation.cell_id == cell.id, alive(unit.now))
    rows = [each for each in unit.session.scalars(query) if proven(unit.session, unit.instance, each)]
    until = {each.user_id: each.until for each in sorted(rows, key=lambda each: each.until)}
    certified = certified_people(unit.session, unit.instance.anchor, until)
    people = professionals(unit.session, unit.instance.anchor, certified)
    found = []
    for user_id, each in certified.items():
        profession = each.claims["profession"]
        wanted = (unit.check(action, [Situation(profession, at, cell.programme, "open", kind)]).permitted for action, at, kind in asked)
        if (not institution_id or each.claims.get("institution") == institution_id) and all(wanted):
            person = people[user_id]
            found.append(Candidate(user_id, person.name, person.function, person.institution, until[user_id]))
    return tuple(sorted(found, key=lambda each: each.name))


def chosen(among: Iterable[Candidate], user_ids: Iterable[str]) -> list[Candidate] | None:
    """The candidates with these ids, or None when one of them is no candidate."""
    known, wanted = {each.id: each for each in among}, dict.fromkeys(user_ids)
    return [known[each] for each in wanted] if wanted.keys() <= known.keys() else None


def memberships(unit: Unit, epoch_id: str) -> list[RingMember]:
    """The people of a ring epoch whose time is not over, those who come later included."""
    query = select(RingMember).where(RingMember.epoch_id == epoch_id, RingMember.to_ring.is_(False))
    return [each for each in unit.session.scalars(query) if each.until is None or each.until > unit.now]


def members(unit: Unit, epoch_id: str) -> Iterator[TeamMember]:
    """The people of a ring epoch for the screen, by name."""
    rows = memberships(unit, epoch_id)
    people = professionals(unit.session, unit.instance.anchor, {each.holder_id for each in rows})
    for row in sorted(rows, key=lambda each: (people.get(each.holder_id, UNKNOWN).name, each.starts or unit.now)):
        person = people.get(row.holder_id, UNKNOWN)
        yield TeamMember(
            id=row.holder_id,
            name=person.name,
            function=person.function,
            institution=person.institution,
            starts=row.starts,
            until=row.until,
            serving=row.starts is None or row.starts <= unit.now,
            mine=row.holder_id == unit.actor.user_id,
        )


def serving_names(unit: Unit, epoch_id: str) -> tuple[str, ...]:
    """Names of the people of a ring epoch now."""
    query = select(RingMember.holder_id).where(RingMember.epoch_id == epoch_id, RingMember.to_ring.is_(False), serving(unit.now))
    try:
        people = professionals(unit.session, unit.instance.anchor, set(unit.session.scalars(query)))
    except UncertifiedKey:
        return ()
    return tuple(sorted(each.name for each in people.values()))
