"""Points without a person on the room's screen: place, trouble and action, opened through the cell's ring."""

from sqlalchemy import select

from casework.models.meetings import Meeting, Point, Task
from casework.services.keys.keychain import Keychain
from casework.services.meeting.sitting.sitting_views import Subject
from casework.services.membership import cell_ring
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.unit import Unit


def of(unit: Unit, meeting: Meeting) -> tuple[Subject, ...]:
    """The points of a meeting in their order, for a member of its cell's ring; none for anybody else."""
    rows = unit.session.scalars(select(Point).where(Point.meeting_id == meeting.id).order_by(Point.written_at, Point.id)).all()
    if not rows:
        return ()
    keychain = Keychain(unit)
    tasks = {task.point_id: task for task in unit.session.scalars(select(Task).where(Task.point_id.in_([row.id for row in rows])))}
    people = professionals(unit.session, unit.instance.anchor, [task.owner_id for task in tasks.values() if task.owner_id])
    found = []
    for row in rows:
        if keychain.serves(row.epoch_id):
            texts = cell_ring.open_text(unit, row.epoch_id, row.sealed, table=Point.__tablename__, row_id=row.id, keychain=keychain)
            task = tasks.get(row.id)
            owner = people.get(task.owner_id or "", UNKNOWN).name if task is not None and task.owner_id else ""
            found.append(Subject(texts["place"], texts["trouble"], texts["action"], owner, task.due if task is not None else None))
    return tuple(found)
