"""Conflict of interest, and the wall: a gate in the clear, at once; then the next keeper makes a reduced ring and turns the keys.

Source: charter, article 12; domain 3.18 (the perpetrator or relatives who are users).
"""

from collections.abc import Iterator

from sqlalchemy import select

from casework.errors import CaseworkError, InvalidInput
from casework.models.base import new_id
from casework.models.cells import Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Conflict, Dossier
from casework.models.people import User
from casework.services import apart
from casework.services.access import OWNED, Held, find, linked
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.dossier.dossier_page import person_of
from casework.services.keys import epochs, rings, turning
from casework.services.keys.certificates import (
    ELECTED_RING,
    SERVICE,
    STEWARDS,
    current_epoch,
    newest_epoch,
    ring_holder,
    user_holder,
)
from casework.services.keys.compartments import keepers, reaches, ring_for
from casework.services.keys.keychain import Keychain, check_member_mac
from casework.services.keys.rings import Seat
from casework.services.membership.admissions import member, proven
from casework.services.membership.standing import ELECTED, STEWARD, alive
from casework.services.offices.people import professionals
from casework.services.sharing.views import Person, Withdrawal
from casework.services.unit import Unit, reading, writing
from casework.wording import says

WITHDRAW = "dossier.withdraw"
SETTLE = "conflict.settle"
DECLARED = "conflict"
UNSETTLED = "conflict_unsettled"
WALLED = "wall"
FOLLOWED = ("received", "open", "closed")
OWN_RINGS = {STEWARD: STEWARDS, ELECTED: ELECTED_RING}
"""Roles of a cell, and the ring that a dossier may have of its own for each."""


