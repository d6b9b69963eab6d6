"""Which outcome a meeting may give a dossier, what each asks for, and which act of the house it is once the meeting is closed."""

from collections.abc import Iterator

from casework.charter.programmes import Programme
from casework.errors import InvalidInput
from casework.services.access import Held
from casework.services.drafts import ExaminationDraft
from casework.services.meeting.decisions.outcome_views import DecisionDraft
from casework.services.referral import examination
from casework.services.referral.leads import chosen
from casework.services.sharing.recipients import today
from casework.wording import says

RETAINED, CONTINUED, POSTPONED, CLOSED_OUT = "retained", "continued", "postponed", "closed"
NOT_RETAINED, ELSEWHERE, MAINSTREAM, PROTECTION = "not_retained", "followed_elsewhere", "mainstream", "child_protection"

RECEIVED_ASKS: dict[str, tuple[str, ...]] = {
    RETAINED: ("lead", "date"),
    POSTPONED: ("missing", "date"),
    NOT_RETAINED: (),
    ELSEWHERE: ("redirected", "duplicate"),
    MAINSTREAM: (),
    PROTECTION: (),
}
"""A saisine that waits: outcome -> what it asks for, the usual ones first. All but the second are its examination."""

OPEN_ASKS: dict[str, tuple[str, ...]] = {
    CONTINUED: ("date",),
    POSTPONED: ("missing", "date"),
    RETAINED: ("lead", "date"),
    CLOSED_OUT: ("reason",),
    MAINSTREAM: (),
    ELSEWHERE: (),
    PROTECTION: (),
}
"""A dossier that is followed: outcome -> what it asks for, the usual ones first."""

ENDS = {ELSEWHERE: "other_service", MAINSTREAM: "mainstream", PROTECTION: "child_protection"}
"""Outcomes that end a follow-up with a reason of their own, where the programme has it."""


def offered(held: Held) -> dict[str, tuple[str, ...]]:
    """Outcome -> what it asks for, for a dossier of this status. Empty for one that is over."""
    programme = held.unit.charter.programmes[held.dossier.programme]
    known = {"received": RECEIVED_ASKS, "open": OPEN_ASKS}.get(held.dossier.status, {})
    listed = held.unit.charter.meetings.outcomes
    return {code: asks for code, asks in known.items() if code in listed and _possible(held.dossier.status, programme, code)}


def _possible(status: str, programme: Programme, outcome: str) -> bool:
    return status == "received" or outcome not in ENDS or ENDS[outcome] in programme.closing_reasons


def as_examination(draft: DecisionDraft) -> ExaminationDraft:
    """A decision about a saisine as the examination it is. A number typed for one followed elsewhere makes it a duplicate."""
    if draft.outcome == ELSEWHERE:
        if draft.duplicate_of.strip():
            return ExaminationDraft(examination.DUPLICATE, duplicate_of=draft.duplicate_of.strip())
        return ExaminationDraft(examination.REDIRECTED, redirected_to=draft.redirected_to)
    if draft.outcome == MAINSTREAM:
        return ExaminationDraft(examination.REDIRECTED, redirected_to=draft.redirected_to or "mainstream")
    if draft.outcome == RETAINED:
        return ExaminationDraft(draft.outcome, draft.lead, draft.next_date)
    return ExaminationDraft(draft.outcome)


def check(held: Held, draft: DecisionDraft) -> str:
    """Check an outcome and what it asks for; returns the user id of the lead it names, or nothing.

    Raises InvalidInput with every problem at once, under the names of the form's fields.
    """
    asked = offered(held).get(draft.outcome)
    if asked is None:
        raise InvalidInput({"outcome": says("Choisissez une issue de la liste.")})
    if held.dossier.status == "received" and draft.outcome != POSTPONED:
        return examination.checked(held, as_examination(draft)).lead
    problems = dict(_problems(held, draft, asked))
    lead = ""
    if "lead" in asked:
        try:
            lead = chosen(held, draft.lead)
        except InvalidInput as problem:
            problems |= problem.problems
    if problems:
        raise InvalidInput(problems)
    return lead


def _problems(held: Held, draft: DecisionDraft, asked: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    now = today(held.unit)
    if "date" in asked and (draft.next_date is None or not now <= draft.next_date <= now + examination.FARTHEST):
        yield "next_date", says("Indiquez la prochaine échéance : une date à venir, dans l’année.")
    if "missing" in asked and draft.missing not in held.unit.charter.meetings.missing:
        yield "missing", says("Dites ce qui manque pour décider.")
    if "reason" in asked and draft.closing_reason not in held.unit.charter.programmes[held.dossier.programme].closing_reasons:
        yield "closing_reason", says("Choisissez un motif de la liste.")
