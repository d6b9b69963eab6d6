"""Decisions as they stand: their rows and words, opened together. Sealing words is a note of the dossier, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from casework.models.meetings import Decision, Item, Meeting, Task
from casework.models.orientations import ReferralOut
from casework.models.people import Institution, User
from casework.services.access import Held, find
from casework.services.dossier import contents, entries
from casework.services.drafts import EntryDraft
from casework.services.keys import compartments
from casework.services.meeting.decisions import carrying
from casework.services.meeting.decisions.outcome_views import (
    DecisionDraft,
    MinutesAction,
    MinutesReferral,
    ReferralRow,
    Stands,
    TaskRow,
)
from casework.services.offices.people import UNKNOWN, Professional, professionals
from casework.services.reasons import label
from casework.services.terms import PARIS
from casework.services.unit import Unit
from casework.wording import says

DECISIONS, SHARED = "decisions", "confidential"
ACTION, QUESTION = "action", "question"
OPEN, DONE, NOT_DONE, DROPPED = "open", "done", "not_done", "dropped"
NOTE = "decision"
TAKEN_BACK = says("Retiré à la correction.")


@dataclass(frozen=True, slots=True)
class Decided:
    """What is decided about one item: rows, and the words this actor may open (entry id -> text).

    other: number of the dossier in which the person is followed already.
    """

    item: Item
    decision: Decision | None
    tasks: tuple[Task, ...]
    referrals: tuple[ReferralOut, ...]
    words: Mapping[str, str]
    other: str = ""

    @property
    def text(self) -> str:
        """The words of the decision itself, empty where there are none or they are not this actor's to read."""
        return self.said(self.decision.entry_id if self.decision else None)

    @property
    def spoken(self) -> frozenset[str]:
        """Ids of the notes that hold its words."""
        wanted = {each.entry_id for each in self.tasks} | {self.decision.entry_id if self.decision else None}
        return frozenset(each for each in wanted if each)

    def said(self, entry_id: str | None) -> str:
        """The words of one note."""
        return self.words.get(entry_id or "", "")


def of_item(held: Held, item: Item) -> Decided:
    """What is decided about an item, with its words as far as the actor reads the `decisions` of its dossier."""
    return opened(held, unopened(held.unit, item))


def unopened(unit: Unit, item: Item) -> Decided:
    """What is decided about an item: its rows, and no word of it."""
    session = unit.session
    decision = session.scalar(select(Decision).where(Decision.item_id == item.id))
    tasks = tasks_of(unit, [item.id])
    referrals = session.scalars(
        select(ReferralOut)
        .where(ReferralOut.item_id == item.id, ReferralOut.status != DROPPED)
        .order_by(ReferralOut.created_at, ReferralOut.id)
    )
    return Decided(item, decision, tuple(tasks), tuple(referrals), {})


def opened(held: Held, found: Decided) -> Decided:
    """The same with its words, as far as they are the actor's to read."""
    decision = found.decision
    said = words(held, found.spoken)
    return replace(found, words=said, other=_other(held, decision.other_id) if decision and decision.other_id else "")


def _other(held: Held, entry_id: str) -> str:
    """The number that a note "Déjà suivie : dossier 2026-0042." ends with."""
    body = words(held, [entry_id], SHARED).get(entry_id, "")
    return body.rstrip(".").rpartition(" ")[2]


def tasks_of(unit: Unit, item_ids: Sequence[str]) -> Sequence[Task]:
    """The tasks of these items that were not taken back, in their order."""
    query = select(Task).where(Task.item_id.in_(item_ids), Task.status != DROPPED).order_by(Task.created_at, Task.due, Task.id)
    return unit.session.scalars(query).all()


def words(held: Held, wanted: Iterable[str], kind: str = DECISIONS) -> dict[str, str]:
    """Entry id -> text, for these notes of one compartment of the dossier; those the actor may not read are left out."""
    ids, place = set(wanted), held.compartment(kind)
    if not ids or place is None:
        return {}
    key = held.key(place)
    found = {note.row.id: note.body for note in contents.notes(held, {place.id: key} if key is not None else {}) if note.row.id in ids}
    if found:
        held.unit.trace.show(held.dossier.number, kind)
    return found


def may_write(held: Held) -> bool:
    """Whether the actor can seal words into the dossier's `decisions`, making that volet if it is not there yet."""
    allowed = held.verdict("entry.write", DECISIONS).permitted
    return allowed and (held.compartment(DECISIONS) is not None or compartments.may_make(held, DECISIONS))


def ready(held: Held) -> Held:
    """The same dossier with a `decisions` volet to write into; made here while a saisine waits and has none."""
    if held.compartment(DECISIONS) is not None or not may_write(held):
        return held
    compartments.make_here(held, DECISIONS)
    held.unit.session.flush()
    return find(held.unit, held.dossier.number)


def seal(held: Held, day: date, text: str, *, kind: str = NOTE, corrects: str | None = None, place: str = DECISIONS) -> str:
    """A note with these words in `decisions`; returns its id. The caller has checked them and required an action."""
    draft = EntryDraft(kind, place, day, text, entries.new_submission(), readers="", corrects=corrects)
    return entries.put(held, place, draft, text)