def prepare(actor: Actor, number: str) -> Withdrawal:
    """What the confirmation page says. Raises NotFound, alike for unknown and forbidden."""
    with reading(actor, WITHDRAW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        others = set(_stewards(unit, held.cell.id)) - linked(unit, held.dossier.id) - {actor.user_id}
        return Withdrawal(
            number=number,
            person=person,
            leads=held.dossier.lead_id == actor.user_id,
            keeps=STEWARD in held.titles,
            alone=not others,
            members=tuple(_others(held)) if STEWARD in held.titles else (),
        )


def withdraw(actor: Actor, number: str) -> None:
    """« Lien personnel ? Je me retire. » The dossier is closed to the actor at once; there is no way back on their own."""
    with writing(actor, WITHDRAW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        shut(held, actor.user_id)


def declare_for(actor: Actor, number: str, username: str) -> None:
    """A steward keeps a member of the cell out of a dossier. Raises InvalidInput for somebody who is no member."""
    with writing(actor, WITHDRAW) as unit:
        held = find(unit, number)
        unit.require(held.situations(titles=held.titles & {STEWARD}))
        person = member(unit.session, unit.instance, held.cell.id, username, unit.now)
        if person is None:
            raise InvalidInput({"username": says("Choisissez un membre de la cellule.")})
        unit.trace.facts["holder"] = person.subject
        shut(held, person.subject)


def settle(actor: Actor, number: str) -> None:
    """Make the rings of this dossier anew without whoever has a personal link, and turn its keys. Again is harmless."""
    with writing(actor, SETTLE) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        gone = linked(unit, held.dossier.id)
        if SERVICE in held.titles and _service_reaches(unit, held.dossier, gone):
            _reduce_service(held, gone)
        if STEWARD in held.titles:
            _as_steward(held, gone)


def settle_pending(actor: Actor) -> int:
    """Settle every dossier that waits for a keeper like the actor; returns how many were. One query when nobody is kept out of any.

    Called after every sign-in. A dossier that cannot be settled leaves its own line in the ledger and hinders nobody.
    """
    done = 0
    for number in _waiting(actor):
        try:
            settle(actor, number)
        except CaseworkError:
            continue
        done += 1
    return done


def _waiting(actor: Actor) -> list[str]:
    """Numbers of the dossiers that the actor could settle now. Shows nothing and so leaves no leaf."""
    with actor.instance.database.reading() as session:
        linked_here = select(Dossier.id).where(Dossier.id.in_(apart.watched()), Dossier.status.in_(FOLLOWED))
        if session.scalar(linked_here.limit(1)) is None:
            return []
        unit = Unit(actor, SETTLE, session)
        if unit.facts.signed != unit.charter.text_version:
            return []
        mine = unit.apart.reasons
        dossiers = session.scalars(
            select(Dossier).where(Dossier.id.in_(linked_here), Dossier.id.not_in(mine), Dossier.cell_id.in_(unit.facts.cells))
        ).all()
        holders = frozenset(Keychain(unit).holders)
        return sorted(each.number for each in dossiers if _waits_for(unit, each, holders))


def _waits_for(unit: Unit, dossier: Dossier, holders: frozenset[str]) -> bool:
    """Whether a dossier that somebody is kept out of waits for this keeper: keys to turn, a service ring to make, a steward to seat."""
    gone = linked(unit, dossier.id)
    epoch = newest_epoch(unit.session, dossier.service_ring_id) if dossier.service_ring_id else None
    if epoch is not None and epoch.id in holders and _reaches(unit, dossier, epoch, gone):
        return True
    kept = keepers(unit, dossier)
    if dossier.cell_id not in unit.facts.cells_as(STEWARD) or kept is None or kept.id not in holders:
        return False
    unsettled = select(Conflict.id).where(Conflict.dossier_id == dossier.id, Conflict.settled_at.is_(None)).limit(1)
    elected = ring_for(unit, dossier, ELECTED_RING)
    reached = any(each is not None and _reaches(unit, dossier, each, gone) for each in (kept, elected))
    return unit.session.scalar(unsettled) is not None or reached or any(_unseated(unit, dossier, role, gone) for role in OWN_RINGS)


def _reaches(unit: Unit, dossier: Dossier, epoch: RingEpoch, gone: frozenset[str]) -> bool:
    """Whether a ring reached somebody with a personal link or, for one made for this dossier alone, somebody who left the cell since.

    The cell's own rings turn by themselves (`membership.turnover`).
    """
    reduced = unit.session.get_one(Ring, epoch.ring_id).dossier_id == dossier.id
    left = reduced and epochs.outlived(unit, epoch, epochs.inside(unit, dossier.cell_id))
    return left or reaches(unit.session, epoch.id, gone)


def _unseated(unit: Unit, dossier: Dossier, role: str, gone: frozenset[str]) -> set[str]:
    """Of a reduced ring of this dossier: who may sit in it and does not, admitted since or kept out no longer."""
    reduced = current_epoch(unit.session, OWN_RINGS[role], dossier.cell_id, dossier.id)
    if reduced is None:
        return set()
    seated = set(unit.session.scalars(select(RingMember.holder_id).where(RingMember.epoch_id == reduced.id)))
    return set(epochs.admitted(unit, dossier.cell_id, role)) - gone - seated


def shut(held: Held, user_id: str, *, origin: str = apart.DECLARED, author: str | None = None) -> None:
    """The gate, and what goes with it: their boxes, their charge, and word to those who keep the dossier, without a name. Once.

    origin, author: a personal link that was said, or a wall and who set it. The caller has required an action.
    """
    unit, dossier = held.unit, held.dossier
    if unit.session.scalar(select(Conflict.id).where(Conflict.dossier_id == dossier.id, Conflict.user_id == user_id)) is not None:
        return
    unit.session.add(
        Conflict(
            id=new_id(), version=1, dossier_id=dossier.id, user_id=user_id, declared_at=unit.now, origin=origin, author_id=author
        )
    )  # fmt: skip
    _take_boxes(unit, dossier, user_id)
    unit.session.flush()
    others = set(_stewards(unit, dossier.cell_id)) - linked(unit, dossier.id)
    if dossier.lead_id == user_id:
        dossier.lead_id = dossier.lead_statement = dossier.lead_signature = dossier.lead_signer_id = None
        dossier.version += 1
        alerts.tell(unit, others, alerts.LEAD_LEFT, number=dossier.number)
    alerts.tell(unit, others, DECLARED if origin == apart.DECLARED else WALLED, number=dossier.number)
    if not others:
        alerts.tell(unit, alerts.protection_officers(unit), UNSETTLED, number=dossier.number)


def _take_boxes(unit: Unit, dossier: Dossier, user_id: str) -> None:
    """Delete somebody's own boxes. Their N2 and N3, and whatever they alone can open, keep their box, shut by the gate: to withdraw
    erases nothing."""
    here = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    rows = unit.session.execute(here.where(Compartment.dossier_id == dossier.id)).all()
    living = [box for box, _ in rows if box.until is None or box.until > unit.now]
    shared = {box.compartment_id for box in living if box.holder_id != user_id}
    for box, compartment in rows:
        if box.holder_id == user_id and compartment.kind not in OWNED and compartment.id in shared:
            unit.session.delete(box)


def _as_steward(held: Held, gone: frozenset[str]) -> None:
    unit, dossier = held.unit, held.dossier
    kept = ring_for(unit, dossier, STEWARDS)
    if kept is not None and (_reaches(unit, dossier, kept, gone) or _unseated(unit, dossier, STEWARD, gone)):
        _renew(held, STEWARDS, _seats(unit, dossier, STEWARD, gone))
    elected = ring_for(unit, dossier, ELECTED_RING)
    if elected is not None and (_reaches(unit, dossier, elected, gone) or _unseated(unit, dossier, ELECTED, gone)):
        keeper = keepers(unit, dossier)
        kept_by = [Seat(ring_holder(unit.session, unit.instance.anchor, keeper))] if keeper else []
        _renew(held, ELECTED_RING, [*_seats(unit, dossier, ELECTED, gone), *kept_by])
    unit.session.flush()
    turning.turn(held, without=gone)
    settled = unit.session.scalars(select(Conflict).where(Conflict.dossier_id == dossier.id, Conflict.settled_at.is_(None))).all()
    for conflict in settled:
        conflict.settled_at, conflict.version = unit.now, conflict.version + 1
    unit.trace.facts["settled"] = len(settled)


def _service_reaches(unit: Unit, dossier: Dossier, gone: frozenset[str]) -> bool:
    epoch = newest_epoch(unit.session, dossier.service_ring_id) if dossier.service_ring_id else None
    return epoch is not None and _reaches(unit, dossier, epoch, gone)


def _reduce_service(held: Held, gone: frozenset[str]) -> None:
    """A service ring for this dossier alone, and `safety` turned to it. The stewards turn the rest in their next session."""
    unit, dossier = held.unit, held.dossier
    former = unit.session.get_one(Ring, dossier.service_ring_id)
    epoch = newest_epoch(unit.session, former.id)
    if epoch is None:
        return
    secret = held.keychain.ring_secret(epoch.id)
    seats: list[Seat] = []
    staying = epochs.inside(unit, dossier.cell_id) - gone
    here = select(RingMember).where(RingMember.epoch_id == epoch.id, RingMember.to_ring.is_(False))
    for each in unit.session.scalars(here.where(RingMember.holder_id.in_(staying))):
        check_member_mac(secret, each)
        seats.append(Seat(user_holder(unit.session, unit.instance.anchor, each.holder_id), each.until, each.starts))
    fresh = rings.make(unit, SERVICE, dossier.cell_id, seats, institution_id=former.institution_id, dossier_id=dossier.id)
    dossier.service_ring_id, dossier.version = fresh.ring_id, dossier.version + 1
    unit.session.flush()
    safety = held.compartment("safety")
    content = held.key(safety, action="compartment.keep") if safety is not None else None
    if safety is not None and content is not None:
        turning.turn_one(held, safety, content, without=gone)
    for conflict in unit.session.scalars(select(Conflict).where(Conflict.dossier_id == dossier.id, Conflict.settled_at.is_not(None))):
        conflict.settled_at, conflict.version = None, conflict.version + 1


def _renew(held: Held, kind: str, seats: list[Seat]) -> None:
    """The reduced ring of this dossier, or its next epoch when there is one already."""
    unit, dossier = held.unit, held.dossier
    reduced = current_epoch(unit.session, kind, dossier.cell_id, dossier.id)
    if reduced is None:
        rings.make(unit, kind, dossier.cell_id, seats, dossier_id=dossier.id)
        unit.session.flush()
    else:
        mine = reduced.id in held.keychain.holders
        epochs.turn(unit, reduced, seats, secret=held.keychain.ring_secret(reduced.id) if mine else None)


def _seats(unit: Unit, dossier: Dossier, role: str, gone: frozenset[str]) -> list[Seat]:
    return [each for each in epochs.seats(unit, dossier.cell_id, role) if each.holder.id not in gone]


def keeping(unit: Unit, dossier: Dossier) -> frozenset[str]:
    """User ids of the stewards who may keep a dossier: none, and nobody turns its keys."""
    return frozenset(_stewards(unit, dossier.cell_id)) - linked(unit, dossier.id)


def _stewards(unit: Unit, cell_id: str) -> dict[str, Habilitation]:
    return epochs.admitted(unit, cell_id, STEWARD)


def _others(held: Held) -> Iterator[Person]:
    """Members of the cell for whom a link may be declared, the actor and those already kept out left aside."""
    unit = held.unit
    rows = unit.session.scalars(select(Habilitation).where(Habilitation.cell_id == held.cell.id, alive(unit.now))).all()
    kept_out = linked(unit, held.dossier.id) | {unit.actor.user_id}
    admitted = {row.user_id for row in rows if row.user_id not in kept_out and proven(unit.session, unit.instance, row)}
    usernames = {row.id: row.username for row in unit.session.execute(select(User.id, User.username).where(User.id.in_(admitted)))}
    people = professionals(unit.session, unit.instance.anchor, admitted)
    for each in sorted(people.values(), key=lambda one: one.name):
        yield Person(usernames[each.id], each.name, each.function, each.institution)
