"""After somebody left a cell: the rings that reached them get a new secret, and what they could open gets a new key.

In the next session of a keeper, and at once as far as the steward who ended the habilitation can. That a ring reached somebody is read from
`ring_epoch.reached`, a recorded column that no departure and no sweep empties; who is in the cell, from signed habilitations. Each ring set
and each dossier is a unit of its own: whatever was not done is found again by the next keeper, and a stray row hinders no other dossier.
Source: design §4, charter articles 2 and 18.
"""

import time
from collections.abc import Callable, Iterator

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import CaseworkError, NotFound
from casework.models.cells import Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment, Dossier
from casework.models.people import Certificate
from casework.services.access import OWNED, Held, find, linked
from casework.services.actor import Actor
from casework.services.keys import epochs, turning
from casework.services.keys.certificates import CELL_RING, DUTY_RING, ELECTED_RING, SERVICE, STEWARDS, current_epoch, ring_holder
from casework.services.keys.keychain import Keychain
from casework.services.keys.rings import Seat
from casework.services.membership import duty, service_rings
from casework.services.membership.standing import ELECTED, STEWARD
from casework.services.membership.teams import cell_of
from casework.services.unit import Unit, writing

TURN_RINGS = "ring.turn"
TURN_KEYS = "keys.turn"
FOLLOWED = ("received", "open", "closed")
AT_ONCE = 2.0
"""Seconds after which the rest waits for the next session: nobody waits longer at a door."""

ON_LEAVING = 10.0
"""The same for the steward who ends a habilitation, a rare act whose effect is wanted now."""


def settle_pending(actor: Actor, *, seconds: float | None = None) -> int:
    """Turn what waits for a keeper like the actor; returns how many rings and dossiers were. Nothing is written when nobody left.

    Called after every sign-in and after a departure. What fails leaves its own line in the ledger and is tried again in the next session.
    """
    until = time.monotonic() + (AT_ONCE if seconds is None else seconds)
    done = sum(_tried(verb, actor, cell_id) for verb, cell_id in _rings_waiting(actor))
    for number in _dossiers_waiting(actor):
        if time.monotonic() > until:
            break
        done += _tried(turn_keys, actor, number)
    for cell_id in _idle(actor):
        _tried(turn_rings, actor, cell_id)
    return done


def _tried(verb: Callable[[Actor, str], None], actor: Actor, what: str) -> bool:
    try:
        verb(actor, what)
    except CaseworkError:
        return False
    return True


def turn_rings(actor: Actor, cell_id: str) -> None:
    """A steward gives a new secret to each ring of the cell (stewards, elected, cell, on call) that reached somebody who is gone, and
    takes away the boxes they left. Raises NotFound for anybody but a steward of the cell; again is harmless."""
    with writing(actor, TURN_RINGS) as unit:
        cell = cell_of(unit, cell_id)
        if cell_id not in unit.facts.cells_as(STEWARD):
            raise NotFound(unit.action)
        unit.require([unit.situation(STEWARD, cell.programme)])
        here, keychain = epochs.inside(unit, cell_id), Keychain(unit)
        for user_id in _gone(unit, cell_id, here):
            take_away(unit, cell_id, user_id)
        unit.session.flush()
        turned = [kind for kind in (STEWARDS, ELECTED_RING, CELL_RING, DUTY_RING) if _turn_ring(unit, keychain, cell_id, kind, here)]
        epochs.drop_idle(unit, cell_id)
        unit.trace.facts |= {"cell": cell_id, "rings": "+".join(turned)}


