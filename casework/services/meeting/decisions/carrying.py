"""Who carries an action: somebody of the cell, or an institution in which nobody has an account and that answers by a link."""

from collections.abc import Mapping

from sqlalchemy import exists, select

from casework.models.meetings import Task
from casework.models.people import Institution, User
from casework.services.offices.people import UNKNOWN, Professional
from casework.services.unit import Unit
from casework.services.views import Choice

OUTSIDE = "institution:"
"""Before the id of an institution, where a form's list else has the id of a person."""


def code(task: Task) -> str:
    """How a form names whoever carries a task; empty for nobody."""
    return task.owner_id or (f"{OUTSIDE}{task.institution_id}" if task.institution_id else "")


def outside(unit: Unit) -> tuple[Choice, ...]:
    """The institutions in which nobody has an account: they carry an action, and say by a sealed link what came of it."""
    staffed = exists().where(User.institution_id == Institution.id)
    rows = unit.session.scalars(select(Institution).where(~staffed).order_by(Institution.name)).all()
    return tuple(Choice(f"{OUTSIDE}{row.id}", row.name) for row in rows)


def name_of(unit: Unit, task: Task, people: Mapping[str, Professional]) -> str:
    """The name of whoever carries a task: a person's, or an institution's."""
    if task.owner_id or not task.institution_id:
        return people.get(task.owner_id or "", UNKNOWN).name
    house = unit.session.get(Institution, task.institution_id)
    return house.name if house is not None else UNKNOWN.name