def as_draft(found: Decided) -> DecisionDraft:
    """A decision as its form carries it; the empty form where there is none."""
    decision = found.decision
    if decision is None:
        return DecisionDraft(outcome="")
    return DecisionDraft(
        outcome=decision.outcome,
        next_date=decision.next_date,
        missing=decision.missing or "",
        closing_reason=decision.closing_reason or "",
        redirected_to=decision.redirected_to or "",
        duplicate_of=found.other,
        text=found.text,
        actions=_rows(found, ACTION),
        questions=_rows(found, QUESTION),
        referrals=tuple(ReferralRow(each.institution_id or "", each.need) for each in found.referrals),
        version=decision.version,
    )


def with_lead(unit: Unit, draft: DecisionDraft, lead_id: str | None) -> DecisionDraft:
    """The draft with the lead's user name, as the list of candidates has it."""
    lead = unit.session.get(User, lead_id) if lead_id else None
    return replace(draft, lead=lead.username if lead else "")


def _rows(found: Decided, kind: str) -> tuple[TaskRow, ...]:
    return tuple(TaskRow(found.said(each.entry_id), carrying.code(each), each.due, each.id) for each in found.tasks if each.kind == kind)


def actions(unit: Unit, found: Decided, number: str, kind: str, people: Mapping[str, Professional]) -> tuple[MinutesAction, ...]:
    """The tasks of one kind, in full."""
    return tuple(
        MinutesAction(each.kind, number, carrying.name_of(unit, each, people), found.said(each.entry_id), each.due)
        for each in found.tasks
        if each.kind == kind
    )


def referrals(unit: Unit, found: Decided, institutions: Mapping[str, str]) -> tuple[MinutesReferral, ...]:
    """The orientations, in words."""
    needs = unit.charter.meetings.needs
    return tuple(MinutesReferral(institutions.get(each.institution_id or "", ""), label(needs, each.need)) for each in found.referrals)


def institutions_of(unit: Unit) -> dict[str, str]:
    """Institution id -> name: reference data, by name."""
    return {row.id: row.name for row in unit.session.execute(select(Institution.id, Institution.name).order_by(Institution.name))}


def stands(held: Held, found: Decided) -> Stands | None:
    """The decision as it stands, in words, for a page that shows it beside another."""
    decision, unit = found.decision, held.unit
    if decision is None:
        return None
    people = professionals(unit.session, unit.instance.anchor, {each for each in _named(found) if each})
    pairs = [*_pairs(held, decision, people)]
    for each in found.tasks:
        label = says("Action") if each.kind == ACTION else says("Question")
        owner = carrying.name_of(unit, each, people)
        pairs.append((label, f"{found.said(each.entry_id)} ({owner}, {each.due:%d/%m/%Y})"))
    names = institutions_of(unit) if found.referrals else {}
    pairs += [(says("Orientation"), f"{each.institution}, {each.need}") for each in referrals(unit, found, names)]
    by = people.get(decision.author_id, UNKNOWN).name
    return Stands(by, decision.entered_at, decision.decided_on, tuple(pairs), found.text)


def bare(held: Held, found: Decided) -> Stands | None:
    """The decision as it stands for a screen that not everybody present may read: its outcome and dates, no word and no name."""
    decision, rules = found.decision, held.unit.charter.meetings
    if decision is None:
        return None
    pairs = [(says("Issue"), label(rules.outcomes, decision.outcome))]
    if decision.next_date:
        pairs.append((says("Prochaine échéance"), f"{decision.next_date:%d/%m/%Y}"))
    pairs += [(says("Action") if each.kind == ACTION else says("Question"), f"{each.due:%d/%m/%Y}") for each in found.tasks]
    by = professionals(held.unit.session, held.unit.instance.anchor, [decision.author_id]).get(decision.author_id, UNKNOWN).name
    return Stands(by, decision.entered_at, decision.decided_on, tuple(pairs), "")


def _named(found: Decided) -> Iterable[str | None]:
    yield from (each.owner_id for each in found.tasks)
    if found.decision is not None:
        yield from (found.decision.author_id, found.decision.lead_id)


def _pairs(held: Held, decision: Decision, people: Mapping[str, Professional]) -> Iterable[tuple[str, str]]:
    """Labels and values of the clear part of a decision, the outcome first; what it does not name is left out."""
    unit, rules = held.unit, held.unit.charter.meetings
    programme = unit.charter.programmes[held.dossier.programme]
    yield says("Issue"), label(rules.outcomes, decision.outcome)
    if decision.lead_id:
        yield says("Référent·e"), people.get(decision.lead_id, UNKNOWN).name
    if decision.next_date:
        yield says("Prochaine échéance"), f"{decision.next_date:%d/%m/%Y}"
    if decision.missing:
        yield says("Ce qui manque"), label(rules.missing, decision.missing)
    if decision.closing_reason:
        yield says("Motif"), label(programme.closing_reasons, decision.closing_reason)
    if decision.redirected_to:
        yield says("Vers"), label(unit.charter.vocabulary.redirections, decision.redirected_to)
    if decision.other_id:
        yield says("Déjà suivie"), says("dans un autre dossier de la cellule")


def held_on(meeting: Meeting) -> date:
    """The day of the sitting: the one it was called for, whenever it is entered."""
    return meeting.starts_at.astimezone(PARIS).date()