def _turn_ring(unit: Unit, keychain: Keychain, cell_id: str, kind: str, here: frozenset[str]) -> bool:
    former = current_epoch(unit.session, kind, cell_id)
    if former is None or not epochs.outlived(unit, former, here):
        return False
    if kind == STEWARDS:
        epochs.turn(unit, former, epochs.seats(unit, cell_id, STEWARD), secret=keychain.ring_secret(former.id))
    elif kind == DUTY_RING:
        epochs.turn(unit, former, duty.still_on_call(unit, cell_id, former))
    else:
        stewards = current_epoch(unit.session, STEWARDS, cell_id)
        if stewards is None:
            raise NotFound(unit.action)
        keeper = Seat(ring_holder(unit.session, unit.instance.anchor, stewards))
        roles = (ELECTED,) if kind == ELECTED_RING else ()
        secret = keychain.ring_secret(former.id) if kind == CELL_RING else None
        epochs.turn(unit, former, [*epochs.seats(unit, cell_id, *roles), keeper], secret=secret)
    return True


def turn_keys(actor: Actor, number: str) -> None:
    """Turn the compartments of a dossier that somebody who left could open, as far as the actor keeps them; what the actor's ring only
    reads is sealed to its new secret. Raises as `keys.turning.turn`, NotFound for whoever keeps nothing of it; again is harmless."""
    with writing(actor, TURN_KEYS) as unit:
        held = find(unit, number)
        unit.require(held.situations(titles=held.titles & {STEWARD, SERVICE}))
        _kept = _at_hand(unit, held.cell.id)
        gone, former = linked(unit, held.dossier.id), _sealed_before(unit, held.dossier.id)
        for compartment in held.compartments:
            old = former.get(compartment.id, [])
            if compartment.kind not in OWNED and (old or compartment.turn_due):
                content = held.key(compartment, action="compartment.keep")
                if content is not None:
                    turning.turn_one(held, compartment, content, without=gone)
                else:
                    _move(held, compartment, old)


def _at_hand(unit: Unit, cell_id: str) -> list[object]:
    """Certificates and rings, read at once: as long as the list is held, a session finds them by id without asking the database."""
    rings = select(Ring).where(Ring.cell_id == cell_id)
    found: list[object] = [*unit.session.scalars(select(Certificate)), *unit.session.scalars(rings)]
    return [*found, *unit.session.scalars(select(RingEpoch).where(RingEpoch.ring_id.in_(rings.with_only_columns(Ring.id))))]


def _move(held: Held, compartment: Compartment, old: list[Box]) -> None:
    mine = {each.id for each in held.boxes.get(compartment.id, ())}
    for box in old:
        if box.id in mine:
            epochs.move(held.unit, held.keychain, box, compartment, epochs.newest_holder(held.unit, box.holder_id))
            held.unit.trace.show(held.dossier.number, compartment.kind)


def _sealed_before(unit: Unit, dossier_id: str) -> dict[str, list[Box]]:
    """The boxes of a dossier that are sealed to a former secret of their ring, by compartment."""
    query = select(Box).join(Compartment, Compartment.id == Box.compartment_id).where(Compartment.dossier_id == dossier_id, Box.to_ring)
    found: dict[str, list[Box]] = {}
    for box in unit.session.scalars(query.where(Box.holder_id.in_(epochs.former_epochs()))):
        found.setdefault(box.compartment_id, []).append(box)
    return found


def take_away(unit: Unit, cell_id: str, user_id: str) -> None:
    """Delete what somebody who is gone holds in a cell: places in its rings, boxes on its dossiers, whose keys wait to be turned.

    What nobody else can open (N2, N3, a `safety` without a service) keeps its box, or it would be lost: without a habilitation it opens
    nothing, and the recovery key still reaches it.
    """
    query = select(RingMember).join(RingEpoch, RingEpoch.id == RingMember.epoch_id).join(Ring, Ring.id == RingEpoch.ring_id)
    for membership in unit.session.scalars(query.where(Ring.cell_id == cell_id, RingMember.holder_id == user_id)):
        unit.session.delete(membership)
    for box, compartment in _left_boxes(unit, cell_id, user_id):
        unit.session.delete(box)
        epochs.due(compartment)


