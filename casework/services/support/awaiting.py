"""The rows of agreements: the newest counts; one that was not sought has a last day."""

from datetime import date

from sqlalchemy import select

from casework.models.base import new_id
from casework.models.support import Agreement
from casework.services.access import Held
from casework.services.support.words import NOT_SOUGHT
from casework.services.terms import PARIS
from casework.services.unit import Unit

RECORD = "agreement.record"


def state_of(unit: Unit, dossier_id: str, referral_id: str | None = None) -> Agreement | None:
    """The newest agreement to a saisine, or to one orientation of its dossier; None where nobody ever recorded any. A row: for services."""
    mine = Agreement.referral_id.is_(None) if referral_id is None else Agreement.referral_id == referral_id
    query = select(Agreement).where(Agreement.dossier_id == dossier_id, mine)
    return unit.session.scalars(query.order_by(Agreement.recorded_at.desc(), Agreement.id.desc()).limit(1)).first()


def keep(unit: Unit, dossier_id: str, state: str, *, reason: str = "", referral_id: str | None = None) -> Agreement:
    """Note what the person said, in the unit's own transaction; the last day follows where it was not sought. The caller has authorised."""
    sought = state != NOT_SOUGHT
    row = Agreement(
        id=new_id(), version=1, dossier_id=dossier_id, referral_id=referral_id, state=state, reason=None if sought else reason,
        due=None if sought else last_day(unit), recorded_at=unit.now, author_id=unit.actor.user_id,
    )  # fmt: skip
    unit.session.add(row)
    unit.trace.facts["agreement"] = state
    return row


def last_day(unit: Unit) -> date:
    """The last day for an agreement that is not sought today."""
    return unit.now.astimezone(PARIS).date() + unit.charter.support.agreement


def pending(held: Held) -> date | None:
    """The last day to obtain the agreement to this saisine, for those who may record it; None when none is awaited."""
    if not held.verdict(RECORD).permitted:
        return None
    row = state_of(held.unit, held.dossier.id)
    return row.due if row is not None and row.state == NOT_SOUGHT else None
