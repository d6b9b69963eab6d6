"""Victim support: agreements, calls and letters that were planned, ends of measures, the *consigne d'adressage*, reviews before a purge."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, Recorded, clear, key


class Agreement(Recorded, Base):
    """What the person said to one passing-on: to the referral that came in, or to one orientation. Told anew, it is a new row."""

    __tablename__ = "agreement"

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    referral_id: Mapped[str | None] = clear(
        "which orientation; none: the saisine itself", String(32), ForeignKey("referral_out.id"), index=True
    )
    state: Mapped[str] = clear("given, not_sought, refused, withdrawn: what may happen without a key depends on it", String(12))
    reason: Mapped[str | None] = clear("why it was not sought, closed list", String(24))
    due: Mapped[date | None] = clear("not sought: 15 days to obtain it, else a job erases")
    recorded_at: Mapped[datetime] = clear("the newest one counts")
    author_id: Mapped[str] = clear("who heard it", String(32), ForeignKey("user_account.id"))


class RefusalCount(Identified, Base):
    """How many people refused, in a month, to be referred to a cell: a counter, and nothing about anybody."""

    __tablename__ = "refusal_count"
    __table_args__ = (UniqueConstraint("cell_id", "month"),)

    cell_id: Mapped[str] = clear("which cell", String(32), ForeignKey("cell.id"))
    month: Mapped[date] = clear("first day of the month")
    count: Mapped[int] = clear("how many")


class PlannedContact(Recorded, Base):
    """A call, a letter, a message or a visit that somebody may make: the application itself never writes to anybody and never calls."""

    __tablename__ = "planned_contact"

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    channel: Mapped[str] = clear("call, letter, message, visit", String(8))
    purpose: Mapped[str] = clear("what for, closed list", String(24))
    recipient: Mapped[str] = clear("person, or parent: a holder of parental authority", String(8))
    planned_for: Mapped[datetime] = clear("reminders run without a key")
    author_id: Mapped[str] = clear("who will do it", String(32), ForeignKey("user_account.id"), index=True)
    state: Mapped[str] = clear("planned, done, not_reached, dropped", String(12))
    created_at: Mapped[datetime] = clear("order")
    override: Mapped[str | None] = clear("why a rule of the safe contact was set aside, closed list", String(24))
    set_aside: Mapped[str | None] = clear("which rules were: no other is", String(80))
    epoch_id: Mapped[str | None] = clear("oversight epoch that text is sealed to", String(32))
    for_oversight: Mapped[bytes | None] = key("the typed reason, sealed to the oversight ring")
    for_author: Mapped[bytes | None] = key("the typed reason, sealed to its author")


class AddressingRule(Recorded, Base):
    """*Consigne d'adressage*: of this dossier, no notice, extract or answer goes to a holder of parental authority but by one person.

    The flag is in the clear and works at once; whom to go through is a deposit.
    """

    __tablename__ = "addressing_rule"

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    entry_id: Mapped[str] = clear("the deposit that names the person to go through", String(32))
    set_at: Mapped[datetime] = clear("since when")
    lifted_at: Mapped[datetime | None] = clear("until when")


class MeasureEnd(Recorded, Base):
    """The last day of a measure, for a reminder to the person who follows: a day and a dossier, never which measure."""

    __tablename__ = "measure_end"
    __table_args__ = (UniqueConstraint("measure_id"),)

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    measure_id: Mapped[str] = clear("which sealed row says more", String(32))
    due: Mapped[date] = clear("reminders run without a key")


class PurgeReview(Recorded, Base):
    """A dossier whose person ended the follow-up: somebody looks at what may be kept before it goes."""

    __tablename__ = "purge_review"

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    reason: Mapped[str] = clear("why it was opened, closed list", String(24))
    opened_at: Mapped[datetime] = clear("since when")
    due: Mapped[date] = clear("by when")
    decided_at: Mapped[datetime | None] = clear("when it was decided")
    decided_by: Mapped[str | None] = clear("by whom", String(32))
    finding: Mapped[str | None] = clear("what was decided, closed list", String(24))
