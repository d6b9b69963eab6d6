"""Closing a meeting: one page to read and correct, then one act. Decisions take effect, actions reach their owners, relevés are drawn,
access by this meeting ends. All of it in one transaction, or nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casework.errors import InvalidInput, NotFound, StaleVersion
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Decision, Item, Meeting, Point, Task
from casework.models.people import Institution
from casework.services.access import Held, find, linked
from casework.services.actor import Actor
from casework.services.attention.alerts import tell
from casework.services.keys.keychain import Keychain
from casework.services.meeting import access
from casework.services.meeting.agenda import heads
from casework.services.meeting.decisions import carrying, decided, deciding, effects, minutes, outcomes, owning
from casework.services.meeting.decisions.decided import Decided
from casework.services.meeting.decisions.outcome_views import (
    ClosingLine,
    ClosingPage,
    DecisionDraft,
    MinutesAction,
    MinutesLine,
    UndecidedChoice,
)
from casework.services.meeting.rows import CLOSED, OPEN, WITHDRAWN, hold_agenda, items_of, meeting_of, require_in, seats_of
from casework.services.meeting.sitting import looking_on
from casework.services.membership import cell_ring
from casework.services.offices import covering
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.reasons import choices, label
from casework.services.sharing.recipients import today
from casework.services.terms import PARIS
from casework.services.unit import Unit, writing
from casework.vault.packing import pack
from casework.wording import Wording, says

CLOSE = "meeting.close"
READY = "minutes_ready"
"""The alert that a relevé can be read."""

POSTPONED, TAKEN_OFF = "postponed", "withdrawn"
ANOTHER = says("Cette réunion est à clôturer par une autre personne qui coordonne la cellule.")
"""Said to who is walled off from a dossier of the agenda: it names none, and no decision of it is lost."""
SHUT = says("Ce dossier ne vous est pas ouvert : une autre personne qui coordonne la cellule doit clôturer, ou retirer ce point.")


def prepare(actor: Actor, meeting_id: str) -> ClosingPage:
    """Every decision, action, question and orientation of a meeting, to read before it is closed. Raises NotFound.

    The words of those that all present may read, and recorded as read by them.
    """
    with writing(actor, CLOSE) as unit:
        meeting, cell = _closable(unit, meeting_id)
        require_in(unit, cell)
        hold_agenda(unit, meeting)
        verdict = unit.trace.rule
        agenda = items_of(unit, meeting.id)
        lines = tuple(_lines(unit, meeting, agenda))
        unit.trace.rule = verdict
        return ClosingPage(
            meeting=heads.of(unit, meeting, cell),
            lines=lines,
            undecided=sum(1 for line in lines if not line.decided),
            points=tuple(action for _, action in _points(unit, meeting)),
            readers=tuple(_readers(unit, meeting)),
            missing=choices(unit.charter.meetings.missing),
            today=today(unit),
            seen=_digest(unit, meeting, agenda),
        )


def close(actor: Actor, meeting_id: str, undecided: Sequence[UndecidedChoice], seen: str) -> None:
    """Close a meeting. undecided: what becomes of each item without a decision. seen: the digest of the page that was read.

    Twice the same is one. Raises NotFound, StaleVersion when a decision changed since the page was read, or InvalidInput: for
    `item-<id>` what keeps that decision from taking effect, for `choice-<id>` and its fields what an undecided item still needs.
    """
    with writing(actor, CLOSE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, OPEN, CLOSED)
        require_in(unit, cell)
        verdict = unit.trace.rule
        if minutes.drawn(unit, meeting.id):
            return
        hold_agenda(unit, meeting)
        if _digest(unit, meeting, items_of(unit, meeting.id)) != seen:
            raise StaleVersion
        if len(items_of(unit, meeting.id, walled=True)) > len(items_of(unit, meeting.id)):
            raise InvalidInput({"form": ANOTHER})
        _settle_undecided(unit, meeting, cell, {each.item: each for each in undecided})
        settled = _apply_all(unit, meeting)
        _end(unit, meeting)
        told = minutes.draw(unit, meeting, cell, settled, _points(unit, meeting))
        tell(unit, told, READY, reference=meeting.id)
        unit.trace.rule = verdict
        unit.trace.facts["items"] = len(settled)
    covering.release(actor.instance, meeting_id)


def _closable(unit: Unit, meeting_id: str) -> tuple[Meeting, Cell]:
    meeting, cell = meeting_of(unit, meeting_id, OPEN, CLOSED)
    if minutes.drawn(unit, meeting.id):
        raise NotFound(unit.action)
    return meeting, cell


def _digest(unit: Unit, meeting: Meeting, agenda: Sequence[tuple[Item, Dossier]]) -> str:
    """Of everything that the close will act on: who is named, what and when, in its present version."""
    decisions = unit.session.scalars(select(Decision).where(Decision.meeting_id == meeting.id).order_by(Decision.id))
    tasks = unit.session.scalars(select(Task).where(Task.meeting_id == meeting.id).order_by(Task.id))
    parts = [(each.id, each.status) for each, _ in agenda]
    parts += [(each.id, f"{each.version} {each.outcome} {each.lead_id} {each.next_date} {each.entry_id}") for each in decisions]
    parts += [(each.id, f"{each.version} {each.status} {each.owner_id} {each.due} {each.entry_id}") for each in tasks]
    return hashlib.sha256(pack("closing", meeting.id, *(text for part in parts for text in part))).hexdigest()[:32]


def _lines(unit: Unit, meeting: Meeting, agenda: Sequence[tuple[Item, Dossier]]) -> Iterator[ClosingLine]:
    names = decided.institutions_of(unit)
    for place, (item, dossier) in enumerate(agenda, 1):
        held = _held(unit, dossier)
        found, shown = _seen(held, meeting, item) if held is not None else (_closed_to_me(unit, item), True)
        stands = None if held is None else decided.stands(held, found) if shown else decided.bare(held, found)
        owners = professionals(unit.session, unit.instance.anchor, {task.owner_id for task in found.tasks if task.owner_id})
        yield ClosingLine(
            item=item.id,
            number=dossier.number,
            position=place,
            stands=stands,
            outcome=label(unit.charter.meetings.outcomes, found.decision.outcome) if found.decision and held is not None else "",
            actions=decided.actions(unit, found, dossier.number, decided.ACTION, owners) if shown else (),
            questions=decided.actions(unit, found, dossier.number, decided.QUESTION, owners) if shown else (),
            referrals=decided.referrals(unit, found, names) if shown else (),
            decided=found.decision is not None,
            decidable=held is not None and held.verdict(deciding.DECIDE).permitted,
            pending=found.decision is not None and found.decision.applied_at is None,
            withheld=not shown,
        )


def _seen(held: Held, meeting: Meeting, item: Item) -> tuple[Decided, bool]:
    """What is decided about an item, and whether all who look on may read its words: opened only then."""
    found = decided.unopened(held.unit, item)
    if found.decision is None:
        return found, True
    shown = looking_on.sight(held, meeting, item, speaks=bool(found.spoken)).words
    return (decided.opened(held, found) if shown else found), shown


def _held(unit: Unit, dossier: Dossier) -> Held | None:
    """The dossier as I hold it; None when it is closed to me (a personal link, an archive)."""
    try:
        held = find(unit, dossier.number)
    except NotFound:
        return None
    return held if held.boxes else None


def _closed_to_me(unit: Unit, item: Item) -> Decided:
    decision = unit.session.scalar(select(Decision).where(Decision.item_id == item.id))
    return Decided(item, decision, (), (), {})


def _settle_undecided(unit: Unit, meeting: Meeting, cell: Cell, chosen: Mapping[str, UndecidedChoice]) -> None:
    """Postpone or take off what nobody decided about. Raises InvalidInput for what was left without a choice."""
    problems: dict[str, str] = {}
    known = set(unit.session.scalars(select(Decision.item_id).where(Decision.meeting_id == meeting.id)))
    for item, dossier in items_of(unit, meeting.id):
        if item.id in known:
            continue
        choice = chosen.get(item.id)
        if choice is None or choice.choice not in (POSTPONED, TAKEN_OFF):
            problems[f"choice-{item.id}"] = says("Décidez, reportez ou retirez ce point.")
        elif choice.choice == TAKEN_OFF:
            item.status, item.withdrawn_at, item.version = WITHDRAWN, unit.now, item.version + 1
        else:
            problems |= _postpone(unit, meeting, cell, (item, dossier), choice)
    if problems:
        raise InvalidInput(problems)
    unit.session.flush()


def _postpone(unit: Unit, meeting: Meeting, cell: Cell, point: tuple[Item, Dossier], choice: UndecidedChoice) -> dict[str, str]:
    item, dossier = point
    held = find(unit, dossier.number)
    if not held.verdict(deciding.DECIDE).permitted:
        return {f"choice-{item.id}": says("Ce dossier n’est plus à décider : retirez ce point.")}
    draft = DecisionDraft(outcomes.POSTPONED, next_date=choice.next_date, missing=choice.missing)
    try:
        deciding.enter(held, meeting, cell, item, draft, applied=True)
        effects.carry_out(held, item, unit.session.scalars(select(Decision).where(Decision.item_id == item.id)).one())
    except InvalidInput as problem:
        return {f"{name}-{item.id}": sentence for name, sentence in problem.problems.items()}
    return {}


@dataclass(frozen=True, slots=True)
class _Names:
    """What the lines of a relevé are written with."""

    institutions: Mapping[str, str]
    people: Mapping[str, Professional]


def _apply_all(unit: Unit, meeting: Meeting) -> list[minutes.Settled]:
    """Let every decision take effect and hand out its actions. Raises InvalidInput with what keeps which of them."""
    problems: dict[str, str] = {}
    tasks = unit.session.scalars(select(Task.owner_id).where(Task.meeting_id == meeting.id))
    leads = unit.session.scalars(select(Decision.lead_id).where(Decision.meeting_id == meeting.id))
    people = professionals(unit.session, unit.instance.anchor, {each for each in (*tasks, *leads) if each})
    names = _Names(decided.institutions_of(unit), people)
    settled, entrusted = [], []
    with unit.session.no_autoflush:  # each write says itself when it must be seen: asked before every query, the flush is most of the close
        for item, dossier in items_of(unit, meeting.id):
            try:
                line, owned = _apply(unit, item, dossier, names)
            except InvalidInput as problem:
                problems[f"item-{item.id}"] = _naming(dossier, problem.problems.values())
            except NotFound:
                problems[f"item-{item.id}"] = _naming(dossier, [SHUT])
            else:
                settled.append(line)
                entrusted += owned
        if problems:
            raise InvalidInput(problems)
        owning.Owners(unit, access.Receivers(unit, meeting)).give(entrusted)
    return settled


def _naming(dossier: Dossier, sentences: Iterable[str]) -> Wording:
    return says("Dossier %(number)s : %(why)s", number=dossier.number, why=tuple(dict.fromkeys(sentences)))


def _apply(unit: Unit, item: Item, dossier: Dossier, names: _Names) -> tuple[minutes.Settled, list[owning.Entrusted]]:
    held = find(unit, dossier.number)
    found = decided.of_item(held, item)
    if found.decision is None:
        raise NotFound(unit.action)
    if effects.apply(held, item, found.decision):
        unit.session.flush()
        held = find(unit, dossier.number)  # its keys were turned: what was held is old
    told, entrusted = [], []
    for task in found.tasks:
        text = found.said(task.entry_id)
        if task.status == decided.OPEN and task.extract_id is None:
            entrusted.append(owning.Entrusted(held, task, text))
        owner = carrying.name_of(unit, task, names.people)
        told.append((task, MinutesAction(task.kind, dossier.number, owner, text, task.due)))
    return minutes.Settled(item, dossier, _line(unit, found, dossier, names), tuple(told), linked(unit, dossier.id)), entrusted


def _line(unit: Unit, found: Decided, dossier: Dossier, names: _Names) -> MinutesLine:
    decision, rules = found.decision, unit.charter.meetings
    assert decision is not None  # noqa: S101 - asked of decided items only
    return MinutesLine(
        number=dossier.number,
        outcome=label(rules.outcomes, decision.outcome),
        lead=names.people[decision.lead_id].name if decision.lead_id and decision.lead_id in names.people else "",
        next_date=decision.next_date,
        missing=label(rules.missing, decision.missing) if decision.missing else "",
        words=found.text,
        decided_on=decision.decided_on,
        entered_on=_day(decision),
        referrals=decided.referrals(unit, found, names.institutions),
    )


def _day(decision: Decision) -> date:
    return decision.entered_at.astimezone(PARIS).date()


def _points(unit: Unit, meeting: Meeting) -> list[tuple[Task, MinutesAction]]:
    """The actions of points without a person, in words for the members of the cell."""
    query = select(Task, Point).join(Point, Point.id == Task.point_id).where(Task.meeting_id == meeting.id, Task.status != decided.DROPPED)
    rows = unit.session.execute(query.order_by(Point.written_at, Task.id)).all()
    people = professionals(unit.session, unit.instance.anchor, {task.owner_id for task, _ in rows if task.owner_id})
    keychain, found = Keychain(unit), []
    for task, point in rows:
        texts = cell_ring.open_text(unit, point.epoch_id, point.sealed, table=Point.__tablename__, row_id=point.id, keychain=keychain)
        owner = people.get(task.owner_id or "", UNKNOWN).name
        found.append((task, MinutesAction(task.kind, "", owner, texts.get("action", ""), task.due)))
    return found


def _readers(unit: Unit, meeting: Meeting) -> Iterator[tuple[str, int]]:
    """Institutions that get a relevé, and how many people of each read it."""
    receivers = access.Receivers(unit, meeting)
    seats = [each for each in seats_of(unit, meeting.id) if each.user_id and each.institution_id and receivers.find(each.user_id)]
    names = {row.id: row.name for row in unit.session.scalars(select(Institution))}
    for institution in sorted({each.institution_id for each in seats if each.institution_id}, key=lambda each: names[each]):
        yield names[institution], sum(1 for each in seats if each.institution_id == institution)


def _end(unit: Unit, meeting: Meeting) -> None:
    """Access by this meeting ends, and the meeting with it."""
    access.end(unit, meeting)
    meeting.status, meeting.current_item_id = CLOSED, None
    meeting.closed_at, meeting.version = meeting.closed_at or unit.now, meeting.version + 1
