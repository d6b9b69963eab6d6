"""Giving and ending boxes: a compartment's key, sealed to a certified holder, under a title."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.errors import UncertifiedKey
from casework.models.base import new_id
from casework.models.dossiers import Box, Compartment
from casework.services.keys.certificates import CELL_RING, Holder, ring_kind
from casework.services.keys.keychain import box_context, box_parts
from casework.services.unit import Unit
from casework.vault.content import ContentKey


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is to hold a compartment's key, under which title."""

    holder: Holder
    title: str
    reference: str = ""
    until: datetime | None = None


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
    """Seal a compartment's key to a holder, unless they hold it under this title already. Raises UncertifiedKey as `give_each`."""
    give_each(unit, compartment, content, [Recipient(holder, title, reference, until)])


def give_each(unit: Unit, compartment: Compartment, content: ContentKey, recipients: Iterable[Recipient]) -> None:
    """Seal a compartment's key to each holder, unless they hold it under this title already: asked once for all of them.

    Raises UncertifiedKey when a holder's chain does not verify, or for the ring of a whole cell, to whom nothing is sealed.
    """
    here = unit.session.execute(select(Box.holder_id, Box.title, Box.reference).where(Box.compartment_id == content.scope))
    known = {(holder_id, title, reference) for holder_id, title, reference in here}
    for recipient in recipients:
        if recipient.holder.to_ring and ring_kind(unit.session, recipient.holder.id) == CELL_RING:
            raise UncertifiedKey("the ring of a whole cell keeps no dossier")
        if (recipient.holder.id, recipient.title, recipient.reference) not in known:
            known.add((recipient.holder.id, recipient.title, recipient.reference))
            _seal(unit, compartment, content, recipient)


def _seal(unit: Unit, compartment: Compartment, content: ContentKey, recipient: Recipient) -> None:
    box = Box(
        id=new_id(),
        compartment_id=content.scope,
        key_version=content.version,
        holder_id=recipient.holder.id,
        to_ring=recipient.holder.to_ring,
        title=recipient.title,
        reference=recipient.reference,
        until=recipient.until,
        rewrapped=False,
    )
    anchor = unit.instance.anchor
    box.sealed = anchor.seal(recipient.holder.chain, content.secret, box_context(anchor.instance, box))
    box.mac = content.mac("box", *box_parts(box, compartment))
    unit.session.add(box)


def of_reference(unit: Unit, dossier_id: str, title: str, reference: str) -> list[tuple[Box, Compartment]]:
    """The boxes of one act (a share) on a dossier, with their compartments."""
    query = select(Box, Compartment).join(Compartment, Compartment.id == Box.compartment_id)
    found = unit.session.execute(query.where(Box.title == title, Box.reference == reference, Compartment.dossier_id == dossier_id))
    return [(box, compartment) for box, compartment in found]
