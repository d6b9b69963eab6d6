"""The duty ring of a cell: at most five named people on call. What it keeps opens inside an accès urgent and nowhere else.

Each composition is a new secret: the steward seals `identity` and `confidential` of the dossiers under way to it from keys of their own,
and nobody keeps the secret for others. In domestic violence it is the association's own duty, and whoever composes it while serving in the
ring that keeps `safety` seals that too. Source: design §4 (accès urgent).
"""

from collections.abc import Sequence

from sqlalchemy import select

from casework.models.cells import Cell, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.access import Held, find
from casework.services.actor import Actor
from casework.services.emergency.views import Candidate, DutyPage, TeamLine
from casework.services.keys import rings
from casework.services.keys.certificates import DUTY_RING, SERVICE, current_epoch, on_call, user_holder
from casework.services.keys.compartments import ring_for
from casework.services.keys.keychain import DUTY
from casework.services.membership.service_rings import MAKE as MAKE_SERVICE
from casework.services.membership.teams import candidates, cell_of, chosen, members, seats, serving_names
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

COMPOSE = "ring.duty"
MOST = 5
UNDER_WAY = ("received", "open")


def mine(actor: Actor) -> tuple[TeamLine, ...]:
    """My cells, with the team of my service and who is on call. Raises NotFound when I am in none."""
    with reading(actor, MAKE_SERVICE) as unit:
        found = unit.session.scalars(select(Cell).where(Cell.id.in_(unit.facts.cells)).order_by(Cell.name)).all()
        lines = tuple(line for each in found if (line := _line(unit, each)).may_team or line.may_duty)
        unit.require(situation for each in found for situation in seats(unit, each))
        unit.trace.hits = len(lines)
        return lines


def _line(unit: Unit, cell: Cell) -> TeamLine:
    service = select(RingEpoch.id).join(Ring, Ring.id == RingEpoch.ring_id).order_by(RingEpoch.number.desc()).limit(1)
    here = service.where(Ring.kind == SERVICE, Ring.cell_id == cell.id, Ring.institution_id == unit.actor.institution_id)
    team, duty = unit.session.scalar(here), current_epoch(unit.session, DUTY_RING, cell.id)
    return TeamLine(
        cell=Choice(cell.id, cell.name),
        team=team is not None,
        may_team=unit.check(MAKE_SERVICE, seats(unit, cell)).permitted,
        may_duty=unit.check(COMPOSE, seats(unit, cell)).permitted,
        members=serving_names(unit, team) if team is not None else (),
        on_call=serving_names(unit, duty.id) if duty is not None else (),
    )


def page(actor: Actor, cell_id: str) -> DutyPage:
    """Who is on call in a cell, and who may be. Raises NotFound for anybody but its stewards."""
    with reading(actor, COMPOSE) as unit:
        cell = cell_of(unit, cell_id)
        unit.require(seats(unit, cell))
        unit.trace.facts["cell"] = cell.id
        epoch = current_epoch(unit.session, DUTY_RING, cell.id)
        return DutyPage(
            cell=Choice(cell.id, cell.name),
            programme=unit.charter.programmes[cell.programme].label,
            members=tuple(members(unit, epoch.id)) if epoch is not None else (),
            candidates=_eligible(unit, cell),
            most=MOST,
        )


def compose(actor: Actor, cell_id: str, user_ids: Sequence[str]) -> None:
    """Name who is on call in a cell from now on: these people and nobody else, at most five; none switches it off.

    Raises NotFound for anybody but a steward, InvalidInput for too many, or somebody the charter does not let open an accès urgent.
    """
    with writing(actor, COMPOSE) as unit:
        cell = cell_of(unit, cell_id)
        unit.require(seats(unit, cell))
        people = chosen(_eligible(unit, cell), user_ids)
        wrong = None if people is not None else says("Choisissez des membres de la cellule que la charte laisse ouvrir un accès urgent.")
        if people is not None and len(people) > MOST:
            wrong = says("Cinq personnes au plus peuvent être d’astreinte : vous en avez choisi %(count)s.", count=len(people))
        refuse({"people": wrong})
        former = _epochs(unit, cell.id)
        epoch = _next(unit, cell, people or [])
        _seal(unit, cell)
        _leave(unit, former, {each.id for each in people or ()})
        unit.trace.facts |= {"cell": cell.id, "ring": epoch.ring_id, "members": len(people or ())}


def still_on_call(unit: Unit, cell_id: str, epoch: RingEpoch) -> list[rings.Seat]:
    """The places of those who were on call by the signed composition of this epoch and still may be: for a new secret after a departure."""
    named = on_call(unit.session, unit.instance.anchor, epoch)
    staying = [each for each in _eligible(unit, cell_of(unit, cell_id)) if each.id in named]
    return [rings.Seat(user_holder(unit.session, unit.instance.anchor, each.id), each.until) for each in staying]


def _eligible(unit: Unit, cell: Cell) -> tuple[Candidate, ...]:
    return candidates(unit, cell, ("urgent.open", DUTY, "none"), ("urgent.read", DUTY, "none"), ("compartment.read", DUTY, "identity"))


def _epochs(unit: Unit, cell_id: str) -> list[str]:
    query = select(RingEpoch.id).join(Ring, Ring.id == RingEpoch.ring_id).where(Ring.kind == DUTY_RING, Ring.cell_id == cell_id)
    return list(unit.session.scalars(query))


def _next(unit: Unit, cell: Cell, people: Sequence[Candidate]) -> RingEpoch:
    places = [(user_holder(unit.session, unit.instance.anchor, each.id), each.until) for each in people]
    newest = current_epoch(unit.session, DUTY_RING, cell.id)
    if newest is None:
        return rings.make(unit, DUTY_RING, cell.id, places)
    return rings.next_epoch(unit, unit.session.get_one(Ring, newest.ring_id), [rings.Seat(*each) for each in places])


def _seal(unit: Unit, cell: Cell) -> None:
    """Boxes for the new secret, in place of those for the former ones, wherever I hold the key. A dossier I am linked to is left alone."""
    mine = Dossier.id.not_in(unit.apart.reasons)
    under_way = select(Dossier.number).where(Dossier.cell_id == cell.id, Dossier.status.in_(UNDER_WAY), mine)
    for number in unit.session.scalars(under_way.order_by(Dossier.number)).all():
        held = find(unit, number)
        for compartment in held.compartments:
            content = held.key(compartment, action="compartment.keep")
            if content is not None:
                rings.give_standing(unit, held.dossier, compartment, content)
                _drop(held, compartment)


def _drop(held: Held, compartment: Compartment) -> None:
    """The boxes of former secrets. A dossier with its own reduced duty, after a conflict of interest, keeps that one."""
    unit, kept = held.unit, ring_for(held.unit, held.dossier, DUTY_RING)
    for box in unit.session.scalars(select(Box).where(Box.compartment_id == compartment.id, Box.title == DUTY)):
        if kept is None or box.holder_id != kept.id:
            unit.session.delete(box)
    unit.trace.show(held.dossier.number, compartment.kind)


def _leave(unit: Unit, epochs: Sequence[str], staying: set[str]) -> None:
    """Whoever is not on call any more leaves the former secrets as well; those that no box needs are left by everybody."""
    unit.session.flush()
    needed = set(unit.session.scalars(select(Box.holder_id).where(Box.holder_id.in_(epochs))))
    for row in unit.session.scalars(select(RingMember).where(RingMember.epoch_id.in_(epochs))):
        if row.holder_id not in staying or row.epoch_id not in needed:
            unit.session.delete(row)
