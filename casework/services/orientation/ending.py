"""Withdrawing what is under way: by its sender, when the person ends it, when the dossier closes, when no agreement came."""

from sqlalchemy import select

from casework.models.dossiers import Dossier
from casework.models.orientations import ReferralOut
from casework.services.orientation import steps, telling

CLOSED, BY_THE_PERSON, UNAGREED = "ended", "person", "no_agreement"
"""Why, codes of `charter.support.withdrawn`: the follow-up closed, the person wants it no more, no agreement came in time."""


def end(at: steps.At, referral: ReferralOut, number: str, *, reason: str, by: str | None) -> None:
    """Withdraw one that is under way; its recipients are told that it is over, and not why. by: None when a job does it."""
    people = telling.recipients(at.session, referral, at) if referral.sent_at is not None else frozenset[str]()
    steps.take(at, referral, steps.WITHDRAWN, reason=reason, actor_id=by)
    telling.tell(at, people, telling.OVER, referral, number, by=by)


def end_all(at: steps.At, dossier: Dossier, *, reason: str, by: str | None) -> int:
    """Withdraw whatever is under way for a dossier; how many were."""
    living = select(ReferralOut).where(ReferralOut.dossier_id == dossier.id, ReferralOut.status.in_(steps.LIVING))
    rows = at.session.scalars(living.order_by(ReferralOut.id).with_for_update()).all()
    for referral in rows:
        end(at, referral, dossier.number, reason=reason, by=by)
    return len(rows)
