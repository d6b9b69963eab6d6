"""Alerts: telling an account to look at something, by a code and a number."""

from collections.abc import Iterable

from sqlalchemy import select

from casework.errors import UncertifiedKey
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.cells import Habilitation
from casework.services.keys.certificates import DPO, certified_profession
from casework.services.membership.standing import OFFICE, alive
from casework.services.unit import Unit

LEAD_LEFT = "lead_left"
"""A dossier has lost its lead, who left the cell or withdrew."""
UNVERIFIED = "unverified"
"""An account's certificate does not verify: something was changed behind the application's back."""


def tell(unit: Unit, recipients: Iterable[str], kind: str, *, number: str = "", reference: str = "") -> None:
    """Leave an alert for each of these user ids, in the unit's own transaction; the actor is never told of their own act."""
    for recipient in sorted(set(recipients) - {unit.actor.user_id}):
        unit.session.add(Alert(id=new_id(), recipient_id=recipient, kind=kind, number=number, reference=reference, created_at=unit.now))


def tell_once(unit: Unit, recipients: Iterable[str], kind: str, *, reference: str) -> None:
    """`tell`, but nobody who was told of the same and has not seen it yet."""
    waiting = select(Alert.recipient_id).where(Alert.kind == kind, Alert.reference == reference, Alert.seen_at.is_(None))
    tell(unit, set(recipients) - set(unit.session.scalars(waiting)), kind, reference=reference)


def people_in(unit: Unit, cell_id: str | None, role: str) -> list[str]:
    """User ids with a living habilitation of this role in a cell (None: an office)."""
    here = Habilitation.cell_id == cell_id if cell_id else Habilitation.cell_id.is_(None)
    return list(unit.session.scalars(select(Habilitation.user_id).where(here, Habilitation.role == role, alive(unit.now))))


def protection_officers(unit: Unit) -> list[str]:
    """User ids of the data-protection officers in office, by certificate: what a row calls somebody tells nobody anything."""
    return [each for each in people_in(unit, None, OFFICE) if _is_dpo(unit, each)]


def _is_dpo(unit: Unit, user_id: str) -> bool:
    try:
        return certified_profession(unit.session, unit.instance.anchor, user_id) == DPO
    except UncertifiedKey:
        return False
