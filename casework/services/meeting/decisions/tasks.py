"""« Actions »: mine, my institution's and those of the cells I keep, the late ones first. Number, date and state are in the clear; the
words come from the owner's extract, or from the dossier for whoever reads it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, or_, select

from casework.errors import NotFound
from casework.models.content import Entry, ExtractItem
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Minutes, Point, Task
from casework.models.people import Institution
from casework.services.access import Held, apart_from
from casework.services.actor import Actor
from casework.services.dossier.contents import table_of
from casework.services.keys.keychain import Keychain
from casework.services.keys.sealing import open_row
from casework.services.meeting.decisions import carrying
from casework.services.meeting.decisions.decided import DECISIONS, DROPPED, OPEN
from casework.services.meeting.decisions.outcome_views import TaskBoard, TaskLine
from casework.services.meeting.decisions.owning import EXTRACT
from casework.services.membership import cell_ring
from casework.services.membership.standing import STEWARD
from casework.services.offices.people import professionals
from casework.services.reasons import choice
from casework.services.search.shelf import Shelf
from casework.services.sharing.recipients import today
from casework.services.unit import Unit, reading

LIST = "task.list"
SHOWN = 200
RECENT = timedelta(days=30)
"""How long a task whose result was told stays on the list."""

LABEL_OF_TEXT = 1
"""Which row of an owner's extract holds the words: dossier, action, date."""


def board(actor: Actor) -> TaskBoard:
    """My actions and questions, my institution's, and those of the cells I keep. Dropped ones, and those not yet decided, are not there."""
    with reading(actor, LIST) as unit:
        unit.require([unit.situation()])
        mine = Task.owner_id == actor.user_id
        kept = Meeting.cell_id.in_(unit.facts.cells_as(STEWARD))
        rows = _rows(unit, or_(mine, Task.institution_id == actor.institution_id, kept))
        found = lines(unit, rows)
        unit.trace.hits = len(found)
        opened = [each for each in found if each.status == OPEN]
        ours = {row.id for row, meeting in rows if row.institution_id == actor.institution_id}
        return TaskBoard(
            mine=tuple(each for each in opened if each.mine),
            institution=tuple(each for each in opened if not each.mine and each.id in ours),
            cells=tuple(each for each in opened if not each.mine and each.id not in ours),
            done=tuple(each for each in found if each.status != OPEN),
        )


def one(unit: Unit, task_id: str) -> tuple[Task, Meeting, TaskLine]:
    """One task of those I may see on my list. It authorises nothing else. Raises NotFound."""
    mine = or_(
        Task.owner_id == unit.actor.user_id,
        Task.institution_id == unit.actor.institution_id,
        Meeting.cell_id.in_(unit.facts.cells_as(STEWARD)),
    )
    rows = _rows(unit, mine & (Task.id == task_id))
    if not rows:
        raise NotFound(unit.action)
    (task, meeting), (line,) = rows[0], lines(unit, rows)
    return task, meeting, line


def due(unit: Unit, until: date) -> list[tuple[Task, str, str]]:
    """My open tasks up to a day, with the number and the id of their dossier (empty for a point's)."""
    rows = _rows(unit, (Task.owner_id == unit.actor.user_id) & (Task.status == OPEN) & (Task.due <= until))
    numbers = _numbers(unit, rows)
    return [(task, numbers.get(task.dossier_id or "", ""), task.dossier_id or "") for task, _ in rows]


def lines(unit: Unit, rows: Sequence[tuple[Task, Meeting]]) -> list[TaskLine]:
    """Tasks for the screen, in their order, with the trace of what is shown of each dossier."""
    words = _words(unit, [task for task, _ in rows])
    numbers = _numbers(unit, rows)
    people = professionals(unit.session, unit.instance.anchor, {task.owner_id for task, _ in rows if task.owner_id})
    houses = {row.id: row.name for row in unit.session.scalars(select(Institution))}
    kept, now, rules = set(unit.facts.cells_as(STEWARD)), today(unit), unit.charter.meetings
    found = []
    for task, meeting in rows:
        number = numbers.get(task.dossier_id or "", "")
        text = words.get(task.id)
        if number:
            unit.trace.show(number, *_kinds(task, text))
        mine = task.owner_id == unit.actor.user_id
        found.append(
            TaskLine(
                id=task.id,
                kind=task.kind,
                number=number,
                owner=carrying.name_of(unit, task, people),
                institution=houses.get(task.institution_id or "", "") if task.owner_id else "",
                due=task.due,
                days=(task.due - now).days,
                late=task.status == OPEN and task.due < now,
                status=task.status,
                text=text,
                mine=mine,
                reportable=task.status == OPEN and (mine or meeting.cell_id in kept),
                point=task.point_id is not None,
                meeting=meeting.starts_at,
                reported_at=task.reported_at,
                told_by=choice(rules.told_by, task.told_by) if task.told_by else None,
                told_on=task.told_on,
                outside=task.owner_id is None and task.point_id is None,
            )
        )
    return found


