"""Which service follows a person: the column that names it vouches for nothing, the boxes and the signed ring do.

Whoever writes in the database may name another ring of the cell; keys must not follow. Source: design §4 (who can give is who holds).
"""

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import UncertifiedKey
from casework.models.cells import Ring, RingEpoch
from casework.models.dossiers import Box, Compartment, Dossier
from casework.services.keys.certificates import SERVICE, certified_person, certified_user, newest_epoch, ring_holder
from casework.services.keys.keychain import box_parts
from casework.services.membership.admissions import was_member
from casework.services.unit import Unit
from casework.vault.content import ContentKey
from casework.vault.trust import Certified


def service_of(unit: Unit, dossier: Dossier) -> RingEpoch | None:
    """The newest epoch of the service that the dossier names, None when it names none.

    Raises UncertifiedKey for a ring that is not of this place, that nobody of the cell made, or of another service than the one that
    holds boxes of the dossier already; and when a service holds boxes and none is named.
    """
    ring = unit.session.get(Ring, dossier.service_ring_id) if dossier.service_ring_id else None
    holding = _holding(unit, dossier)
    if ring is None:
        if holding or dossier.service_ring_id:
            raise UncertifiedKey("a service that follows and is not named")
        return None
    here = (ring.kind, ring.cell_id) == (SERVICE, dossier.cell_id) and ring.dossier_id in (None, dossier.id)
    if not here or holding - {ring.institution_id}:
        raise UncertifiedKey("a service that does not follow this person")
    epoch = newest_epoch(unit.session, ring.id)
    return trusted(unit, dossier, epoch) if epoch is not None else None


def trusted(unit: Unit, dossier: Dossier, epoch: RingEpoch) -> RingEpoch:
    """The epoch, when its maker is of that institution, of the cell and of a profession that serves. Raises UncertifiedKey."""
    ring_holder(unit.session, unit.instance.anchor, epoch)
    if not _may_serve(unit, dossier, certified_user(unit.session, unit.instance.anchor, epoch.maker_id)):
        raise UncertifiedKey("a service made by somebody who may not")
    return epoch


def serves(unit: Unit, dossier: Dossier, user_id: str) -> bool:
    """Whether somebody is of the service that follows the person. Raises UncertifiedKey as `service_of`."""
    epoch = service_of(unit, dossier)
    if epoch is None:
        return False
    person = certified_person(unit.session, unit.instance.anchor, user_id)
    ours = person.claims.get("institution") == unit.session.get_one(Ring, epoch.ring_id).institution_id
    return ours and _may_serve(unit, dossier, person)


def check_boxes(unit: Unit, compartment: Compartment, content: ContentKey) -> None:
    """Raise TamperedError when a box of this compartment that says « service » was not given by somebody who held its key.

    content: the newest version's key. Asked before a service gets a box again: what it holds already says which service it is.
    """
    for box in unit.session.scalars(select(Box).where(Box.compartment_id == compartment.id, Box.title == SERVICE)):
        content.check_mac("box", box.mac, *box_parts(box, compartment))


def _may_serve(unit: Unit, dossier: Dossier, person: Certified) -> bool:
    """Of the cell by signed acts, past ones included, and of a profession that the charter lets keep `safety` for a service."""
    asked = Situation(person.claims["profession"], SERVICE, dossier.programme, "open", "safety")
    return unit.check("compartment.keep", [asked]).permitted and was_member(unit.session, unit.instance, dossier.cell_id, person.subject)


def _holding(unit: Unit, dossier: Dossier) -> set[str | None]:
    """Institutions whose service holds a box of the dossier."""
    boxes = select(Box.holder_id).join(Compartment, Compartment.id == Box.compartment_id)
    here = boxes.where(Compartment.dossier_id == dossier.id, Box.title == SERVICE)
    query = select(Ring.institution_id).join(RingEpoch, RingEpoch.ring_id == Ring.id).where(RingEpoch.id.in_(here))
    return set(unit.session.scalars(query))
