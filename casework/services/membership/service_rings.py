"""The ring of one institution's service in a cell: it keeps `safety`, its members stand in for each other from date to date.

Source: design §4 (rings), charter article 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound, TamperedError
from casework.models.cells import Cell, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.actor import Actor
from casework.services.emergency.views import Candidate, TeamPage
from casework.services.keys import boxes, epochs, rings
from casework.services.keys.certificates import SERVICE, Holder, newest_epoch, ring_holder, user_holder
from casework.services.keys.keychain import PARTNER, Keychain, check_member_mac
from casework.services.membership.teams import candidates, cell_of, chosen, members, memberships, seats
from casework.services.terms import LONGEST, PARIS, end_of, refuse
from casework.services.unit import Unit, reading, writing
from casework.services.views import Choice
from casework.wording import says

MAKE = "ring.service"
STAND_IN = "ring.stand_in"
TURN = "ring.turn"
FEWEST = 2
"""A compartment with a single living holder is an alarm: so is a team of one."""


def page(actor: Actor, cell_id: str) -> TeamPage:
    """The team of my institution's service in a cell, and the colleagues who may come in. Raises NotFound."""
    with reading(actor, MAKE) as unit:
        cell = cell_of(unit, cell_id)
        ring, inside = _ring(unit, cell.id), False
        epoch = newest_epoch(unit.session, ring.id) if ring is not None else None
        if epoch is not None:
            inside = epoch.id in Keychain(unit).holders
        unit.require([*seats(unit, cell), *([unit.situation(SERVICE, cell.programme)] if inside else [])])
        unit.trace.facts["cell"] = cell.id
        return TeamPage(
            cell=Choice(cell.id, cell.name),
            institution=actor.institution,
            made=ring is not None,
            inside=inside,
            members=tuple(members(unit, epoch.id)) if epoch is not None else (),
            candidates=_colleagues(unit, cell),
            today=unit.now.astimezone(PARIS).date(),
        )


def make(actor: Actor, cell_id: str, user_ids: Sequence[str]) -> str:
    """Make the ring of my institution's service in a cell: these colleagues and me. Returns its id.

    Raises NotFound for whoever may not, InvalidInput for somebody of another institution or not habilitated here, fewer than two people,
    or a service that has its ring.
    """
    with writing(actor, MAKE) as unit:
        cell = cell_of(unit, cell_id)
        unit.require(seats(unit, cell))
        among = _colleagues(unit, cell)
        people = chosen(among, [actor.user_id, *user_ids])
        wrong: str | None = None
        if _ring(unit, cell.id) is not None:
            wrong = says("Votre service a déjà son équipe dans cette cellule.")
        elif people is None:
            wrong = says("Choisissez des collègues de votre institution, membres habilités de la cellule.")
        elif len(people) < FEWEST:
            wrong = says("Choisissez au moins une ou un collègue : à deux, rien ne se perd.")
        refuse({"people": wrong})
        holders = [(_holder(unit, each), each.until) for each in people or ()]
        epoch = rings.make(unit, SERVICE, cell.id, holders, institution_id=actor.institution_id)
        unit.trace.facts |= {"cell": cell.id, "ring": epoch.ring_id, "members": len(holders)}
        return epoch.ring_id


def stand_in(actor: Actor, cell_id: str, user_id: str, starts: date, until: date) -> None:
    """Bring a colleague into my service's ring from a day to a day, both included. It ends by itself.

    Raises NotFound unless I am in that ring now, InvalidInput for somebody of another institution, not habilitated here until then, who
    is in the ring already, or days in the wrong order.
    """
    with writing(actor, STAND_IN) as unit:
        team = _mine(unit, cell_id)
        person = _colleague(unit, team, user_id)
        first, last = _midnight(starts), end_of(until).astimezone(UTC)
        refuse(_wrong_days(unit, starts, first, last))
        _leave_if_over(unit, team, user_id)
        if last > person.until:
            refuse({"until": says("Son habilitation dans la cellule prend fin avant cette date : choisissez une date plus proche.")})
        rings.add_member(unit, team.epoch.id, team.secret, _holder(unit, person), last, starts=first)
        unit.trace.facts |= {"cell": team.cell.id, "ring": team.ring.id, "account": user_id}


