"""Links that are over go by themselves: past their time, or what they are about has ended. No key is needed, and none is at hand."""

from dataclasses import asdict, dataclass

from sqlalchemy import Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from casework.ledger import Leaf, append
from casework.models.dossiers import Dossier
from casework.models.meetings import Task
from casework.models.orientations import PartnerLink, ReferralOut
from casework.services.meeting.decisions.decided import OPEN
from casework.services.offices.sweeping import PURPOSE, RULE, Keyless
from casework.services.orientation.steps import LIVING
from casework.services.partner.subjects import FOLLOWED

ACTION = "jobs.links"


@dataclass(frozen=True, slots=True)
class Ended:
    """How many links went, past their time or because there was nothing to answer any more; and how many visits closed by themselves."""

    expired: int
    over: int
    visits: int


def end(system: Keyless) -> Ended:
    """Delete links that are over, hash and key with them, and close visits past their time; one leaf, in the same transaction.

    Raises LedgerUnavailable, with nothing deleted, when the leaf cannot be made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    followed = select(Dossier.id).where(Dossier.status.in_(FOLLOWED))
    referrals = select(ReferralOut.id).where(ReferralOut.status.in_(LIVING), ReferralOut.dossier_id.in_(followed))
    tasks = select(Task.id).where(Task.status == OPEN, Task.dossier_id.in_(followed))
    running = PartnerLink.referral_id.in_(referrals) | PartnerLink.task_id.in_(tasks)
    with instance.database.writing() as session:
        expired = _count(session, delete(PartnerLink).where(PartnerLink.until <= now))
        over = _count(session, delete(PartnerLink).where(PartnerLink.id.not_in(select(PartnerLink.id).where(running))))
        closed = {"visit_hash": None, "visit_wrapped": None, "visit_until": None}
        visits = _count(session, update(PartnerLink).where(PartnerLink.visit_until <= now).values(closed))
        ended = Ended(expired, over, visits)
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, hits=ended.expired + ended.over, facts=asdict(ended),
            ),
        )  # fmt: skip
    return ended


def _count(session: Session, change: Delete | Update) -> int:
    """How many rows it changed."""
    return int(session.execute(change).rowcount)  # type: ignore[attr-defined]  # a DELETE or an UPDATE gives a CursorResult
