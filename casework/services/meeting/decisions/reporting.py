"""Telling the result of an action, a question or a point: by its owner, or by a steward who was told. It ends what the owner kept."""

from datetime import date

from sqlalchemy import select

from casework.charter import Situation
from casework.errors import NotFound
from casework.models.cells import Cell
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Task
from casework.services import typed
from casework.services.access import Held, find, hold, shut
from casework.services.actor import Actor
from casework.services.attention.alerts import tell
from casework.services.meeting.decisions import decided, owning, tasks
from casework.services.meeting.decisions.outcome_views import ReportDraft, ReportPage
from casework.services.membership.standing import STEWARD
from casework.services.membership.teams import seats
from casework.services.reasons import choices
from casework.services.sharing.recipients import today
from casework.services.terms import refuse
from casework.services.unit import Unit, reading, writing
from casework.wording import says

REPORT, POINT = "task.report", "point.report"
RESULT = "action_result"
TOLD = "task_reported"
"""The alert to whoever is in charge of the dossier."""

MAX_RESULT = 1000


def prepare(actor: Actor, task_id: str) -> ReportPage:
    """The form on which a result is told. Raises NotFound for a task that is not mine to report, or whose result was told."""
    with reading(actor, tasks.LIST) as unit:
        unit.require([unit.situation()])
        task, meeting, line = tasks.one(unit, task_id)
        if task.status != decided.OPEN or not line.reportable:
            raise NotFound(unit.action)
        telephone = not line.mine and meeting.cell_id in unit.facts.cells_as(STEWARD)
        return ReportPage(line, telephone, choices(unit.charter.meetings.told_by), today(unit))


def report(actor: Actor, task_id: str, draft: ReportDraft) -> None:
    """Record a result: its words become a note of the dossier's decisions, the owner's boxes of this task end, whoever leads is told.

    Of a point about a place, the state alone. Twice the same is one. Raises NotFound, or InvalidInput with what is wrong in each field.
    """
    if _is_point(actor, task_id):
        _report_point(actor, task_id, draft)
        return
    with writing(actor, REPORT) as unit:
        task, dossier = _found(unit, task_id)
        if task.reported_by == actor.user_id:  # a double click: the box by which it was reported has ended
            unit.require([unit.situation()], action=tasks.LIST)
            return
        held = find(unit, dossier.number)
        unit.require(_as_reporter(held, task))
        if task.status != decided.OPEN:
            return
        telephone = task.owner_id != actor.user_id
        text = _checked(unit, draft, telephone=telephone)
        if text:
            held = decided.ready(held)
            task.result_id = decided.seal(held, today(unit), text, kind=RESULT)
        _told(unit, task, draft, telephone=telephone)
        owning.end(unit, task)
        unit.trace.facts |= {"task": task.id, "result": draft.status}
        tell(unit, {each for each in (dossier.lead_id, task.author_id) if each}, TOLD, number=dossier.number)


def _report_point(actor: Actor, task_id: str, draft: ReportDraft) -> None:
    with writing(actor, POINT) as unit:
        task = unit.session.get(Task, task_id, with_for_update=True)
        meeting = unit.session.get(Meeting, task.meeting_id) if task is not None and task.point_id else None
        cell = unit.session.get(Cell, meeting.cell_id) if meeting is not None else None
        if task is None or meeting is None or cell is None or cell.id not in unit.facts.cells:
            raise NotFound(unit.action)
        unit.trace.meeting = meeting.id
        keeps = cell.id in unit.facts.cells_as(STEWARD)
        unit.require(seats(unit, cell) if keeps or task.owner_id == actor.user_id else [])
        if task.status in (decided.DONE, decided.NOT_DONE):
            return
        telephone = task.owner_id != actor.user_id
        _checked(unit, draft, telephone=telephone)
        _told(unit, task, draft, telephone=telephone)
        unit.trace.facts |= {"task": task.id, "result": draft.status}


def _is_point(actor: Actor, task_id: str) -> bool:
    """Whether a task is about a place: its result is another act of the charter. Nothing is shown, so there is no leaf."""
    with actor.instance.database.reading() as session:
        return session.scalar(select(Task.point_id).where(Task.id == task_id)) is not None


def _found(unit: Unit, task_id: str) -> tuple[Task, Dossier]:
    task = unit.session.get(Task, task_id)
    shut(unit, task.dossier_id if task is not None else None)
    dossier = unit.session.get(Dossier, task.dossier_id) if task is not None and task.dossier_id else None
    if task is None or dossier is None:
        raise NotFound(unit.action)
    hold(unit, dossier.number)  # before the task: everybody takes the two in this order
    unit.session.refresh(task, with_for_update=True)
    if task.status == decided.DROPPED:
        raise NotFound(unit.action)
    unit.trace.meeting = task.meeting_id
    return task, dossier


def _as_reporter(held: Held, task: Task) -> list[Situation]:
    """The positions by which one reports this very task: its owner's box, or the cell's keys; not the box of another task."""
    titles = set(held.titles & {STEWARD})
    own = [box for boxes in held.boxes.values() for box in boxes if box.title == owning.OWNER_TITLE and box.reference == task.id]
    if own and task.owner_id == held.unit.actor.user_id:
        titles.add(owning.OWNER_TITLE)
    return list(held.situations(titles=frozenset(titles)))


def _checked(unit: Unit, draft: ReportDraft, *, telephone: bool) -> str:
    """The cleaned words. Raises InvalidInput with every problem at once."""
    text, now = typed.clean(draft.text), today(unit)
    found: dict[str, str | None] = {"text": typed.problem(text, MAX_RESULT, lines=True) if text else None}
    if draft.status not in (decided.DONE, decided.NOT_DONE):
        found["status"] = says("Dites si c’est fait ou non.")
    if telephone and draft.told_by not in unit.charter.meetings.told_by:
        found["told_by"] = says("Dites comment vous l’avez appris.")
    if telephone and not (draft.told_on and date(now.year - 1, 1, 1) <= draft.told_on <= now):
        found["told_on"] = says("Indiquez le jour où on vous l’a dit.")
    refuse(found)
    return text


def _told(unit: Unit, task: Task, draft: ReportDraft, *, telephone: bool) -> None:
    task.status, task.reported_at, task.reported_by = draft.status, unit.now, unit.actor.user_id
    task.told_by, task.told_on = (draft.told_by, draft.told_on) if telephone else (None, None)
    task.version += 1
