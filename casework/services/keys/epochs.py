"""Ring epochs: who may sit in a ring now, whom its secret reached and who is gone, and what is still sealed to a former secret.

Source: design §4 (only departure, exclusion, conflict or compromise turns an epoch).
"""

from collections.abc import Sequence

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from casework.errors import UncertifiedKey
from casework.models.cells import Habilitation, Ring, RingEpoch, RingMember
from casework.models.dossiers import Box, Compartment
from casework.services.keys import boxes, rings
from casework.services.keys.certificates import CELL_RING, SERVICE, STEWARDS, Holder, newest_epoch, ring_holder, user_holder
from casework.services.keys.compartments import reached
from casework.services.keys.keychain import Keychain
from casework.services.membership.admissions import proven
from casework.services.membership.standing import alive
from casework.services.unit import Unit

CHAINED = (STEWARDS, CELL_RING, SERVICE)
"""Rings to which texts are sealed besides dossiers' keys: a new secret keeps the former one, so that nothing is sealed again.

Of a service, the appointments of its permanences; not of its rings for one dossier.
"""


def inside(unit: Unit, cell_id: str) -> frozenset[str]:
    """User ids of everybody whom a signed habilitation lets into the cell now."""
    rows = unit.session.scalars(select(Habilitation).where(Habilitation.cell_id == cell_id, alive(unit.now)))
    return frozenset(row.user_id for row in rows if proven(unit.session, unit.instance, row))


def admitted(unit: Unit, cell_id: str, *roles: str) -> dict[str, Habilitation]:
    """Everybody certified whom a signed habilitation lets into the cell now (in one of these roles), by user id, with the one that lasts
    longest."""
    rows = select(Habilitation).where(Habilitation.cell_id == cell_id, alive(unit.now)).order_by(Habilitation.until)
    if roles:
        rows = rows.where(Habilitation.role.in_(roles))
    return {
        row.user_id: row for row in unit.session.scalars(rows) if proven(unit.session, unit.instance, row) and _certified(unit, row.user_id)
    }


def seats(unit: Unit, cell_id: str, *roles: str) -> list[rings.Seat]:
    """A place for each of `admitted`, until their habilitation ends."""
    anchor = unit.instance.anchor
    return [rings.Seat(user_holder(unit.session, anchor, each.user_id), each.until) for each in admitted(unit, cell_id, *roles).values()]


def outlived(unit: Unit, epoch: RingEpoch, here: frozenset[str]) -> bool:
    """Whether the secret reached somebody who is not in the cell any more. here: who is (`inside`)."""
    return not reached(unit.session, epoch.id) <= here


def seat_again(unit: Unit, epoch: RingEpoch, secret: bytes, seat: rings.Seat) -> None:
    """One membership for each member: a renewed one replaces the former."""
    here = select(RingMember).where(RingMember.epoch_id == epoch.id, RingMember.holder_id == seat.holder.id)
    for former in unit.session.scalars(here):
        unit.session.delete(former)
    unit.session.flush()
    rings.add_member(unit, epoch.id, secret, seat.holder, seat.until, starts=seat.starts)


def turn(unit: Unit, former: RingEpoch, places: Sequence[rings.Seat], *, secret: bytes | None = None) -> RingEpoch:
    """The ring's next epoch, for these places alone. secret: the former one, which a chained ring keeps under the new one.

    What is sealed to the former epoch stays with its members until it is moved (`move`) or its compartment's key is turned.
    """
    ring = unit.session.get_one(Ring, former.ring_id)
    fresh = rings.next_epoch(unit, ring, places)
    if ring.kind in CHAINED and secret is not None and not (ring.kind == SERVICE and ring.dossier_id):
        rings.add_member(unit, former.id, secret, ring_holder(unit.session, unit.instance.anchor, fresh), None)
    unit.session.flush()
    return fresh


def move(unit: Unit, keychain: Keychain, box: Box, compartment: Compartment, holder: Holder) -> None:
    """Seal what a box of my ring holds to the ring's new epoch, in its place; the compartment waits for a new key version.

    Raises TamperedError for a stray box.
    """
    content = keychain.open(box, compartment)
    boxes.give(unit, compartment, content, holder, box.title, reference=box.reference, until=box.until)
    unit.session.delete(box)
    due(compartment)


def due(compartment: Compartment) -> None:
    """Note that somebody who held this compartment's key has left: whoever keeps it turns it, at the next write at the latest."""
    if not compartment.turn_due:
        compartment.turn_due, compartment.version = True, compartment.version + 1


def former_epochs() -> Select[str]:
    """Ids of the epochs that a newer one of their ring has replaced."""
    newer = aliased(RingEpoch)
    return select(RingEpoch.id).where(exists().where(newer.ring_id == RingEpoch.ring_id, newer.number > RingEpoch.number))


def still_needed(unit: Unit, ring_id: str) -> list[RingEpoch]:
    """The former epochs of a ring that a box is still sealed to: a turn that is under way."""
    needed = select(RingEpoch).where(
        RingEpoch.ring_id == ring_id, RingEpoch.id.in_(former_epochs()), exists().where(Box.holder_id == RingEpoch.id)
    )
    return list(unit.session.scalars(needed))


def newest_holder(unit: Unit, epoch_id: str) -> Holder:
    """The newest epoch of an epoch's ring, as somebody to seal to. Raises UncertifiedKey."""
    newest = newest_epoch(unit.session, unit.session.get_one(RingEpoch, epoch_id).ring_id)
    if newest is None:
        raise UncertifiedKey("a ring without a secret")
    return ring_holder(unit.session, unit.instance.anchor, newest)


def drop_idle(unit: Unit, cell_id: str) -> int:
    """Delete the memberships of former epochs of the cell that no box needs; what a newer epoch keeps stays. Returns how many went."""
    gone = 0
    for row in unit.session.scalars(idle(cell_id)):
        unit.session.delete(row)
        gone += 1
    return gone


def idle(*cells: str) -> Select[RingMember]:
    """The memberships that `drop_idle` deletes."""
    epoch, later = aliased(RingEpoch), aliased(RingEpoch)
    chained = exists().where(later.id == RingMember.holder_id, later.ring_id == epoch.ring_id)
    query = select(RingMember).join(epoch, epoch.id == RingMember.epoch_id).join(Ring, Ring.id == epoch.ring_id)
    replaced = epoch.id.in_(former_epochs()) & ~exists().where(Box.holder_id == epoch.id)
    return query.where(Ring.cell_id.in_(cells), replaced, ~chained)


def _certified(unit: Unit, user_id: str) -> bool:
    try:
        return bool(user_holder(unit.session, unit.instance.anchor, user_id))
    except UncertifiedKey:
        return False
