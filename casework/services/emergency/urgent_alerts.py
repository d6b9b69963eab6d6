"""Whom an accès urgent is announced to, at once: data-protection officers, lead, stewards, and authors of what it shows."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.models.content import Entry
from casework.models.dossiers import UrgentAccess
from casework.services.access import Held, linked
from casework.services.attention import alerts
from casework.services.dossier.contents import UNSIGNED
from casework.services.emergency.urgent_doors import shown
from casework.services.membership.standing import STEWARD

URGENT_ACCESS = "urgent_access"


def announce(held: Held, access: UrgentAccess) -> None:
    """Leave an alert for each of them, in the act’s own transaction. Who is kept apart from the dossier is told nothing."""
    unit = held.unit
    alerts.tell(
        unit, set(_recipients(held)) - linked(unit, held.dossier.id), URGENT_ACCESS, number=held.dossier.number, reference=access.id
    )


def _recipients(held: Held) -> Iterator[str]:
    unit, dossier = held.unit, held.dossier
    yield from alerts.protection_officers(unit)
    yield from alerts.people_in(unit, dossier.cell_id, STEWARD)
    if dossier.lead_id is not None:
        yield dossier.lead_id
    here = select(Entry.author_id).where(Entry.compartment_id.in_(list(shown(held))))
    yield from unit.session.scalars(here.where(Entry.kind != UNSIGNED).distinct())  # who left one must not learn that there is a file
