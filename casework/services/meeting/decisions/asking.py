"""What a decision asks of people: actions, questions to the absent, orientations; and the page on which all of it is typed."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import select

from casework.models.base import new_id
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Seat, Task
from casework.models.orientations import ReferralOut
from casework.models.people import User
from casework.services import submissions, typed
from casework.services.access import Held, linked
from casework.services.emergency.views import Candidate
from casework.services.meeting import notes
from casework.services.meeting.agenda import heads
from casework.services.meeting.decisions import carrying, decided, outcomes
from casework.services.meeting.decisions.decided import ACTION, DROPPED, OPEN, QUESTION, Decided
from casework.services.meeting.decisions.outcome_views import DecisionDraft, DecisionPage, FormerTask, ReferralRow, TaskRow
from casework.services.meeting.rows import CLOSED, PRESENT, in_the_room, items_of, seats_of
from casework.services.meeting.sitting import looking_on
from casework.services.membership import teams
from casework.services.offices.people import professionals
from casework.services.reasons import choice, choices
from casework.services.referral.examination import EXAMINE, FARTHEST
from casework.services.referral.leads import candidates as leads
from casework.services.sharing.recipients import today
from casework.services.unit import Unit
from casework.services.views import Choice
from casework.wording import listed, says

MOST = 5
"""Actions, questions and orientations of one decision, each."""
MAX_TASK = 300
OWNS = ("compartment.read", "owner", "extract")
"""What somebody must be allowed to carry an action: to read the part that says what it is."""
LATELY = 12
"""Earlier tasks shown beside the form."""


def page(held: Held, meeting: Meeting, cell: Cell, item: Item) -> DecisionPage:
    """The form's lists, what stands, what was asked before, and the neighbours on the agenda. Words as far as all present may read them.

    Needs a writing unit: what is shown to a room is recorded as read by it.
    """
    unit, dossier = held.unit, held.dossier
    found, before = decided.unopened(unit, item), _before(held, meeting)
    speaks = bool(found.spoken or _spoken(before) or (found.decision and found.decision.other_id))
    seen = looking_on.sight(held, meeting, item, speaks=speaks)
    found = decided.opened(held, found) if seen.words else found
    rules, words = unit.charter.meetings, unit.charter.vocabulary
    everybody = items_of(unit, meeting.id)
    place = [each.id for each, _ in everybody].index(item.id)
    asks = outcomes.offered(held)
    lead = professionals(unit.session, unit.instance.anchor, [dossier.lead_id] if dossier.lead_id else [])
    draft = decided.as_draft(found)
    named = found.decision.lead_id if found.decision else dossier.lead_id
    there = {each.user_id for each in in_the_room(seats_of(unit, meeting.id))}
    owners = sorted(_owners(held, cell), key=lambda each: each.id not in there)  # who is in the room first, each part by name
    absent, asked = _absent(unit, meeting, item), notes.questions_of(unit, [item]).get(item.id)
    head = heads.of(unit, meeting, cell)
    return DecisionPage(
        meeting=head,
        item=item.id,
        number=dossier.number,
        status=choice(words.statuses, dossier.status),
        informed=choice(rules.informed, item.informed) if item.informed and seen.words else None,
        lead=lead[dossier.lead_id].name if dossier.lead_id in lead and seen.words else "",
        position=place + 1,
        count=len(everybody),
        previous=everybody[place - 1][0].id if place else "",
        next=everybody[place + 1][0].id if place + 1 < len(everybody) else "",
        outcomes=choices({code: rules.outcomes[code] for code in asks}),
        asks=asks,
        leads=leads(held),
        owners=tuple(_named(each) for each in owners),
        absent=tuple(_named(each) for each in owners if each.id in absent),
        missing=choices(rules.missing),
        reasons=choices(unit.charter.programmes[dossier.programme].closing_reasons),
        redirections=choices(words.redirections),
        institutions=tuple(Choice(code, name) for code, name in decided.institutions_of(unit).items()),
        needs=choices(rules.needs),
        siblings=tuple(_siblings(item, dossier.submission, everybody)),
        former=_told(held, before) if seen.words else tuple(FormerTask(row.kind, "", "", row.due, row.status, "") for row in before),
        stands=decided.stands(held, found) if seen.words else decided.bare(held, found),
        draft=decided.with_lead(unit, draft, named),
        writes=decided.may_write(held),
        keeps=held.verdict(EXAMINE if dossier.status == "received" else "dossier.close").permitted,
        late=meeting.status == CLOSED or today(unit) > head.held_on,
        today=today(unit),
        outside=carrying.outside(unit),
        question=notes.question(held, asked) if asked and seen.question else None,
        withheld=speaks and not seen.words,
    )


def problems(held: Held, cell: Cell, draft: DecisionDraft) -> dict[str, str]:
    """What is wrong with actions, questions and orientations, under the names of the form's fields."""
    able = {each.id for each in _owners(held, cell)} if draft.actions or draft.questions else set()
    bodies = {each.code for each in carrying.outside(held.unit)} if draft.actions else set()
    found: dict[str, str] = {}
    for name, rows in (("actions", draft.actions), ("questions", draft.questions)):
        if len(rows) > MOST:
            found[name] = says("%(most)s lignes au plus.", most=MOST)
        for index, row in enumerate(rows):
            mine = able | bodies if name == "actions" else able
            found |= {f"{name}-{index}-{part}": wrong for part, wrong in _wrong(held.unit, row, mine)}
    institutions, needs = decided.institutions_of(held.unit), held.unit.charter.meetings.needs
    for index, referral in enumerate(draft.referrals):
        if referral.institution not in institutions:
            found[f"referrals-{index}-institution"] = says("Choisissez l’institution.")
        if referral.need not in needs:
            found[f"referrals-{index}-need"] = says("Choisissez pour quoi.")
    return found


