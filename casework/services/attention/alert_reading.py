"""What asks for my attention: the alerts I have not seen, and saying that I saw one."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from casework.errors import NotFound
from casework.models.attention import Alert
from casework.models.dossiers import Dossier
from casework.models.meetings import Task
from casework.services.access import apart_from
from casework.services.actor import Actor
from casework.services.meeting.decisions import notices
from casework.services.orientation.telling import ADDRESSED, CONTACT, PASSED, SILENT, TO_RECIPIENTS
from casework.services.unit import Unit, writing

SHOWN = 30
_SAYS = Alert.recipient_id, Alert.kind, Alert.number, Alert.reference
"""What an alert says, and to whom: two that agree in this are one line on the screen."""

DATED = frozenset({"task_due", "task_late", "measure_ending", "measure_over", ADDRESSED, SILENT, PASSED, CONTACT})
"""Reminders of something that has a line of its own under « Ce qui est dû » while it is near: there it is shown, and only there."""


def unseen(unit: Unit, due: Collection[str] = ()) -> Sequence[Alert]:
    """My newest alerts not seen yet; of several that say the same, the newest speaks. Those about a dossier I am kept apart from, or of a
    cell I have left, stay silent.

    due: references of what stands among what is due. A reminder of it is not shown, nor one of an action that is over.
    """
    linked = select(Dossier.number).where(Dossier.id.in_(apart_from(unit)))
    query = select(Alert).where(Alert.recipient_id == unit.actor.user_id, Alert.seen_at.is_(None), Alert.number.not_in(linked))
    if all(each.cell_id for each in unit.facts.admissions):  # an office looks at every cell
        elsewhere = Alert.number.not_in(select(Dossier.number).where(Dossier.cell_id.not_in(unit.facts.cells)))
        query = query.where(elsewhere | Alert.kind.in_(TO_RECIPIENTS))  # who receives an orientation need not be in the dossier's cell
    over = select(Task.id).where(Task.status != "open")
    query = query.where(Alert.kind.not_in(DATED) | (Alert.reference.not_in(due) & Alert.reference.not_in(over)))
    query = query.where(notices.told_by_alert(), ~_said_again())
    return unit.session.scalars(query.order_by(Alert.created_at.desc(), Alert.id).limit(SHOWN)).all()


def see(actor: Actor, alert_id: str) -> None:
    """Note that I saw one of my alerts, and the earlier ones that say the same. Once is enough. Raises NotFound for somebody else's or an
    unknown one.
    """
    with writing(actor, "day.read") as unit:
        unit.require([unit.situation()])
        alert = unit.session.get(Alert, alert_id)
        if alert is None or alert.recipient_id != actor.user_id:
            raise NotFound(unit.action)
        same = [column == getattr(alert, column.key) for column in _SAYS]
        until_then = select(Alert).where(*same, Alert.seen_at.is_(None), Alert.created_at <= alert.created_at)
        for each in unit.session.scalars(until_then).all():
            each.seen_at = unit.now


def _said_again() -> ColumnElement[bool]:
    """The SQL condition that a later alert not seen either says the same to the same person about the same thing."""
    later = aliased(Alert)
    same = [column == getattr(later, column.key) for column in _SAYS]
    after = (later.created_at > Alert.created_at) | ((later.created_at == Alert.created_at) & (later.id < Alert.id))
    return exists().where(*same, later.seen_at.is_(None), after)
