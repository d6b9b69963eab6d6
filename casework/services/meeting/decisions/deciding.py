"""Deciding about an item of a meeting, once: the page, the decision, and the same decision for its siblings.

What is entered is rows and words; the dossier itself changes when the meeting is closed (`effects`), so that a slip can be corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound, StaleVersion
from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.meetings import Decision, Item, Meeting, Minutes
from casework.services import typed
from casework.services.access import Held, find, shut
from casework.services.actor import Actor
from casework.services.meeting.decisions import asking, decided, outcomes
from casework.services.meeting.decisions.decided import Decided
from casework.services.meeting.decisions.outcome_views import DecisionDraft, DecisionPage, TaskRow
from casework.services.meeting.rows import CLOSED, OPEN, SETTLED, item_of, meeting_of
from casework.services.referral import examination
from casework.services.unit import Unit, reading, writing
from casework.wording import says

DECIDE = "meeting.decide"
LATE = timedelta(days=30)
"""How long after a meeting was closed a decision sheet may still be copied."""
MAX_TEXT = 500
"""Characters of a decision: what was decided, never what was said (domain 2.7)."""

MINE, THEIRS, BOTH, UNSEEN = "mine", "theirs", "both", "unseen"


def prepare(actor: Actor, meeting_id: str, item_id: str) -> DecisionPage:
    """All the form needs, with the decision as it stands. Raises NotFound outside a sitting, and for what is not mine to decide."""
    with writing(actor, DECIDE) as unit:  # what the room reads on this page is recorded
        meeting, cell, item, held = _found(unit, meeting_id, item_id)
        verdict = unit.require(held.situations())
        unit.trace.show(held.dossier.number)
        page = asking.page(held, meeting, cell, item)
        unit.trace.rule = verdict.rule
        return page


def decide(actor: Actor, meeting_id: str, item_id: str, draft: DecisionDraft) -> None:
    """Enter a decision, or correct it, here and for the items it is copied to: each dossier gets its own rows, checked on its own.

    Twice the same is one. Raises NotFound, InvalidInput with what is wrong in each field, or StaleVersion, with nothing written, when
    somebody else entered another one since the form was opened.
    """
    with writing(actor, DECIDE) as unit:
        meeting, cell, item, held = _found(unit, meeting_id, item_id)
        verdict = unit.require(held.situations())
        draft = _completed(held, item, draft)
        enter(held, meeting, cell, item, draft)
        for other_id in dict.fromkeys(draft.copies):
            _copy(unit, meeting, cell, other_id, draft)
        unit.trace.rule = verdict.rule


def meeting_of_item(actor: Actor, item_id: str) -> str:
    """The meeting of an item that I may decide about: a draft knows the item only. Raises NotFound."""
    with reading(actor, DECIDE) as unit:
        item = unit.session.get(Item, item_id)
        shut(unit, item.dossier_id if item is not None else None)
        assert item is not None  # noqa: S101 - refused just above
        found = _found(unit, item.meeting_id, item_id)
        unit.require(found[3].situations())
        return item.meeting_id


def enter(held: Held, meeting: Meeting, cell: Cell, item: Item, draft: DecisionDraft, *, applied: bool = False) -> None:
    """Enter or correct one decision inside a larger act. applied: it takes effect in that very act.

    The caller has required its action. Raises as `decide`.
    """
    unit, found = held.unit, decided.of_item(held, item)
    former = found.decision
    if former is not None and former.version != draft.version:
        if _said_already(held, found, draft):
            return
        raise StaleVersion
    draft = replace(draft, text=_text(found, draft))
    lead = _checked(held, cell, draft)
    held = decided.ready(held) if _speaks(draft) else held
    row = former or Decision(
        id=new_id(), version=0, meeting_id=meeting.id, item_id=item.id, dossier_id=item.dossier_id, decided_on=decided.held_on(meeting),
    )  # fmt: skip
    row.applied_at = unit.now if applied else row.applied_at
    _write(held, row, draft, lead, found)
    unit.session.add(row)
    asking.write_tasks(held, meeting, found, draft)
    asking.write_referrals(held, found, draft)
    item.status, item.version = SETTLED, item.version + 1
    unit.session.flush()


def _found(unit: Unit, meeting_id: str, item_id: str) -> tuple[Meeting, Cell, Item, Held]:
    meeting, cell = meeting_of(unit, meeting_id, OPEN, CLOSED)
    if meeting.status == CLOSED:
        _still(unit, meeting)
    item, dossier = item_of(unit, meeting, item_id)
    return meeting, cell, item, find(unit, dossier.number)


def _still(unit: Unit, meeting: Meeting) -> None:
    """Raise NotFound once the relevés are drawn, or a month after a meeting that nobody closed."""
    drawn = unit.session.scalar(select(Minutes.id).where(Minutes.meeting_id == meeting.id).limit(1))
    if drawn is not None or (meeting.closed_at or meeting.starts_at) + LATE < unit.now:
        raise NotFound(unit.action)


def _copy(unit: Unit, meeting: Meeting, cell: Cell, item_id: str, draft: DecisionDraft) -> None:
    """The same decision for another item. Raises InvalidInput naming the number for one that cannot have it."""
    item, dossier = item_of(unit, meeting, item_id)
    held = find(unit, dossier.number)
    if not held.verdict(DECIDE).permitted:
        raise NotFound(unit.action)
    own = replace(draft, actions=_fresh(draft.actions), questions=_fresh(draft.questions), version=0, keep=MINE, duplicate_of="")
    try:
        enter(held, meeting, cell, item, own)
    except InvalidInput as problem:
        why = " ".join(dict.fromkeys(problem.problems.values()))
        raise InvalidInput({"copies": says("Dossier %(number)s : %(why)s", number=dossier.number, why=why)}) from problem
    except StaleVersion as problem:
        raise InvalidInput({"copies": says("Le dossier %(number)s a déjà une décision.", number=dossier.number)}) from problem


def _completed(held: Held, item: Item, draft: DecisionDraft) -> DecisionDraft:
    """The draft with the words that its form could not show, wherever nothing was typed in their place: none is lost unread."""
    if draft.keep not in (UNSEEN, BOTH):
        return draft
    found = decided.of_item(held, item)
    said = {each.id: found.said(each.entry_id) for each in found.tasks}
    draft = replace(draft, actions=_spoken(draft.actions, said), questions=_spoken(draft.questions, said))
    if draft.keep == BOTH:
        return draft
    return replace(draft, keep=MINE, text=draft.text or found.text, duplicate_of=draft.duplicate_of or found.other)


def _spoken(rows: Sequence[TaskRow], said: Mapping[str, str]) -> tuple[TaskRow, ...]:
    return tuple(each if typed.clean(each.text) else replace(each, text=said.get(each.id, "")) for each in rows)


def _fresh(rows: Sequence[TaskRow]) -> tuple[TaskRow, ...]:
    return tuple(replace(each, id="") for each in rows)


def _text(found: Decided, draft: DecisionDraft) -> str:
    """The words to keep. After a clash the scribe says which: none is lost, none is typed twice."""
    mine = typed.clean(draft.text)
    if draft.keep == THEIRS:
        return found.text
    if draft.keep == BOTH and found.text and found.text != mine:
        return f"{found.text}\n{mine}" if mine else found.text
    return mine


def _checked(held: Held, cell: Cell, draft: DecisionDraft) -> str:
    """The lead's user id. Raises InvalidInput with every problem of the form at once."""
    problems: dict[str, str] = {}
    lead = ""
    try:
        lead = outcomes.check(held, draft)
    except InvalidInput as problem:
        problems |= problem.problems
    if draft.text and (wrong := typed.problem(draft.text, MAX_TEXT, lines=True)):
        problems["text"] = wrong
    problems |= asking.problems(held, cell, draft)
    if _speaks(draft) and not decided.may_write(held):
        problems["text"] = says("Seule la coordination peut écrire ici : laissez le texte, les actions et les questions vides.")
    if problems:
        raise InvalidInput(problems)
    return lead


