"""Giving and ending boxes: a compartment's key, sealed to a certified holder, under a title."""

from datetime import datetime

from sqlalchemy import select

from casework.errors import UncertifiedKey
from casework.models.base import new_id
from casework.models.cells import Ring, RingEpoch
from casework.models.dossiers import Box, Compartment
from casework.services.keys.certificates import CELL_RING, Holder
from casework.services.keys.keychain import box_context, box_parts
from casework.services.unit import Unit
from casework.vault.content import ContentKey


def give(
    unit: Unit,
    compartment: Compartment,
    content: ContentKey,
    holder: Holder,
    title: str,
    *,
    reference: str = "",
    until: datetime | None = None,
) -> None:
    """Seal a compartment's key to a holder, unless they hold it under this title already.

    Raises UncertifiedKey, and seals nothing, when the holder's chain does not verify, or for the ring of a whole cell.
    """
    if holder.to_ring and _of_a_cell(unit, holder.id):
        raise UncertifiedKey("the ring of a whole cell keeps no dossier")
    known = select(Box.id).where(
        Box.compartment_id == content.scope, Box.holder_id == holder.id, Box.title == title, Box.reference == reference
    )
    if unit.session.scalar(known) is not None:
        return
    box = Box(
        id=new_id(),
        compartment_id=content.scope,
        key_version=content.version,
        holder_id=holder.id,
        to_ring=holder.to_ring,
        title=title,
        reference=reference,
        until=until,
        rewrapped=False,
    )
    anchor = unit.instance.anchor
    box.sealed = anchor.seal(holder.chain, content.secret, box_context(anchor.instance, box))
    box.mac = content.mac("box", *box_parts(box, compartment))
    unit.session.add(box)


def _of_a_cell(unit: Unit, epoch_id: str) -> bool:
    return unit.session.get_one(Ring, unit.session.get_one(RingEpoch, epoch_id).ring_id).kind == CELL_RING


def of_reference(unit: Unit, dossier_id: str, title: str, reference: str) -> list[tuple[Box, Compartment]]:
    """The boxes of one act (a share) on a dossier, with their compartments."""
    query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    found = unit.session.execute(query.where(Box.title == title, Box.reference == reference, Compartment.dossier_id == dossier_id))
    return [(box, compartment) for box, compartment in found]