def remove(actor: Actor, cell_id: str, user_id: str) -> None:
    """End somebody's membership of my service's ring. The ring gets a new secret, and what was sealed to the former one is sealed to it.

    What the person had opened stays known to them; compartments wait for a new key version (`epochs.move`). Raises NotFound unless I and
    they are in the ring, InvalidInput when fewer than two permanent members would stay.
    """
    with writing(actor, MAKE) as unit:
        team = _mine(unit, cell_id)
        rows = memberships(unit, team.epoch.id)
        staying = [each for each in rows if each.holder_id != user_id]
        if len(staying) == len(rows):
            raise NotFound(unit.action)
        leaves_few = len([each for each in staying if each.starts is None]) < FEWEST
        refuse({"person": says("Il resterait moins de deux personnes : désignez d’abord qui prend la suite.") if leaves_few else None})
        _turn(unit, team, staying)
        _leave_reduced(unit, team, user_id)
        unit.trace.facts |= {"cell": team.cell.id, "ring": team.ring.id, "ended": user_id}


def join(actor: Actor, cell_id: str, user_id: str) -> None:
    """Bring a colleague into my service's ring for as long as they are habilitated in the cell. Raises as `stand_in`."""
    with writing(actor, MAKE) as unit:
        team = _mine(unit, cell_id)
        person = _colleague(unit, team, user_id)
        _leave_if_over(unit, team, user_id)
        rings.add_member(unit, team.epoch.id, team.secret, _holder(unit, person), person.until)
        unit.trace.facts |= {"cell": team.cell.id, "ring": team.ring.id, "account": user_id}


def turn_after(actor: Actor, cell_id: str) -> None:
    """Give my service's ring a new secret after somebody it reached left the cell, for those who stay. Raises as `remove`; what is sealed
    to the former secret is moved dossier by dossier (`turnover.turn_keys`)."""
    with writing(actor, TURN) as unit:
        team, here = _mine(unit, cell_id), epochs.inside(unit, cell_id)
        if epochs.outlived(unit, team.epoch, here):
            staying = [each for each in memberships(unit, team.epoch.id) if each.holder_id in here]
            _keep_received(unit, team, epochs.turn(unit, team.epoch, _places(unit, team, staying), secret=team.secret))
        unit.trace.facts |= {"cell": team.cell.id, "ring": team.ring.id}


def served(unit: Unit, cell_id: str) -> RingEpoch | None:
    """The newest secret of the ring of the actor's institution in a cell."""
    ring = _ring(unit, cell_id)
    return newest_epoch(unit.session, ring.id) if ring is not None else None


@dataclass(frozen=True, slots=True)
class _Team:
    """A ring I serve in now, with its secret."""

    cell: Cell
    ring: Ring
    epoch: RingEpoch
    secret: bytes
    keychain: Keychain


def _mine(unit: Unit, cell_id: str) -> _Team:
    """My service's ring, when I am in it and my membership opens. Raises NotFound otherwise, TamperedError for a forged membership."""
    cell = cell_of(unit, cell_id)
    ring = _ring(unit, cell.id)
    epoch = newest_epoch(unit.session, ring.id) if ring is not None else None
    keychain = Keychain(unit)
    if ring is None or epoch is None or epoch.id not in keychain.holders:
        raise NotFound(unit.action)
    secret = keychain.ring_secret(epoch.id)
    ring_holder(unit.session, unit.instance.anchor, epoch)  # nothing is given under a ring that somebody planted
    unit.require([unit.situation(SERVICE, cell.programme), *seats(unit, cell)])
    return _Team(cell, ring, epoch, secret, keychain)


def _ring(unit: Unit, cell_id: str) -> Ring | None:
    query = select(Ring).where(Ring.kind == SERVICE, Ring.cell_id == cell_id, Ring.institution_id == unit.actor.institution_id)
    return unit.session.scalars(query.where(Ring.dossier_id.is_(None)).order_by(Ring.id)).first()


def _colleagues(unit: Unit, cell: Cell) -> tuple[Candidate, ...]:
    """Of my institution, habilitated here, whom the charter lets serve: compose such a team and read `safety`."""
    asked = (("ring.service", SERVICE, "none"), ("compartment.read", SERVICE, "safety"))
    return candidates(unit, cell, *asked, institution_id=unit.actor.institution_id)


