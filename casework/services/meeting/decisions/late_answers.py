"""What people who were absent have answered since a dossier's last meeting: it joins the next time the dossier is examined."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, select

from casework.errors import NotFound
from casework.models.dossiers import Dossier
from casework.models.meetings import Item, Meeting, Task
from casework.services.access import Held, find
from casework.services.dossier import contents
from casework.services.meeting.views import LateAnswer
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.terms import PARIS
from casework.services.unit import Unit

DECISIONS = "decisions"


def found(unit: Unit, meeting: Meeting, dossiers: Iterable[Dossier]) -> Mapping[str, list[LateAnswer]]:
    """Dossier id -> the answers to questions of earlier meetings that came since it was last examined, oldest first.

    The words are there for whoever may read the decisions of the dossier; others see who answered, and when.
    """
    rows = {each.id: each for each in dossiers}
    asked = (Task.kind == "question") & (Task.status == "done") & Task.reported_at.is_not(None)
    tasks = list(unit.session.scalars(select(Task).where(asked, Task.dossier_id.in_(rows)).order_by(Task.reported_at, Task.id)))
    if not tasks:
        return {}
    last = _last_examined(unit, meeting, list(rows))
    names = professionals(unit.session, unit.instance.anchor, {each.owner_id for each in tasks if each.owner_id})
    texts: dict[str, dict[str, str]] = {}
    answers: dict[str, list[LateAnswer]] = {}
    for task in tasks:
        dossier = rows[task.dossier_id or ""]
        if task.reported_at is None or (dossier.id in last and task.reported_at <= last[dossier.id]):
            continue
        if dossier.id not in texts:
            texts[dossier.id] = _decisions(unit, dossier)
        who = names.get(task.owner_id or "", UNKNOWN)
        on = task.told_on or task.reported_at.astimezone(PARIS).date()
        answers.setdefault(dossier.id, []).append(LateAnswer(who.name, on, texts[dossier.id].get(task.result_id or "")))
    return answers


def _last_examined(unit: Unit, meeting: Meeting, dossier_ids: list[str]) -> dict[str, datetime]:
    """Dossier id -> when the last meeting that had it was closed."""
    query = select(Item.dossier_id, func.max(Meeting.closed_at)).join(Meeting, Meeting.id == Item.meeting_id)
    closed = (Item.dossier_id.in_(dossier_ids)) & (Meeting.id != meeting.id) & Meeting.closed_at.is_not(None)
    return {row[0]: row[1] for row in unit.session.execute(query.where(closed).group_by(Item.dossier_id)) if row[1] is not None}


def _decisions(unit: Unit, dossier: Dossier) -> dict[str, str]:
    """Id -> text of the notes of its decisions, where the actor may read them."""
    try:
        held: Held = find(unit, dossier.number)
    except NotFound:
        return {}
    compartment = held.compartment(DECISIONS)
    key = held.key(compartment) if compartment is not None else None
    if compartment is None or key is None:
        return {}
    unit.trace.show(dossier.number, DECISIONS)
    return {note.row.id: note.body for note in contents.notes(held, {compartment.id: key})}