def _left_boxes(unit: Unit, cell_id: str, user_id: str) -> list[tuple[Box, Compartment]]:
    """The boxes of somebody who is gone, but their own notes and what they alone can open."""
    query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    mine = unit.session.execute(query.where(Compartment.cell_id == cell_id, Box.holder_id == user_id)).all()
    held = select(Box.compartment_id).where(Box.compartment_id.in_([each.id for _, each in mine]), Box.holder_id != user_id)
    shared = set(unit.session.scalars(held.where(Box.until.is_(None) | (Box.until > unit.now))))
    return [(box, each) for box, each in mine if each.owner_id != user_id and each.id in shared]


def _gone(unit: Unit, cell_id: str, here: frozenset[str]) -> set[str]:
    """Who was once let into the cell and is not in it now."""
    return set(unit.session.scalars(select(Habilitation.user_id).where(Habilitation.cell_id == cell_id))) - here


def _rings_waiting(actor: Actor) -> list[tuple[Callable[[Actor, str], None], str]]:
    """The rings that the actor could turn now, by cell. Shows nothing and so leaves no leaf."""
    with actor.instance.database.reading() as session:
        unit = Unit(actor, TURN_RINGS, session)
        if unit.facts.signed != unit.charter.text_version or not unit.facts.cells:
            return []
        holders = frozenset(Keychain(unit).holders)
        found: list[tuple[Callable[[Actor, str], None], str]] = []
        for cell_id in dict.fromkeys(unit.facts.cells):
            here = epochs.inside(unit, cell_id)
            gone = _gone(unit, cell_id, here)
            stewards = current_epoch(session, STEWARDS, cell_id)
            if gone and stewards is not None and stewards.id in holders and _outlived(unit, cell_id, here, gone):
                found.append((turn_rings, cell_id))
            team = service_rings.served(unit, cell_id)
            if gone and team is not None and team.id in holders and epochs.outlived(unit, team, here):
                found.append((service_rings.turn_after, cell_id))
        return found


def _outlived(unit: Unit, cell_id: str, here: frozenset[str], gone: set[str]) -> bool:
    newest = (current_epoch(unit.session, kind, cell_id) for kind in (STEWARDS, ELECTED_RING, CELL_RING, DUTY_RING))
    if any(epoch is not None and epochs.outlived(unit, epoch, here) for epoch in newest):
        return True
    return any(_left_boxes(unit, cell_id, user_id) for user_id in gone)


def _dossiers_waiting(actor: Actor) -> list[str]:
    """Numbers of the dossiers with something that the actor could turn, or seal to a new secret, now."""
    with actor.instance.database.reading() as session:
        unit = Unit(actor, TURN_KEYS, session)
        return sorted(set(_waiting_dossiers(unit, Keychain(unit)))) if unit.facts.signed == unit.charter.text_version else []


def _waiting_dossiers(unit: Unit, keychain: Keychain) -> Iterator[str]:
    former = select(Box.compartment_id).where(Box.to_ring, Box.holder_id.in_(epochs.former_epochs()))
    query = select(Dossier.number, Dossier.programme, Dossier.status, Compartment.kind, Box.title, Box.holder_id).distinct()
    here = query.join(Compartment, Compartment.dossier_id == Dossier.id).join(Box, Box.compartment_id == Compartment.id)
    mine = here.where(
        keychain.live(), Box.title.in_((STEWARD, SERVICE)), Dossier.status.in_(FOLLOWED), Dossier.cell_id.in_(unit.facts.cells)
    )
    old = set(unit.session.scalars(epochs.former_epochs().where(RingEpoch.id.in_(keychain.holders))))
    for row in unit.session.execute(mine.where(Compartment.turn_due.is_(True) | Compartment.id.in_(former))):
        place = Situation(unit.actor.profession, row.title, row.programme, row.status, row.kind)
        if row.holder_id in old or unit.check("compartment.keep", [place]).permitted:
            yield row.number


def _idle(actor: Actor) -> set[str]:
    """Cells of the actor with memberships of former secrets that nothing needs any more."""
    with actor.instance.database.reading() as session:
        unit = Unit(actor, TURN_RINGS, session)
        cells = unit.facts.cells_as(STEWARD) if unit.facts.signed == unit.charter.text_version else ()
        return {each for each in cells if session.scalar(epochs.idle(each).limit(1)) is not None}
