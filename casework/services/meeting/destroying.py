"""What a meeting leaves behind goes by itself: preparatory notes some days after it, relevés and scanned sheets after their time. No key is
needed.

These rows have neither history nor digest, so that deleting them is all there is to delete (domain 2.7; decision 0004). Delays
are the town's own: `policies/meetings.yaml`.
"""

from dataclasses import asdict, dataclass

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.orm import Session

from casework.ledger import Leaf, append
from casework.models.attention import Alert
from casework.models.base import new_id
from casework.models.meetings import Meeting, MeetingNote, Minutes, MinutesCopy, SheetScan, SignedSheet
from casework.services.meeting.keepers import stewards_of
from casework.services.meeting.rows import OPEN
from casework.services.offices.sweeping import PURPOSE, RULE, Keyless

ACTION = "jobs.meetings"
FORGOTTEN = "meeting_forgotten"
"""An alert: a meeting was opened and never closed. Its accesses have ended, its relevés wait for the steward."""


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What went, counted; forgotten: meetings left open, told to their stewards now."""

    notes: int
    copies: int
    forgotten: int
    scans: int = 0

    @property
    def gone(self) -> int:
        """How many rows went."""
        return self.notes + self.copies + self.scans


def destroy(system: Keyless) -> Destroyed:
    """Destroy what is past its time and tell of meetings left open; one leaf, in the same transaction.

    A meeting that was opened and never closed has given its last access `longest` after it began: the boxes end by themselves and the
    sweep deletes them. It stays `open`, because closing draws and seals the relevés, which takes keys that no job has; saying `closed`
    would be untrue. Its stewards are told, once. Raises LedgerUnavailable, with nothing destroyed, when the leaf cannot be made durable.
    """
    instance = system.instance
    now, rules = instance.clock.now(), instance.charter.meetings
    with instance.database.writing() as session:
        ended = func.coalesce(Meeting.closed_at, Meeting.starts_at)
        notes = _delete(session, MeetingNote.meeting_id.in_(select(Meeting.id).where(ended <= now - rules.notes)), MeetingNote)
        copies = _delete(
            session, MinutesCopy.minutes_id.in_(select(Minutes.id).where(Minutes.drawn_at <= now - rules.minutes)), MinutesCopy
        )
        signed = select(SignedSheet.id).join(Meeting, Meeting.id == SignedSheet.meeting_id).where(ended <= now - rules.sheets)
        scans = _delete(session, SheetScan.sheet_id.in_(signed), SheetScan)
        begun = func.coalesce(Meeting.opened_at, Meeting.starts_at)
        forgotten = _tell(system, session, select(Meeting).where(Meeting.status == OPEN, begun <= now - rules.longest))
        done = Destroyed(notes, copies, forgotten, scans)
        append(
            session,
            Leaf(
                at=now, action=ACTION, outcome="authorised", purpose=PURPOSE, rule=RULE, charter=instance.charter.version, actor=None,
                institution=None, hits=done.gone, facts=asdict(done),
            ),
        )  # fmt: skip
    return done


def _delete(session: Session, which: ColumnElement[bool], model: type[MeetingNote] | type[MinutesCopy] | type[SheetScan]) -> int:
    done = session.execute(delete(model).where(which), execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]  # a DELETE gives a CursorResult


def _tell(system: Keyless, session: Session, meetings: Select[Meeting]) -> int:
    """Tell the stewards of each of these meetings that was not told of before; how many."""
    told = set(session.scalars(select(Alert.reference).where(Alert.kind == FORGOTTEN)))
    now, count = system.instance.clock.now(), 0
    for meeting in session.scalars(meetings.where(Meeting.id.not_in(told))).all():
        count += 1
        for steward in stewards_of(session, meeting.cell_id, now):
            session.add(Alert(id=new_id(), recipient_id=steward, kind=FORGOTTEN, reference=meeting.id, created_at=now))
    return count