def write_tasks(held: Held, meeting: Meeting, found: Decided, draft: DecisionDraft) -> None:
    """Make the rows what the form says: an unchanged line keeps its note, a changed one gets a new one, one that went is dropped."""
    known = {each.id: each for each in found.tasks}
    kept: set[str] = set()
    for kind, rows in ((ACTION, draft.actions), (QUESTION, draft.questions)):
        for row in rows:
            there = known.get(row.id)
            said = (kind, row.owner, typed.clean(row.text))
            if there is not None and (there.kind, carrying.code(there), found.said(there.entry_id)) == said:
                kept.add(there.id)
                _redate(there, row.due)
            else:
                held.unit.session.add(_task(held, meeting, found.item, kind, row))
    for each in found.tasks:
        if each.id not in kept:
            each.status, each.version = DROPPED, each.version + 1
            if each.entry_id:
                decided.seal(held, decided.held_on(meeting), decided.TAKEN_BACK, corrects=each.entry_id)


def write_referrals(held: Held, found: Decided, draft: DecisionDraft) -> None:
    """Make the orientations what the form says; those that went are dropped."""
    there = {ReferralRow(each.institution_id or "", each.need): each for each in found.referrals}
    wanted = dict.fromkeys(draft.referrals)
    for row in wanted:
        if row not in there:
            held.unit.session.add(
                ReferralOut(
                    id=new_id(),
                    version=1,
                    item_id=found.item.id,
                    dossier_id=held.dossier.id,
                    institution_id=row.institution,
                    need=row.need,
                    status="proposed",
                    author_id=held.unit.actor.user_id,
                    created_at=held.unit.now,
                )
            )
    for row, each in there.items():
        if row not in wanted and each.status == "proposed":  # one that was sent has a life of its own
            each.status, each.version = DROPPED, each.version + 1


