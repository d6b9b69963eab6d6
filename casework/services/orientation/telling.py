"""Whom an orientation is told to: a code and a number, and its own id. Never a word of what it says."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.cells import Habilitation, RingMember
from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.services import apart
from casework.services.apart import serving
from casework.services.keys.certificates import newest_epoch
from casework.services.membership.standing import alive
from casework.services.orientation.steps import At

ADDRESSED, STEPPED, NEWS, OVER = "orientation_sent", "orientation_step", "orientation_news", "orientation_over"
"""Alert kinds: one reached my service; one of mine has a new step; one of my service's has; one that it had is over, no more is told."""

SILENT, PASSED = "orientation_silent", "orientation_passed"
"""Reminders: sent and not answered; an appointment that passed without an outcome."""

CONTACT = "orientation_contact"
"""The safe contact that one of mine carries has changed: it is for its sender to pass the new one on."""

TO_RECIPIENTS = (ADDRESSED, NEWS, OVER, PASSED)
"""Alerts that also reach people of another cell than the dossier's."""

RING, PERSON = "ring", "person"


def recipients(session: Session, referral: ReferralOut, at: At) -> frozenset[str]:
    """User ids of those who receive it now: the members of the service, or one person; never whoever is kept apart from the dossier."""
    out = apart.kept_out(session, referral.dossier_id, at.now)
    if referral.channel == PERSON and referral.holder_id:
        return frozenset({referral.holder_id}) - out
    epoch = newest_epoch(session, referral.holder_id) if referral.channel == RING and referral.holder_id else None
    if epoch is None:
        return frozenset()
    members = select(RingMember.holder_id).where(RingMember.epoch_id == epoch.id, RingMember.to_ring.is_(False), serving(at.now))
    return frozenset(session.scalars(members)) - out


def senders(session: Session, referral: ReferralOut, at: At) -> frozenset[str]:
    """User ids of those who follow it on the sending side: who sent it, and who leads the dossier; not whoever left the cell."""
    dossier = session.get_one(Dossier, referral.dossier_id)
    people = {referral.author_id, *([dossier.lead_id] if dossier.lead_id else [])}
    here = select(Habilitation.user_id).where(Habilitation.cell_id == dossier.cell_id, Habilitation.user_id.in_(people), alive(at.now))
    return frozenset(session.scalars(here)) - apart.kept_out(session, dossier.id, at.now)


def tell(at: At, people: Iterable[str], kind: str, referral: ReferralOut, number: str, *, by: str | None = None) -> None:
    """Leave an alert for each of these; nobody is told of their own act. by: who acts, None for nobody with an account."""
    for user_id in sorted(set(people) - {by}):
        at.session.add(
            Alert(id=new_id(), recipient_id=user_id, kind=kind, number=number, reference=referral.id, created_at=at.now)
        )  # fmt: skip
