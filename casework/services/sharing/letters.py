"""Between whom an extract goes: said on its section, and checked before it is believed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.models.dossiers import Box, Compartment, CompartmentVersion
from casework.services.access import Held
from casework.services.keys import compartments
from casework.services.keys.certificates import certified_user
from casework.vault.content import ContentKey

ADDRESSED = "addressed"
OWNER = "owner"
"""Of the extract that somebody keeps who carries an action."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An extract's giver and addressee. given: the actor gave it. other: user id of the one across, empty once the addressee's box has
    ended. until: the last moment of the addressee's reading."""

    given: bool
    other: str
    until: datetime | None


def letter_of(held: Held, compartment: Compartment, content: ContentKey) -> Letter:
    """Who gave an extract, to whom, until when. Raises UncertifiedKey when its maker was not entitled: nobody plants a letter."""
    compartments.deposit_key(held, compartment, content)
    session, anchor = held.unit.session, held.unit.instance.anchor
    first = select(CompartmentVersion.maker_id).where(CompartmentVersion.compartment_id == compartment.id, CompartmentVersion.number == 1)
    maker = certified_user(session, anchor, session.scalars(first).one()).subject
    given = maker == held.unit.actor.user_id
    box = session.scalars(select(Box).where(Box.compartment_id == compartment.id, Box.title.in_((ADDRESSED, OWNER)))).first()
    if box is None:
        return Letter(given, "" if given else maker, None)
    return Letter(given, box.holder_id if given else maker, box.until)
