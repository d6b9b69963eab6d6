"""The consignes that stand on a child's file: whom they bind, and what its page says of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.charter.programmes import Programme
from casework.models.content import Entry
from casework.models.support import AddressingRule
from casework.services.access import Held
from casework.services.dossier.contents import OpenNote
from casework.services.safety.views import ConsigneBanner

MAJORITY = 18


def follows_children(programme: Programme) -> bool:
    """Whether a programme follows minors whose parents somebody may write to: where the safe contact is the only one, nobody does."""
    return programme.minimum_age < MAJORITY and programme.has("contact")


def living(session: Session, dossier_id: str) -> list[AddressingRule]:
    """The consignes of a file that are not lifted, the newest first."""
    query = select(AddressingRule).where(AddressingRule.dossier_id == dossier_id, AddressingRule.lifted_at.is_(None))
    return list(session.scalars(query.order_by(AddressingRule.set_at.desc(), AddressingRule.id)))


def blocks(held: Held) -> bool:
    """Whether the actor can produce nothing for a holder of parental authority: a consigne stands whose deposit they do not open.

    The door (`reaching`) asks this before anything is planned or printed.
    """
    return any(not _opens(held, rule) for rule in living(held.unit.session, held.dossier.id))


def banner(held: Held, notes: Sequence[OpenNote]) -> ConsigneBanner | None:
    """What the page says of the newest consigne: through whom to go for who opens it, that there is one for the others."""
    rules = living(held.unit.session, held.dossier.id)
    if not rules:
        return None
    through = next((note.body for rule in rules for note in notes if note.row.id == rule.entry_id), "")
    return ConsigneBanner(through if not blocks(held) else "")


def _opens(held: Held, rule: AddressingRule) -> bool:
    place = held.unit.session.scalar(select(Entry.compartment_id).where(Entry.id == rule.entry_id))
    compartment = next((each for each in held.compartments if each.id == place), None)
    return compartment is not None and held.readable(compartment)[1] is not None