def _before(held: Held, meeting: Meeting) -> Sequence[Task]:
    """What earlier meetings asked about the same dossier, newest first: it joins this item."""
    here = (Task.dossier_id == held.dossier.id) & (Task.meeting_id != meeting.id) & (Task.status != DROPPED)
    return held.unit.session.scalars(select(Task).where(here).order_by(Task.created_at.desc(), Task.id).limit(LATELY)).all()


def _spoken(rows: Sequence[Task]) -> set[str]:
    return {each for row in rows for each in (row.entry_id, row.result_id) if each}


def _told(held: Held, rows: Sequence[Task]) -> tuple[FormerTask, ...]:
    """The same with words, answers and owners."""
    unit, said = held.unit, decided.words(held, _spoken(rows))
    people = professionals(unit.session, unit.instance.anchor, {row.owner_id for row in rows if row.owner_id})
    return tuple(
        FormerTask(
            row.kind,
            said.get(row.entry_id or "", ""),
            carrying.name_of(unit, row, people),
            row.due,
            row.status,
            said.get(row.result_id or "", ""),
        )
        for row in rows
    )


def _wrong(unit: Unit, row: TaskRow, able: set[str]) -> Iterator[tuple[str, str]]:
    if wrong := typed.problem(typed.clean(row.text), MAX_TASK):
        yield "text", wrong
    if row.owner not in able:
        yield "owner", says("Choisissez qui s’en charge, parmi les membres que la charte permet.")
    now = today(unit)
    if row.due is None or not now <= row.due <= now + FARTHEST:
        yield "due", says("Indiquez pour quand : une date à venir, dans l’année.")


def _task(held: Held, meeting: Meeting, item: Item, kind: str, row: TaskRow) -> Task:
    unit = held.unit
    owner = None if row.owner.startswith(carrying.OUTSIDE) else unit.session.get_one(User, row.owner)
    return Task(
        id=new_id(), version=1, kind=kind, meeting_id=meeting.id, item_id=item.id, dossier_id=held.dossier.id,
        owner_id=owner.id if owner else None, institution_id=owner.institution_id if owner else row.owner.removeprefix(carrying.OUTSIDE),
        due=row.due, status=OPEN, author_id=unit.actor.user_id, created_at=unit.now,
        entry_id=decided.seal(held, decided.held_on(meeting), typed.clean(row.text)),
    )  # fmt: skip


def _redate(task: Task, due: date | None) -> None:
    if due is not None and task.due != due:
        task.due, task.version = due, task.version + 1


def _owners(held: Held, cell: Cell) -> list[Candidate]:
    """Who may carry an action about this dossier: members of the cell by the charter, without a personal link to the person."""
    kept_out = linked(held.unit, held.dossier.id)
    return [each for each in teams.candidates(held.unit, cell, OWNS) if each.id not in kept_out]


def _named(person: Candidate) -> Choice:
    return Choice(person.id, listed([person.name, person.function, person.institution]))


def _absent(unit: Unit, meeting: Meeting, item: Item) -> set[str]:
    """User ids of those concerned by the item who are not in the room."""
    query = select(Seat.user_id).join(ItemSeat, ItemSeat.seat_id == Seat.id)
    away = (Seat.status != PRESENT) | Seat.left_at.is_not(None)
    found = unit.session.scalars(query.where(ItemSeat.item_id == item.id, Seat.meeting_id == meeting.id, Seat.user_id.is_not(None), away))
    return {each for each in found if each}


def _siblings(item: Item, submission: str, everybody: Sequence[tuple[Item, Dossier]]) -> Iterator[Choice]:
    """Items that may get the same decision, those of the same saisine first. Numbers only."""
    family = submissions.family(submission)
    others = [(each, dossier) for each, dossier in everybody if each.id != item.id and each.status != "settled"]
    ranked = sorted(others, key=lambda pair: submissions.family(pair[1].submission) != family)
    for each, dossier in ranked:
        number = dossier.number
        together = submissions.family(dossier.submission) == family
        yield Choice(each.id, says("%(number)s (même saisine)", number=number) if together else number)
