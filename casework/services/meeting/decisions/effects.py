"""What a decision does to its dossier, at the close of the meeting: the acts of the house, and no second way of doing them.

Until then a decision is words and a row: it can be corrected, and nobody's keys have turned for a slip of the pen.
"""

from casework.errors import InvalidInput, NotFound
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.dossiers import Dossier
from casework.models.meetings import Decision, Item
from casework.models.people import User
from casework.services.access import Held
from casework.services.attention.alerts import tell
from casework.services.dossier import lifecycle
from casework.services.drafts import ExaminationDraft
from casework.services.meeting.decisions import outcomes
from casework.services.meeting.decisions.outcome_views import DecisionDraft
from casework.services.referral import examination
from casework.services.referral.examination import Checked
from casework.services.unit import Unit
from casework.wording import says

NOTICE = "notice_due"
"""The person is to be told what was decided (domain 1.16)."""

SILENT = (outcomes.CONTINUED, outcomes.POSTPONED)
"""Outcomes that change nothing for the person."""


def apply(held: Held, item: Item, decision: Decision) -> bool:
    """Let a decision take effect; returns whether the dossier's keys were turned, so that what was opened of it is old.

    The caller has required its own action; the acts below are asked of the charter one by one. Raises NotFound for one that it does not
    permit, InvalidInput for a decision that does not fit the dossier any more.
    """
    if decision.applied_at is not None:
        return False
    turned = carry_out(held, item, decision)
    decision.applied_at, decision.version = held.unit.now, decision.version + 1
    return turned


def carry_out(held: Held, item: Item, decision: Decision) -> bool:
    """`apply`, for a decision whose row says already that it took effect: one change of a row for each act."""
    unit, dossier = held.unit, held.dossier
    draft = _draft(held, decision)
    received = dossier.status == "received" and decision.outcome != outcomes.POSTPONED
    if decision.outcome not in outcomes.offered(held):
        raise InvalidInput({"outcome": says("Ce dossier a changé depuis la décision : corrigez-la.")})
    if received:
        _permit(held, examination.EXAMINE)
        _examine(held, draft, duplicate=decision.other_id is not None)
    else:
        _follow(held, draft)
    if decision.outcome not in SILENT or item.informed == "deferred":
        _owe_notice(unit, dossier, decision)
    return received


def _owe_notice(unit: Unit, dossier: Dossier, decision: Decision) -> None:
    """Say that the person is to be told: to the lead; without one to whoever entered the decision, who may well be closing it now."""
    if dossier.lead_id:
        tell(unit, [dossier.lead_id], NOTICE, number=dossier.number)
    else:  # a duty and not news: the actor is told of it too
        unit.session.add(Alert(id=new_id(), recipient_id=decision.author_id, kind=NOTICE, number=dossier.number, created_at=unit.now))


def _examine(held: Held, draft: DecisionDraft, *, duplicate: bool) -> None:
    asked = outcomes.as_examination(draft)
    if duplicate:  # where the person is followed was checked and written down when it was decided
        examination.settle(held, ExaminationDraft(examination.DUPLICATE), Checked())
    else:
        examination.settle(held, asked, examination.checked(held, asked))


def _follow(held: Held, draft: DecisionDraft) -> None:
    dossier = held.dossier
    ending = outcomes.ENDS.get(draft.outcome) or (draft.closing_reason if draft.outcome == outcomes.CLOSED_OUT else "")
    if ending:
        _permit(held, "dossier.close")
        lifecycle.end_follow_up(held, ending)
        return
    lead = outcomes.check(held, draft)
    if lead and lead != dossier.lead_id:
        _permit(held, lifecycle.RELEAD)
        lifecycle.hand_over(held, lead, next_date=draft.next_date)
    else:
        dossier.next_date, dossier.version = draft.next_date, dossier.version + 1


def _draft(held: Held, decision: Decision) -> DecisionDraft:
    """The clear part of a decision, as its form carried it: the lead again by user name, so that it is checked again."""
    lead = held.unit.session.get(User, decision.lead_id) if decision.lead_id else None
    return DecisionDraft(
        outcome=decision.outcome,
        lead=lead.username if lead else "",
        next_date=decision.next_date,
        missing=decision.missing or "",
        closing_reason=decision.closing_reason or "",
        redirected_to=decision.redirected_to or "",
    )


def _permit(held: Held, action: str) -> None:
    if not held.verdict(action).permitted:
        raise NotFound(action)
