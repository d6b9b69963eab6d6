"""The victim decides: agreement withdrawn in one act. Follow-up closes, what is under way elsewhere ends, a review before erasure opens.

Partners are told that it ended, and nothing else. A legal report already made, or still to be made, keeps its own path.
Source: charter, articles 13, 25 and 26; decision 5.
"""

from datetime import date

from sqlalchemy import func, select

from casework.models.base import new_id
from casework.models.meetings import Minutes, Task
from casework.models.orientations import ReferralOut
from casework.models.support import PurgeReview
from casework.services.access import Held, find, linked
from casework.services.actor import Actor
from casework.services.attention import alerts
from casework.services.dossier import lifecycle
from casework.services.dossier.dossier_page import person_of
from casework.services.meeting.decisions import owning
from casework.services.meeting.decisions.decided import DROPPED, OPEN
from casework.services.membership.standing import STEWARD
from casework.services.orientation import ending, steps
from casework.services.sharing.recipients import today
from casework.services.support import agreements, erasing
from casework.services.support.views import WithdrawalPage
from casework.services.support.words import WITHDRAWN
from casework.services.unit import Unit, reading, writing

WITHDRAW = "agreement.withdraw"
REASON = "refusal"
"""Closing reason of every programme: the person wants it no more."""

TOLD, OVER = "agreement_withdrawn", "task_over"
"""Alert kinds: to stewards, a file to look at; to whoever carried an action, that it ended, and not why."""


def prepare(actor: Actor, number: str) -> WithdrawalPage:
    """What the one step would do. Raises NotFound, alike for unknown and forbidden."""
    with reading(actor, WITHDRAW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        person = person_of(held)
        unit.trace.show(number, *(("identity",) if person else ()))
        living = select(func.count(ReferralOut.id)).where(ReferralOut.dossier_id == held.dossier.id, ReferralOut.status.in_(steps.LIVING))
        return WithdrawalPage(number, person, unit.session.scalar(living) or 0, _due(unit))


def withdraw(actor: Actor, number: str) -> None:
    """End the follow-up because the person wants it no more: orientations first, then the dossier, in one transaction. What was planned to
    reach them, what partners open by a link, and what members were to do for them, ends with it.

    Twice is refused like any closed dossier (NotFound).
    """
    with writing(actor, WITHDRAW) as unit:
        held = find(unit, number)
        unit.require(held.situations())
        ended = ending.end_all(unit, held.dossier, reason=ending.BY_THE_PERSON, by=actor.user_id)
        _end_actions(held)
        erasing.call_off(unit.session, held.dossier)
        unit.session.flush()
        lifecycle.end_follow_up(held, REASON)
        agreements.keep(unit, held.dossier.id, WITHDRAWN)
        _open_review(held)
        unit.trace.facts["orientations"] = ended


def _end_actions(held: Held) -> None:
    """Open actions and questions are dropped, whoever carries one keeps nothing of it, and is told that it ended."""
    unit, dossier = held.unit, held.dossier
    query = select(Task).where(Task.dossier_id == dossier.id, Task.status == OPEN).order_by(Task.id).with_for_update()
    tasks = unit.session.scalars(query).all()
    for task in tasks:
        task.status, task.version = DROPPED, task.version + 1
        owning.end(unit, task)
    handed_out = set(unit.session.scalars(select(Minutes.meeting_id).where(Minutes.meeting_id.in_({each.meeting_id for each in tasks}))))
    owners = {each.owner_id for each in tasks if each.owner_id and each.meeting_id in handed_out}
    alerts.tell(unit, owners - linked(unit, dossier.id), OVER, number=dossier.number)


def _open_review(held: Held) -> None:
    unit, dossier = held.unit, held.dossier
    unit.session.add(
        PurgeReview(id=new_id(), version=1, dossier_id=dossier.id, reason=WITHDRAWN, opened_at=unit.now, due=_due(unit))
    )  # fmt: skip
    stewards = set(alerts.people_in(unit, dossier.cell_id, STEWARD)) - linked(unit, dossier.id)
    alerts.tell(unit, stewards, TOLD, number=dossier.number)


def _due(unit: Unit) -> date:
    return today(unit) + unit.charter.support.purge
