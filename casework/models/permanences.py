"""Permanences: where a service receives people, and who comes when. Times and states in the clear, the person sealed to the service."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Recorded, clear, key


class Permanence(Recorded, Base):
    """A service receives at a place, on a day of the week, from an hour to an hour."""

    __tablename__ = "permanence"

    cell_id: Mapped[str] = clear("which cell", String(32), ForeignKey("cell.id"), index=True)
    institution_id: Mapped[str] = clear("whose service", String(32), ForeignKey("institution.id"))
    place: Mapped[str] = clear("where it receives: a public place, never a protected address", String(120))
    weekday: Mapped[int] = clear("0 is Monday")
    starts: Mapped[str] = clear("first hour, HH:MM, Paris time", String(5))
    ends: Mapped[str] = clear("last hour, HH:MM, Paris time", String(5))
    minutes: Mapped[int] = clear("length of a slot")
    since: Mapped[date] = clear("from which day")
    until: Mapped[date | None] = clear("to which day, if it ended")
    author_id: Mapped[str] = clear("who keeps it", String(32), ForeignKey("user_account.id"))


class Slot(Recorded, Base):
    """An appointment: time and state in the clear, the link to a person sealed under the service's ring."""

    __tablename__ = "permanence_slot"
    __table_args__ = (
        UniqueConstraint("permanence_id", "starts_at"),
        Index("ix_permanence_slot_starts_at", "starts_at"),
    )

    permanence_id: Mapped[str] = clear("of which permanence", String(32), ForeignKey("permanence.id"))
    starts_at: Mapped[datetime] = clear("reminders and free slots run without a key")
    minutes: Mapped[int] = clear("how long")
    state: Mapped[str] = clear("booked, attended, missed, moved, cancelled", String(12))
    moved_to_id: Mapped[str | None] = clear("the slot it was moved to", String(32))
    epoch_id: Mapped[str | None] = clear("epoch of the service's ring that the link is sealed to", String(32))
    link: Mapped[bytes | None] = key("the link to a person, sealed under the service's ring")
    author_id: Mapped[str] = clear("who entered it", String(32), ForeignKey("user_account.id"))
    updated_at: Mapped[datetime] = clear("when it was last touched")