def _rows(unit: Unit, which: ColumnElement[bool]) -> list[tuple[Task, Meeting]]:
    """Tasks of my cells' meetings whose decisions took effect; nothing about a dossier I am kept apart from."""
    query = (
        select(Task, Meeting)
        .join(Meeting, Meeting.id == Task.meeting_id)
        .where(which, Task.status != DROPPED, Meeting.cell_id.in_(unit.facts.cells))
        .where(Task.point_id.is_not(None) | Task.meeting_id.in_(select(Minutes.meeting_id)))
        .where(Task.dossier_id.is_(None) | Task.dossier_id.not_in(apart_from(unit)))
        .where((Task.status == OPEN) | (Task.reported_at > unit.now - RECENT))
        .order_by(Task.due, Task.id)
        .limit(SHOWN)
    )
    return [(task, meeting) for task, meeting in unit.session.execute(query)]


def _numbers(unit: Unit, rows: Iterable[tuple[Task, Meeting]]) -> dict[str, str]:
    wanted = {task.dossier_id for task, _ in rows if task.dossier_id}
    return {row.id: row.number for row in unit.session.execute(select(Dossier.id, Dossier.number).where(Dossier.id.in_(wanted)))}


def _kinds(task: Task, text: str | None) -> tuple[str, ...]:
    """Which compartment the words came from, as far as the leaf can tell: the owner's extract or the dossier's decisions."""
    if text is None:
        return ()
    return (EXTRACT,) if task.extract_id and task.status == OPEN else (DECISIONS,)


def _words(unit: Unit, tasks: Sequence[Task]) -> dict[str, str]:
    """Task id -> its words, where I hold its extract, read the dossier's decisions, or am a member of the cell for a point."""
    keychain = Keychain(unit)
    which = sorted({task.dossier_id for task in tasks if task.dossier_id})
    shelf = Shelf(unit, keychain, which, {EXTRACT: ExtractItem, DECISIONS: Entry})
    extracts, notes = _extracts(unit, tasks), _notes(unit, tasks)
    found: dict[str, str] = {}
    for task in tasks:
        held = _held(shelf, task)
        text = _of_extract(held, keychain, task, extracts) if held is not None else None
        if text is None and held is not None:
            text = _of_note(held, keychain, task, notes)
        if text is not None:
            found[task.id] = text
    return found | _of_points(unit, keychain, tasks)


def _held(shelf: Shelf, task: Task) -> Held | None:
    try:
        return shelf[task.dossier_id or ""]
    except KeyError:
        return None


def _extracts(unit: Unit, tasks: Sequence[Task]) -> dict[str, list[Row[Any]]]:
    table = table_of(ExtractItem)
    wanted = [task.extract_id for task in tasks if task.extract_id]
    found: dict[str, list[Row[Any]]] = {}
    for row in unit.session.execute(select(table).where(table.c.compartment_id.in_(wanted)).order_by(table.c.id)):
        found.setdefault(row.compartment_id, []).append(row)
    return found


def _notes(unit: Unit, tasks: Sequence[Task]) -> dict[str, Row[Any]]:
    table = table_of(Entry)
    wanted = [task.entry_id for task in tasks if task.entry_id]
    return {row.id: row for row in unit.session.execute(select(table).where(table.c.id.in_(wanted)))}


def _of_extract(held: Held, keychain: Keychain, task: Task, rows: Mapping[str, list[Row[Any]]]) -> str | None:
    compartment = next((each for each in held.compartments if each.id == task.extract_id), None)
    key = held.key(compartment) if compartment is not None else None
    there = rows.get(task.extract_id or "", [])
    if key is None or len(there) <= LABEL_OF_TEXT:
        return None
    row = there[LABEL_OF_TEXT]
    return open_row(ExtractItem, row, keychain.at_version(key, row.key_version))["text"]


def _of_note(held: Held, keychain: Keychain, task: Task, rows: Mapping[str, Row[Any]]) -> str | None:
    place, row = held.compartment(DECISIONS), rows.get(task.entry_id or "")
    key = held.key(place) if place is not None else None
    if key is None or place is None or row is None or row.compartment_id != place.id or not row.key_version:
        return None
    return open_row(Entry, row, keychain.at_version(key, row.key_version))["body"]


def _of_points(unit: Unit, keychain: Keychain, tasks: Sequence[Task]) -> dict[str, str]:
    wanted = {task.point_id: task.id for task in tasks if task.point_id}
    found = {}
    for point in unit.session.scalars(select(Point).where(Point.id.in_(wanted))):
        try:
            texts = cell_ring.open_text(unit, point.epoch_id, point.sealed, table=Point.__tablename__, row_id=point.id, keychain=keychain)
        except NotFound:  # not a member of that cell any more
            continue
        found[wanted[point.id]] = texts.get("action", "")
    return found
