"""Meetings of a cell: who is convened, what is on the agenda, who was in the room, and what was decided.

Nothing here says who a dossier is about. A meeting without dossiers (plenary, *veille territoriale*) cannot be given one: the database
itself ties an item to a meeting whose kind is nominative (domain 1.3).
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, Recorded, clear, key


class Meeting(Recorded, Base):
    """A sitting of a cell: prepared, convened, open, closed or cancelled. While it is open it is a title of access."""

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("id", "nominative"),)

    cell_id: Mapped[str] = clear("which cell", String(32), ForeignKey("cell.id"), index=True)
    kind: Mapped[str] = clear("ordinary, urgent, technical, watch, plenary", String(16))
    nominative: Mapped[bool] = clear("whether dossiers may be on its agenda; the database refuses them otherwise")
    status: Mapped[str] = clear("prepared, convened, open, closed, cancelled", String(12))
    starts_at: Mapped[datetime] = clear("convocations and reminders run without a key")
    place: Mapped[str] = clear("where; goes into the convocation", String(120))
    sector: Mapped[str | None] = clear("part of the territory, reference data", String(40))
    caller: Mapped[str | None] = clear("who called an urgent meeting, closed list", String(24))
    reason: Mapped[str | None] = clear("why an urgent meeting was called, closed list", String(24))
    author_id: Mapped[str] = clear("who prepares it", String(32), ForeignKey("user_account.id"))
    convened_at: Mapped[datetime | None] = clear("when the convocations left")
    opened_at: Mapped[datetime | None] = clear("access begins")
    opened_by: Mapped[str | None] = clear("whose screen it is", String(32))
    closed_at: Mapped[datetime | None] = clear("access ended; preparatory notes go some days later")
    current_item_id: Mapped[str | None] = clear("the item that was called last", String(32))


class Seat(Recorded, Base):
    """Somebody's place at a meeting: convened by account, a deputy, or a guest for one sitting without account and without key."""

    __tablename__ = "meeting_seat"
    __table_args__ = (UniqueConstraint("meeting_id", "user_id"),)

    meeting_id: Mapped[str] = clear("which meeting", String(32), ForeignKey("meeting.id"), index=True)
    user_id: Mapped[str | None] = clear("who; none for a guest", String(32), ForeignKey("user_account.id"), index=True)
    institution_id: Mapped[str | None] = clear("whose", String(32), ForeignKey("institution.id"))
    profession: Mapped[str] = clear("closed list: what the projected view may show to a guest depends on it", String(32))
    status: Mapped[str] = clear("convened, present, excused, replaced, left, absent", String(12))
    replaces_id: Mapped[str | None] = clear("the seat a deputy takes", String(32))
    proposed_id: Mapped[str | None] = clear("whom somebody who cannot come proposes; a steward accepts", String(32))
    arrived_at: Mapped[datetime | None] = clear("in the room from then on")
    left_at: Mapped[datetime | None] = clear("who left before an item did not read it")
    reached_at: Mapped[datetime | None] = clear("urgent meeting: reached by telephone at")
    charter_reference: Mapped[str | None] = clear("a guest's signed paper charter", String(80))
    charter_date: Mapped[date | None] = clear("day of that signature")
    epoch_id: Mapped[str | None] = clear("epoch of the cell's ring that a guest's name is sealed to", String(32))
    name_sealed: Mapped[bytes | None] = key("a guest's name, sealed to the cell's ring")
    signed: Mapped[bool | None] = clear("ticked from the signed paper sheet; says nothing of what was heard")


class SignedSheet(Recorded, Base):
    """The attendance sheet of a meeting, signed on paper: its reference and day. Its scan lies apart, and goes before it."""

    __tablename__ = "signed_sheet"

    meeting_id: Mapped[str] = clear("which meeting: one sheet each", String(32), ForeignKey("meeting.id"), unique=True)
    reference: Mapped[str] = clear("where the paper is kept", String(40))
    signed_on: Mapped[date] = clear("day of the signatures")
    recorded_at: Mapped[datetime] = clear("when the present scan was handed in")
    recorded_by: Mapped[str] = clear("who handed it in", String(32), ForeignKey("user_account.id"))
    digest: Mapped[bytes] = key("SHA-256 of the sealed scan: no other one can take its place")


class SheetScan(Identified, Base):
    """The scan of a signed sheet: names and signatures, sealed to the cell's ring. One for each sheet, the present one.

    Not recorded and without history, so that destroying it, or replacing it, destroys it; the sheet's digest vouches for it.
    """

    __tablename__ = "sheet_scan"

    sheet_id: Mapped[str] = clear("of which sheet", String(32), ForeignKey("signed_sheet.id"), unique=True)
    epoch_id: Mapped[str] = clear("epoch of the cell's ring it is sealed to", String(32), ForeignKey("ring_epoch.id"))
    sealed: Mapped[bytes] = key("the file, with its own SHA-256 before it")


