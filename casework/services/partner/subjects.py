"""What a link is about: an orientation sent by link, or an action of an institution without an account; whether it still runs."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.models.dossiers import Dossier
from casework.models.meetings import Task
from casework.models.orientations import PartnerLink, ReferralOut
from casework.services.meeting.decisions.decided import OPEN
from casework.services.orientation.steps import LIVING
from casework.services.partner.views import REFERRAL, TASK, About

FOLLOWED = frozenset({"open", "closed"})
"""States of a dossier in which a person may be passed on (the charter's rule `orientation.give`)."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The rows a link is about; one of referral and task is there. For services only, never for a screen."""

    dossier: Dossier
    referral: ReferralOut | None = None
    task: Task | None = None

    @property
    def extract_id(self) -> str | None:
        """The compartment with what is for the partner."""
        return self.referral.extract_id if self.referral else self.task.extract_id if self.task else None

    @property
    def institution_id(self) -> str | None:
        """Whose answer it is, where it signed."""
        return self.referral.institution_id if self.referral else self.task.institution_id if self.task else None

    @property
    def runs(self) -> bool:
        """Whether it still waits for somebody: neither the dossier nor the orientation or action is over."""
        if self.dossier.status not in FOLLOWED:
            return False
        if self.referral is not None:
            return self.referral.status in LIVING
        return self.task is not None and self.task.status == OPEN


def dossier_of(session: Session, about: About) -> str | None:
    """Id of the dossier that it hangs on; None for an id of nothing."""
    table = ReferralOut if about.kind == REFERRAL else Task
    return session.scalar(select(table.dossier_id).where(table.id == about.id))


def find(session: Session, about: About, *, lock: bool = False) -> Subject | None:
    """The rows, or None for an id of nothing; lock: nobody else changes them in this transaction."""
    found: ReferralOut | Task | None = None
    if about.kind == REFERRAL:
        found = session.get(ReferralOut, about.id, with_for_update=True if lock else None, populate_existing=lock)
    elif about.kind == TASK:
        found = session.get(Task, about.id, with_for_update=True if lock else None, populate_existing=lock)
    if found is None or found.dossier_id is None:
        return None
    dossier = session.get_one(Dossier, found.dossier_id)
    return Subject(dossier, found, None) if isinstance(found, ReferralOut) else Subject(dossier, None, found)


def about(link: PartnerLink) -> About:
    """What a link's row says it is about."""
    return About(REFERRAL, link.referral_id) if link.referral_id else About(TASK, link.task_id or "")


def link_of(session: Session, wanted: About) -> PartnerLink | None:
    """The living link of an orientation or action; there is one at most."""
    column = PartnerLink.referral_id if wanted.kind == REFERRAL else PartnerLink.task_id
    return session.scalar(select(PartnerLink).where(column == wanted.id).order_by(PartnerLink.made_at.desc()).limit(1))


def of_link(session: Session, which: ColumnElement[bool], *, lock: bool = False) -> tuple[PartnerLink, Subject] | None:
    """A link and what it is about; None when there is none, and for a row that was pointed at something whose extract it does not open.

    lock: both are held, the orientation or action first. Those inside take the dossier before them, then these in the same order; a
    partner takes no dossier, so that nobody waits for each other.
    """
    query = select(PartnerLink).where(which)
    link = session.scalar(query)
    subject = find(session, about(link), lock=lock) if link is not None else None
    if lock and link is not None:
        link = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if link is None or subject is None or subject.extract_id != link.compartment_id:
        return None
    return link, subject
