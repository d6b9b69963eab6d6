"""What a partner may answer: accept, decline with a reason, or three fields: a result, a day, a contact (for an action, a few words)."""

from datetime import date, datetime, timedelta

from casework.services import typed
from casework.services.partner import steps
from casework.services.partner.subjects import Subject
from casework.services.partner.views import REFERRAL, TASK, PartnerDraft, VisitView
from casework.services.partner.visiting import Visit
from casework.services.reasons import choices
from casework.services.terms import PARIS, refuse
from casework.services.views import Choice, Field
from casework.wording import says

TOLD = "told"
ANSWERS = {
    steps.ACCEPTED: says("Nous accompagnons cette personne"),
    steps.DECLINED: says("Nous ne pouvons pas l’accompagner"),
    TOLD: says("Nous avons un résultat à donner"),
}
MAX_CONTACT, MAX_WORDS = 80, 200
NEAR = timedelta(days=366)
"""How far a day may lie, before or after today."""

AS_STEP = {"will_do": steps.ACCEPTED, "done": steps.ACCEPTED}
"""What a told result says of the orientation itself: whoever takes charge accepted. How it ends is the sender's to record."""


def offered(subject: Subject) -> tuple[str, ...]:
    """Which answers fit what the link is about: an action, or an orientation once accepted, has a result and nothing to accept."""
    return (*((steps.ACCEPTED, steps.DECLINED) if steps.waits(subject) else ()), TOLD)


def longest(subject: Subject) -> int:
    """Of the free field."""
    return MAX_CONTACT if subject.referral is not None else MAX_WORDS


def page(visit: Visit, subject: Subject, items: tuple[Field, ...], until: datetime) -> VisitView:
    """What the partner sees, and what they may answer."""
    rules = visit.charter.support
    return VisitView(
        kind=REFERRAL if subject.referral else TASK,
        items=items,
        answers=tuple(Choice(code, ANSWERS[code]) for code in offered(subject)),
        reasons=choices(rules.declined),
        results=choices(rules.partner_results),
        longest=longest(subject),
        until=until,
        today=_today(visit),
    )


def checked(visit: Visit, subject: Subject, draft: PartnerDraft) -> tuple[dict[str, str], str]:
    """The cleaned answer, by field, and the step it makes (empty for none). What the answer does not ask for is left out.

    Raises InvalidInput with every problem at once.
    """
    text, rules, now = typed.clean(draft.text), visit.charter.support, _today(visit)
    answer = draft.answer if draft.answer in offered(subject) else ""
    wrong: dict[str, str | None] = {"answer": None if answer else says("Choisissez votre réponse.")}
    if answer == steps.DECLINED and draft.reason not in rules.declined:
        wrong["reason"] = says("Choisissez le motif.")
    if answer == TOLD and draft.result not in rules.partner_results:
        wrong["result"] = says("Choisissez ce qu’il en est.")
    spoken = answer in (steps.ACCEPTED, TOLD)
    if spoken and not (draft.on and now - NEAR <= draft.on <= now + NEAR) and (answer == TOLD or draft.on):
        wrong["on"] = says("Indiquez le jour, à un an près.")
    if spoken and text:
        wrong["text"] = typed.problem(text, longest(subject))
    refuse(wrong)
    said = {
        "answer": answer,
        "reason": draft.reason if answer == steps.DECLINED else "",
        "result": draft.result if answer == TOLD else "",
        "on": draft.on.isoformat() if spoken and draft.on else "",
        "text": text if spoken else "",
    }
    return said, AS_STEP.get(said["result"], "") if answer == TOLD else answer


def _today(visit: Visit) -> date:
    return visit.now.astimezone(PARIS).date()