def _speaks(draft: DecisionDraft) -> bool:
    return bool(draft.text or draft.actions or draft.questions)


def _write(held: Held, row: Decision, draft: DecisionDraft, lead: str, former: Decided) -> None:
    """The clear columns, and the words as a note: a correction is a new note that names the old one."""
    unit, asked = held.unit, outcomes.offered(held)[draft.outcome]
    entry_id = _sealed(held, row, draft.text) if draft.text != former.text else row.entry_id
    row.entry_id, row.other_id = entry_id, _pointed(held, row, draft, former.other)  # sealed first: the row changes once
    row.outcome, row.lead_id = draft.outcome, lead or None
    row.next_date = draft.next_date if "date" in asked else None
    row.missing = draft.missing if "missing" in asked else None
    row.closing_reason = draft.closing_reason if "reason" in asked else None
    row.redirected_to = _redirection(held, draft)
    row.entered_at, row.author_id, row.version = unit.now, unit.actor.user_id, (row.version or 0) + 1
    unit.trace.facts |= {"outcome": draft.outcome, "decided_on": row.decided_on.isoformat()}


def _redirection(held: Held, draft: DecisionDraft) -> str | None:
    """The kind of service a saisine is passed on to; a dossier that is followed is closed instead."""
    return (outcomes.as_examination(draft).redirected_to or None) if held.dossier.status == "received" else None


def _sealed(held: Held, row: Decision, text: str) -> str | None:
    if text:
        return decided.seal(held, row.decided_on, text, corrects=row.entry_id)
    decided.seal(held, row.decided_on, decided.TAKEN_BACK, corrects=row.entry_id)
    return None


def _pointed(held: Held, row: Decision, draft: DecisionDraft, former: str) -> str | None:
    """The note, among what is shared with the cell, that names the dossier in which the person is followed already.

    former: the number that stood; a correction takes its note back.
    """
    number = outcomes.as_examination(draft).duplicate_of if held.dossier.status == "received" else ""
    if number == former:
        return row.other_id
    if row.other_id is not None:
        decided.seal(held, row.decided_on, decided.TAKEN_BACK, corrects=row.other_id, place=decided.SHARED)
    return examination.point_to(held, number) if number else None


def _said_already(held: Held, found: Decided, draft: DecisionDraft) -> bool:
    """Whether the decision that stands is the one that was sent: a double click."""
    decision = found.decision
    assert decision is not None  # noqa: S101 - asked of a decision only
    there = decided.with_lead(held.unit, decided.as_draft(found), decision.lead_id)
    asked = outcomes.offered(held).get(draft.outcome, ())
    bare = replace(
        draft,
        actions=_fresh(draft.actions), questions=_fresh(draft.questions), copies=(), version=there.version, keep=MINE,
        text=typed.clean(draft.text), lead=draft.lead if "lead" in asked else "", next_date=draft.next_date if "date" in asked else None,
        missing=draft.missing if "missing" in asked else "", closing_reason=draft.closing_reason if "reason" in asked else "",
        redirected_to=_redirection(held, draft) or "",
    )  # fmt: skip
    return bare == replace(there, actions=_fresh(there.actions), questions=_fresh(there.questions))
