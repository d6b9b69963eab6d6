"""Reminders: something of yours is due or late, a meeting near is not convened or shows its members nothing yet. A code, a number, no word.

Each is left once. They stand on « Mon jour »; nothing leaves the house, and no text is opened, for no job has a key.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from casework.charter import Charter, Situation
from casework.ledger import Leaf, append
from casework.models.cells import Cell
from casework.models.dossiers import Box, Dossier
from casework.models.meetings import Item, ItemSeat, Meeting, Minutes, Seat, Task
from casework.services.apart import is_apart
from casework.services.attention.reminders import Line, leave
from casework.services.meeting.access import CONVENED_TITLE
from casework.services.meeting.giving import COMING_SEATS, NOT_GIVEN
from casework.services.meeting.keepers import preparers_of, stewards_of
from casework.services.meeting.rows import CONFIRMED, CONVENED, PREPARED
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
    not_given: int = 0

    @property
    def told(self) -> int:
        """How many in all."""
        return self.due + self.late + self.unconvened + self.not_given


def remind(system: Keyless) -> Reminded:
    """Leave the alerts that are due since the last time; one leaf, in the same transaction.

    An owner is told of an open action the day before its date (the same day, when the job did not run), and once more when it is late.
    Stewards are told of a meeting that begins within the time convocations need and that nobody convened; they and the secretaries, of
    one that is convened and whose members hold no key yet. Raises LedgerUnavailable, with nothing told, without a durable leaf.
    """
    instance = system.instance
    now = instance.clock.now()
    today = now.astimezone(PARIS).date()
    with instance.database.writing() as session:
        due = leave(session, DUE, _owners(session, Task.due.between(today, today + timedelta(days=1)), now), now)
        late = leave(session, LATE, _owners(session, Task.due < today, now), now)
        until = now + instance.charter.meetings.before
        unconvened = leave(session, NOT_CONVENED, _not_convened(session, now, until), now)
        done = Reminded(due, late, unconvened, leave(session, NOT_GIVEN, _not_given(session, instance.charter, now, until), now))
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
    found = session.scalars(_beginning(PREPARED, since, until)).all()
    return [(steward, meeting.id, "") for meeting in found for steward in stewards_of(session, meeting.cell_id, since)]


def _not_given(session: Session, charter: Charter, since: datetime, until: datetime) -> list[Line]:
    """Who prepares a meeting near of which somebody should read an item, and nobody holds a key."""
    begun = select(Box.reference).where(Box.title == CONVENED_TITLE, Box.until > since)
    found = session.scalars(_beginning(CONVENED, since, until).where(Meeting.id.not_in(begun))).all()
    waiting = [each for each in found if _somebody_waits(session, charter, each, since)]
    return [(user, meeting.id, "") for meeting in waiting for user in preparers_of(session, meeting.cell_id, since)]


def _somebody_waits(session: Session, charter: Charter, meeting: Meeting, now: datetime) -> bool:
    """Whether a confirmed item concerns somebody who comes, does not keep the cell and may read it as convened."""
    cell, keepers = session.get_one(Cell, meeting.cell_id), stewards_of(session, meeting.cell_id, now)
    query = select(Seat.profession).join(ItemSeat, ItemSeat.seat_id == Seat.id).join(Item, Item.id == ItemSeat.item_id)
    concerned = query.where(Item.meeting_id == meeting.id, Item.status == CONFIRMED)
    coming = concerned.where(Seat.status.in_(COMING_SEATS), Seat.user_id.not_in(keepers)).distinct()
    asked = (Situation(each, CONVENED_TITLE, cell.programme, "open", "identity") for each in session.scalars(coming))
    return any(charter.check("compartment.read", each).permitted for each in asked)


def _beginning(status: str, since: datetime, until: datetime) -> Select[Meeting]:
    query = select(Meeting).where(Meeting.status == status, Meeting.starts_at > since, Meeting.starts_at <= until)
    return query.order_by(Meeting.starts_at, Meeting.id)
