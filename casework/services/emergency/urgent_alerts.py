"""Whom an accès urgent is announced to, at once: data-protection officers, lead, stewards, and authors of what it shows."""

from collections.abc import Iterator

from sqlalchemy import select

from casework.errors import UncertifiedKey
from casework.models.content import Entry
from casework.models.dossiers import UrgentAccess
from casework.services.access import Held, linked
from casework.services.attention import alerts
from casework.services.emergency.urgent_doors import shown
from casework.services.keys.certificates import DPO, certified_profession
from casework.services.membership.standing import OFFICE, STEWARD
from casework.services.unit import Unit

URGENT_ACCESS = "urgent_access"


def announce(held: Held, access: UrgentAccess) -> None:
    """Leave an alert for each of them, in the act’s own transaction. Who is kept apart from the dossier is told nothing."""
    unit = held.unit
    alerts.tell(
        unit, set(_recipients(held)) - linked(unit, held.dossier.id), URGENT_ACCESS, number=held.dossier.number, reference=access.id
    )


def _recipients(held: Held) -> Iterator[str]:
    unit, dossier = held.unit, held.dossier
    yield from data_protection(unit)
    yield from alerts.people_in(unit, dossier.cell_id, STEWARD)
    if dossier.lead_id is not None:
        yield dossier.lead_id
    yield from unit.session.scalars(select(Entry.author_id).where(Entry.compartment_id.in_(list(shown(held)))).distinct())


def data_protection(unit: Unit) -> Iterator[str]:
    """User ids of the data-protection officers in office, by certificate."""
    yield from (each for each in alerts.people_in(unit, None, OFFICE) if _is_dpo(unit, each))


def _is_dpo(unit: Unit, user_id: str) -> bool:
    try:
        return certified_profession(unit.session, unit.instance.anchor, user_id) == DPO
    except UncertifiedKey:
        return False