class Item(Recorded, Base):
    """A dossier on an agenda. Paper agendas show its number only."""

    __tablename__ = "meeting_item"
    __table_args__ = (
        ForeignKeyConstraint(["meeting_id", "nominative"], ["meeting.id", "meeting.nominative"]),
        CheckConstraint("nominative", name="nominative"),
        UniqueConstraint("meeting_id", "dossier_id"),
    )

    meeting_id: Mapped[str] = clear("which meeting", String(32), index=True)
    nominative: Mapped[bool] = clear("always true: ties the item to a meeting that may have some")
    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    position: Mapped[int] = clear("order on the agenda")
    origin: Mapped[str] = clear("unfinished, received, review, added", String(16))
    status: Mapped[str] = clear("proposed, confirmed, settled, withdrawn", String(12))
    shown: Mapped[str] = clear("all, or number: what is projected while somebody who is not concerned stays", String(8))
    informed: Mapped[str | None] = clear("whether the person was informed: informed, deferred", String(12))
    deferral: Mapped[str | None] = clear("why not yet, closed list", String(24))
    author_id: Mapped[str] = clear("who put it there", String(32), ForeignKey("user_account.id"))
    called_at: Mapped[datetime | None] = clear("when it came on the screen")
    withdrawn_at: Mapped[datetime | None] = clear("taken off the agenda; access by that title ended")


class ItemSeat(Recorded, Base):
    """Who is concerned by an item: convened for it, or associated during the meeting by a recorded act."""

    __tablename__ = "item_seat"
    __table_args__ = (UniqueConstraint("item_id", "seat_id"),)

    item_id: Mapped[str] = clear("which item", String(32), ForeignKey("meeting_item.id"), index=True)
    seat_id: Mapped[str] = clear("whose seat", String(32), ForeignKey("meeting_seat.id"), index=True)
    origin: Mapped[str] = clear("convened or associated", String(12))


class Hearing(Recorded, Base):
    """An item was on the screen with this seat in the room: recorded as read by them. `kinds`: what was shown."""

    __tablename__ = "item_hearing"

    item_id: Mapped[str] = clear("which item", String(32), ForeignKey("meeting_item.id"), index=True)
    seat_id: Mapped[str] = clear("whose seat", String(32), ForeignKey("meeting_seat.id"), index=True)
    heard_at: Mapped[datetime] = clear("when; who saw a file in a meeting is one question")
    kinds: Mapped[str] = clear("compartment kinds shown, separated by spaces", String(160))


class MeetingNote(Identified, Base):
    """A preparatory note: the question asked about an item, or a member's answer before the meeting. Destroyed some days after it.

    Not recorded and without history, so that destroying it destroys it (domain 2.7).
    """

    __tablename__ = "meeting_note"

    meeting_id: Mapped[str] = clear("destroyed with the others of its meeting", String(32), ForeignKey("meeting.id"), index=True)
    item_id: Mapped[str] = clear("about which item", String(32), ForeignKey("meeting_item.id"), index=True)
    kind: Mapped[str] = clear("question or answer", String(12))
    author_id: Mapped[str] = clear("who wrote", String(32), ForeignKey("user_account.id"))
    key_version: Mapped[int] = clear("question: key version of the identity compartment it is sealed under; answer: 0")
    epoch_id: Mapped[str | None] = clear("answer: epoch of the keepers' ring it is sealed to", String(32))
    written_at: Mapped[datetime] = clear("shown beside it")
    sealed: Mapped[bytes] = key("the text or the answer")
    for_author: Mapped[bytes | None] = key("an answer, sealed to its author")


class Point(Recorded, Base):
    """A point without a person: place, trouble and action, sealed to the cell's ring. Its owner and date are a task."""

    __tablename__ = "meeting_point"

    meeting_id: Mapped[str] = clear("which meeting", String(32), ForeignKey("meeting.id"), index=True)
    author_id: Mapped[str] = clear("who wrote", String(32), ForeignKey("user_account.id"))
    written_at: Mapped[datetime] = clear("order on the agenda")
    epoch_id: Mapped[str] = clear("epoch of the cell's ring it is sealed to", String(32), ForeignKey("ring_epoch.id"))
    sealed: Mapped[bytes] = key("place, trouble, action")


