"""Reminders: an alert says that something of yours is due or late, or that a meeting near is not convened. A code and a number, no word.

Each is left once. They stand on « Mon jour »; nothing leaves the house, and no text is opened, for no job has a key.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from casework.ledger import Leaf, append
from casework.models.dossiers import Dossier
from casework.models.meetings import Meeting, Minutes, Task
from casework.services.apart import is_apart
from casework.services.attention.reminders import Line, leave
from casework.services.meeting.keepers import stewards_of
from casework.services.meeting.rows import PREPARED
from casework.services.offices.sweeping import Keyless
from casework.services.terms import PARIS

ACTION = "jobs.reminders"
PURPOSE = "coordination"
RULE = "date.near"
DUE, LATE, NOT_CONVENED = "task_due", "task_late", "meeting_unconvened"
"""Alert kinds: an action due tomorrow; one that is past its date; a meeting near without its convocation."""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many alerts were left, by kind."""

    due: int
    late: int
    unconvened: int

    @property
    def told(self) -> int:
        """How many in all."""
        return self.due + self.late + self.unconvened


def remind(system: Keyless) -> Reminded:
    """Leave the alerts that are due since the last time; one leaf, in the same transaction.

    An owner is told of an open action the day before its date (the same day, when the job did not run), and once more when it is late.
    Stewards are told of a meeting that begins within the time convocations need and that nobody convened. Raises LedgerUnavailable,
    with nothing told, when the leaf cannot be made durable.
    """
    instance = system.instance
    now = instance.clock.now()
    today = now.astimezone(PARIS).date()
    with instance.database.writing() as session:
        due = leave(session, DUE, _owners(session, Task.due.between(today, today + timedelta(days=1)), now), now)
        late = leave(session, LATE, _owners(session, Task.due < today, now), now)
        near = _not_convened(session, now, now + instance.charter.meetings.before)
        done = Reminded(due, late, leave(session, NOT_CONVENED, near, now))
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, hits=done.told, facts=asdict(done),
            ),
        )  # fmt: skip
    return done


def _owners(session: Session, when: ColumnElement[bool], now: datetime) -> list[Line]:
    """Whose open actions these are. Nobody is told of one that was not handed out yet, nor of a dossier they are kept apart from."""
    handed_out = Task.point_id.is_not(None) | Task.meeting_id.in_(select(Minutes.meeting_id))
    linked = is_apart(Task.owner_id, Task.dossier_id, now)
    query = (
        select(Task.owner_id, Task.id, Dossier.number)
        .outerjoin(Dossier, Dossier.id == Task.dossier_id)
        .where(Task.status == "open", Task.owner_id.is_not(None), handed_out, ~linked, when)
        .order_by(Task.due, Task.id)
    )
    return [(owner, task, number or "") for owner, task, number in session.execute(query) if owner]


def _not_convened(session: Session, since: datetime, until: datetime) -> list[Line]:
    query = select(Meeting).where(Meeting.status == PREPARED, Meeting.starts_at > since, Meeting.starts_at <= until)
    found = session.scalars(query.order_by(Meeting.starts_at, Meeting.id)).all()
    return [(steward, meeting.id, "") for meeting in found for steward in stewards_of(session, meeting.cell_id, since)]