def _colleague(unit: Unit, team: _Team, user_id: str) -> Candidate:
    people = chosen(_colleagues(unit, team.cell), [user_id])
    if not people:
        raise InvalidInput({"person": says("Choisissez une ou un collègue de votre institution, membre habilité de la cellule.")})
    return people[0]


def _holder(unit: Unit, person: Candidate) -> Holder:
    return user_holder(unit.session, unit.instance.anchor, person.id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=PARIS).astimezone(UTC)


def _wrong_days(unit: Unit, starts: date, first: datetime, last: datetime) -> dict[str, str | None]:
    today = unit.now.astimezone(PARIS).date()
    found: dict[str, str | None] = {"starts": says("Cette date est passée.") if starts < today else None}
    if last <= first:
        found["until"] = says("Le dernier jour vient avant le premier.")
    elif last > first + LONGEST:
        found["until"] = says("Un remplacement dure un an au plus.")
    return found


def _leave_if_over(unit: Unit, team: _Team, user_id: str) -> None:
    """Forget a membership that is over; raise InvalidInput for one that is not."""
    for row in unit.session.scalars(select(RingMember).where(RingMember.epoch_id == team.epoch.id, RingMember.holder_id == user_id)):
        over = row.until is not None and row.until <= unit.now
        refuse({"person": None if over else says("Cette personne est déjà dans l’équipe, ou y entre bientôt.")})
        unit.session.delete(row)
    unit.session.flush()


def _turn(unit: Unit, team: _Team, staying: Sequence[RingMember]) -> None:
    """A new secret for those who stay, each as long as before, and every box of the service sealed to it.

    Raises TamperedError for a membership that nobody of the ring gave.
    """
    fresh = epochs.turn(unit, team.epoch, _places(unit, team, staying), secret=team.secret)
    holder = ring_holder(unit.session, unit.instance.anchor, fresh)
    query = (
        select(Box, Compartment, Dossier.number)
        .join(Compartment, Compartment.id == Box.compartment_id)
        .join(Dossier, Dossier.id == Compartment.dossier_id)
        .where(Box.holder_id == team.epoch.id)
    )
    for box, compartment, number in unit.session.execute(query).all():
        epochs.move(unit, team.keychain, box, compartment, holder)
        unit.trace.show(number, compartment.kind)
    for row in unit.session.scalars(select(RingMember).where(RingMember.epoch_id == team.epoch.id, RingMember.to_ring.is_(False))):
        unit.session.delete(row)


def _keep_received(unit: Unit, team: _Team, fresh: RingEpoch) -> None:
    """Seal to the new secret what the service received from dossiers it does not keep (orientations, of whatever cell).

    A stray box stays where it is: it opens nothing, and hinders no other.
    """
    holder = ring_holder(unit.session, unit.instance.anchor, fresh)
    query = select(Box, Compartment, Dossier.number).join(Compartment, Compartment.id == Box.compartment_id)
    received = query.join(Dossier, Dossier.id == Compartment.dossier_id).where(Box.holder_id == team.epoch.id, Box.title == PARTNER)
    for box, compartment, number in unit.session.execute(received).all():
        try:
            content = team.keychain.open(box, compartment)
        except TamperedError:
            continue
        boxes.give(unit, compartment, content, holder, PARTNER, reference=box.reference, until=box.until)
        unit.session.delete(box)
        unit.trace.show(number, compartment.kind)


def _places(unit: Unit, team: _Team, staying: Sequence[RingMember]) -> list[rings.Seat]:
    for row in staying:
        check_member_mac(team.secret, row)  # a row that somebody wrote must not become a seat
    return [rings.Seat(user_holder(unit.session, unit.instance.anchor, row.holder_id), row.until, row.starts) for row in staying]


def _leave_reduced(unit: Unit, team: _Team, user_id: str) -> None:
    """Whoever leaves the service leaves the rings that were made of it for one dossier, after a conflict of interest."""
    query = select(RingMember).join(RingEpoch, RingEpoch.id == RingMember.epoch_id).join(Ring, Ring.id == RingEpoch.ring_id)
    here = (Ring.kind == SERVICE) & (Ring.cell_id == team.cell.id) & (Ring.institution_id == team.ring.institution_id)
    for row in unit.session.scalars(query.where(here, RingMember.holder_id == user_id)):
        unit.session.delete(row)