class Decision(Recorded, Base):
    """What the cell decided about an item. Its words are a note of the dossier's `decisions` compartment."""

    __tablename__ = "decision"

    meeting_id: Mapped[str] = clear("which meeting", String(32), ForeignKey("meeting.id"), index=True)
    item_id: Mapped[str] = clear("which item: one decision each", String(32), ForeignKey("meeting_item.id"), unique=True)
    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    outcome: Mapped[str] = clear("closed list; anonymous figures", String(24))
    lead_id: Mapped[str | None] = clear("who was named lead", String(32))
    missing: Mapped[str | None] = clear("what is missing for a postponed one, closed list", String(24))
    next_date: Mapped[date | None] = clear("next review")
    closing_reason: Mapped[str | None] = clear("why the follow-up ends, closed list of the programme", String(24))
    redirected_to: Mapped[str | None] = clear("kind of service a saisine is passed on to, closed list", String(24))
    other_id: Mapped[str | None] = clear("the note that says in which dossier the person is followed already", String(32))
    applied_at: Mapped[datetime | None] = clear("when it took effect on the dossier: at the close, or at once when entered after it")
    decided_on: Mapped[date] = clear("day of the sitting")
    entered_at: Mapped[datetime] = clear("day of the entry: a sheet may be copied late")
    author_id: Mapped[str] = clear("who entered it", String(32), ForeignKey("user_account.id"))
    entry_id: Mapped[str | None] = clear("the note with its words", String(32))


class Task(Recorded, Base):
    """An action somebody carries, or a question to somebody absent: owner, date and state in the clear, words sealed elsewhere."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_owner_id_status", "owner_id", "status"),)

    kind: Mapped[str] = clear("action or question", String(12))
    meeting_id: Mapped[str] = clear("decided where", String(32), ForeignKey("meeting.id"), index=True)
    item_id: Mapped[str | None] = clear("about which item", String(32), ForeignKey("meeting_item.id"), index=True)
    point_id: Mapped[str | None] = clear("or which point without a person", String(32), ForeignKey("meeting_point.id"))
    dossier_id: Mapped[str | None] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    owner_id: Mapped[str | None] = clear("who carries it: reminders run without a key", String(32), ForeignKey("user_account.id"))
    institution_id: Mapped[str | None] = clear("whose", String(32), ForeignKey("institution.id"), index=True)
    due: Mapped[date] = clear("reminders run without a key")
    status: Mapped[str] = clear("open, done, not_done, dropped", String(12))
    author_id: Mapped[str] = clear("who entered it", String(32), ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = clear("order")
    entry_id: Mapped[str | None] = clear("the note with its words, for those who read the dossier", String(32))
    extract_id: Mapped[str | None] = clear("the compartment with its words, for its owner", String(32))
    reported_at: Mapped[datetime | None] = clear("when its result was told")
    reported_by: Mapped[str | None] = clear("who recorded the result", String(32))
    told_by: Mapped[str | None] = clear("how a result reached somebody else, closed list", String(16))
    told_on: Mapped[date | None] = clear("the day it was told")
    result_id: Mapped[str | None] = clear("the note with the result's words", String(32))


class Minutes(Recorded, Base):
    """A *relevé de décisions*: one for each institution, with what concerns it and nothing else; one, whole, for the stewards."""

    __tablename__ = "minutes"
    __table_args__ = (UniqueConstraint("meeting_id", "institution_id"),)

    meeting_id: Mapped[str] = clear("which meeting", String(32), ForeignKey("meeting.id"), index=True)
    institution_id: Mapped[str | None] = clear("whose; none for the whole one", String(32), ForeignKey("institution.id"))
    drawn_at: Mapped[datetime] = clear("when the meeting was closed")


class MinutesCopy(Identified, Base):
    """A relevé, sealed to one reader: a member of the institution who was convened, or the stewards' ring."""

    __tablename__ = "minutes_copy"
    __table_args__ = (UniqueConstraint("minutes_id", "holder_id"),)

    minutes_id: Mapped[str] = clear("which relevé", String(32), ForeignKey("minutes.id"), index=True)
    holder_id: Mapped[str] = clear("user or ring epoch", String(32), index=True)
    to_ring: Mapped[bool] = clear("True when the holder is a ring epoch", default=False)
    sealed: Mapped[bytes] = key("the relevé, as its reader sees it")


class CoreMember(Recorded, Base):
    """A member who is convened to every ordinary meeting of a cell."""

    __tablename__ = "core_member"
    __table_args__ = (UniqueConstraint("cell_id", "user_id"),)

    cell_id: Mapped[str] = clear("which cell", String(32), ForeignKey("cell.id"), index=True)
    user_id: Mapped[str] = clear("who", String(32), ForeignKey("user_account.id"))
    since: Mapped[datetime] = clear("when they were made part of the core")
