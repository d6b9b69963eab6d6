"""What a partner's acts are in an orientation's life: `received` when the link opens, `accepted` or `declined` when they answer."""

from casework.models.orientations import PartnerLink
from casework.services.orientation import steps
from casework.services.orientation.steps import ACCEPTED, DECLINED, RECEIVED, SENT, WAITING
from casework.services.partner.subjects import Subject
from casework.services.partner.visiting import Visit

__all__ = ["ACCEPTED", "DECLINED", "answered", "received", "waits"]


def waits(subject: Subject) -> bool:
    """Whether an orientation still waits to be accepted or declined; an action has nothing to accept."""
    return subject.referral is not None and subject.referral.status in WAITING


def received(visit: Visit, subject: Subject, link: PartnerLink) -> None:
    """The first time a link of an orientation opens, the orientation is received."""
    if subject.referral is not None and subject.referral.status == SENT:
        steps.take(visit, subject.referral, RECEIVED, link_id=link.id)


def answered(visit: Visit, subject: Subject, link: PartnerLink, step: str, reason: str = "") -> None:
    """The step an answer makes, where the orientation waits for one."""
    if step and subject.referral is not None and waits(subject):
        steps.take(visit, subject.referral, step, reason=reason, link_id=link.id)
