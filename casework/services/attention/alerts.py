"""Alerts: telling an account to look at something, by a code and a number."""

from collections.abc import Iterable

from sqlalchemy import select

from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.cells import Habilitation
from casework.services.membership.standing import alive
from casework.services.unit import Unit

LEAD_LEFT = "lead_left"
"""A dossier has lost its lead, who left the cell or withdrew."""


def tell(unit: Unit, recipients: Iterable[str], kind: str, *, number: str = "", reference: str = "") -> None:
    """Leave an alert for each of these user ids, in the unit's own transaction; the actor is never told of their own act."""
    for recipient in sorted(set(recipients) - {unit.actor.user_id}):
        unit.session.add(Alert(id=new_id(), recipient_id=recipient, kind=kind, number=number, reference=reference, created_at=unit.now))


def people_in(unit: Unit, cell_id: str | None, role: str) -> list[str]:
    """User ids with a living habilitation of this role in a cell (None: an office)."""
    here = Habilitation.cell_id == cell_id if cell_id else Habilitation.cell_id.is_(None)
    return list(unit.session.scalars(select(Habilitation.user_id).where(here, Habilitation.role == role, alive(unit.now))))
