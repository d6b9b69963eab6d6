"""What is due of orientations: to answer, to say how an appointment went, to ask why nobody answers or nobody came, to pass on a safe
contact that changed. For « Mon jour ».
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select

from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.services.keys.keychain import Keychain
from casework.services.orientation import contacts, mine, steps
from casework.services.sharing.recipients import paris_day
from casework.services.unit import Unit

RECEIVED, OUTCOME, SILENT, MISSED, CONTACT = "received", "outcome", "silent", "missed", "contact"
MOST = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something due. dossier_id: empty for a recipient, who holds no dossier. reference: the orientation's id."""

    why: str
    on: date
    number: str
    reference: str
    dossier_id: str = ""


def of(unit: Unit, keychain: Keychain) -> Iterator[Waiting]:
    """What waits for the actor, as recipient first, then for the dossiers they follow."""
    passed = ReferralOut.status.in_(steps.PLANNED) & (ReferralOut.meets_at < unit.now)
    arrived = mine.received(unit, keychain).where(ReferralOut.status.in_(steps.WAITING) | passed)
    for row, number in _with_number(unit, arrived):
        if row.status in steps.WAITING:
            yield Waiting(RECEIVED, paris_day((row.sent_at or row.created_at) + mine.ANSWERED_WITHIN), number, row.id)
        elif row.meets_at is not None:
            yield Waiting(OUTCOME, paris_day(row.meets_at), number, row.id)
    silent = ReferralOut.status.in_(steps.WAITING) & (ReferralOut.sent_at <= unit.now - mine.ANSWERED_WITHIN)
    missed = ReferralOut.status == steps.MISSED
    for row, number in _with_number(unit, mine.followed(unit, keychain).where(silent | passed | missed)):
        if row.status in steps.WAITING:
            yield Waiting(SILENT, paris_day((row.sent_at or row.created_at) + mine.ANSWERED_WITHIN), number, row.id, row.dossier_id)
        elif row.meets_at is not None:
            why = MISSED if row.status == steps.MISSED else OUTCOME
            yield Waiting(why, paris_day(row.meets_at), number, row.id, row.dossier_id)
    changed = ReferralOut.status.in_(steps.LIVING) & contacts.stale()
    for row, number in _with_number(unit, mine.followed(unit, keychain).where(changed)):
        yield Waiting(CONTACT, paris_day(unit.now), number, row.id, row.dossier_id)


def _with_number(unit: Unit, which: Select[ReferralOut]) -> list[tuple[ReferralOut, str]]:
    query = which.join(Dossier, Dossier.id == ReferralOut.dossier_id).add_columns(Dossier.number)
    found = unit.session.execute(query.order_by(ReferralOut.sent_at, ReferralOut.id).limit(MOST)).all()
    return [(row[0], row[1]) for row in found]
