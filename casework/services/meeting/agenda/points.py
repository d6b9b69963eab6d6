"""Points without a person: a place, a trouble, an action, its owner and its day. Sealed to the members of the cell, and never a dossier."""

from sqlalchemy import select

from casework.errors import NotFound
from casework.models.base import new_id
from casework.models.meetings import Meeting, Point, Task
from casework.services import terms, typed
from casework.services.actor import Actor
from casework.services.keys.keychain import Keychain
from casework.services.meeting import people
from casework.services.meeting.agenda.headings import PREPARE
from casework.services.meeting.agenda.proposing import today
from casework.services.meeting.drafts import PointDraft
from casework.services.meeting.rows import COMING, OPEN, meeting_of, require_in
from casework.services.meeting.views import PointLine
from casework.services.membership import cell_ring
from casework.services.offices.people import UNKNOWN, professionals
from casework.services.unit import Unit, writing
from casework.wording import says

TABLE = Point.__tablename__
MAX_PLACE, MAX_TEXT = 120, 500


def write(actor: Actor, meeting_id: str, draft: PointDraft) -> None:
    """Put a point without a person on a meeting that is not over, as an action of its owner. The same form twice makes one.

    Raises NotFound; InvalidInput for what is empty or too long, a day that is past, an owner outside the cell.
    """
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING, OPEN)
        require_in(unit, cell)
        owner = people.members(unit, cell).get(draft.owner)
        _check(unit, draft, known=owner is not None)
        assert owner is not None  # noqa: S101 - refused just above
        assert draft.due is not None  # noqa: S101 - refused just above
        texts = {name: typed.clean(getattr(draft, name)) for name in ("place", "trouble", "action")}
        if _written_already(unit, meeting, draft, texts):
            return
        point = Point(id=new_id(), version=1, meeting_id=meeting.id, author_id=actor.user_id, written_at=unit.now)
        point.epoch_id, point.sealed = cell_ring.seal(unit, cell.id, texts, table=TABLE, row_id=point.id)
        unit.session.add(point)
        unit.session.flush()
        unit.session.add(
            Task(
                id=new_id(),
                version=1,
                kind="action",
                meeting_id=meeting.id,
                point_id=point.id,
                owner_id=owner.id,
                institution_id=owner.institution_id or None,
                due=draft.due,
                status="open",
                author_id=actor.user_id,
                created_at=unit.now,
            )
        )


def _written_already(unit: Unit, meeting: Meeting, draft: PointDraft, texts: dict[str, str]) -> bool:
    """Whether I put this very point there before, for the same owner and day."""
    mine = select(Point).join(Task, Task.point_id == Point.id).where(Point.meeting_id == meeting.id, Point.author_id == unit.actor.user_id)
    keychain = Keychain(unit)
    return any(
        cell_ring.open_text(unit, each.epoch_id, each.sealed, table=TABLE, row_id=each.id, keychain=keychain) == texts
        for each in unit.session.scalars(mine.where(Task.owner_id == draft.owner, Task.due == draft.due))
    )


def drop(actor: Actor, meeting_id: str, point_id: str) -> None:
    """Take a point away before the meeting begins, its action with it. Raises NotFound."""
    with writing(actor, PREPARE) as unit:
        meeting, cell = meeting_of(unit, meeting_id, *COMING)
        require_in(unit, cell)
        point = unit.session.get(Point, point_id)
        if point is None or point.meeting_id != meeting.id:
            raise NotFound(unit.action)
        for task in unit.session.scalars(select(Task).where(Task.point_id == point.id)):
            unit.session.delete(task)
        unit.session.flush()
        unit.session.delete(point)


def lines(unit: Unit, meeting: Meeting, keychain: Keychain) -> tuple[PointLine, ...]:
    """The points of a meeting, opened for a member of its cell. Raises TamperedError for one that was moved or changed."""
    rows = unit.session.execute(
        select(Point, Task).join(Task, Task.point_id == Point.id).where(Point.meeting_id == meeting.id).order_by(Point.written_at, Point.id)
    ).all()
    owners = professionals(unit.session, unit.instance.anchor, {task.owner_id for _, task in rows if task.owner_id})
    found = []
    for point, task in rows:
        texts = cell_ring.open_text(unit, point.epoch_id, point.sealed, table=TABLE, row_id=point.id, keychain=keychain)
        owner = owners.get(task.owner_id or "", UNKNOWN)
        found.append(
            PointLine(
                point.id, texts["place"], texts["trouble"], texts["action"], f"{owner.name}, {owner.institution}", task.due, task.status
            )
        )
    return tuple(found)


def _check(unit: Unit, draft: PointDraft, *, known: bool) -> None:
    due = draft.due
    terms.refuse(
        {
            "place": typed.problem(typed.clean(draft.place), MAX_PLACE),
            "trouble": typed.problem(typed.clean(draft.trouble), MAX_TEXT, lines=True),
            "action": typed.problem(typed.clean(draft.action), MAX_TEXT, lines=True),
            "owner": None if known else says("Choisissez qui s’en charge, parmi les membres de la cellule."),
            "due": None if due and due >= today(unit) else says("Indiquez une date à venir."),
        }
    )
