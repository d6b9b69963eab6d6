"""What asks for somebody's attention, and what they were typing: small rows that live shortly and vouch for nothing."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, clear, key


class Alert(Identified, Base):
    """ "Look at this", for one account: a code and a number, never content."""

    __tablename__ = "alert"

    recipient_id: Mapped[str] = clear("whose", String(32), ForeignKey("user_account.id"), index=True)
    kind: Mapped[str] = clear("closed list in code", String(32))
    number: Mapped[str] = clear("dossier number, or empty", String(16), default="")
    reference: Mapped[str] = clear("id of what it is about, or empty", String(32), default="")
    created_at: Mapped[datetime] = clear("order on screen")
    seen_at: Mapped[datetime | None] = clear("leaves the day once seen")


class Draft(Identified, Base):
    """What somebody was typing in a form, sealed to their own public key."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("user_id", "form", "place"),)

    user_id: Mapped[str] = clear("whose", String(32), ForeignKey("user_account.id"))
    form: Mapped[str] = clear("which form, closed list in code", String(24))
    place: Mapped[str] = clear("dossier number, or empty", String(32), default="")
    saved_at: Mapped[datetime] = clear("shown beside the form")
    until: Mapped[datetime] = clear("deleted after 7 days")
    sealed: Mapped[bytes] = key("the typed fields, sealed to their author")


class LastLook(Base):
    """When somebody last opened a dossier: what changed since is their day."""

    __tablename__ = "last_look"

    user_id: Mapped[str] = clear("who", String(32), ForeignKey("user_account.id"), primary_key=True)
    dossier_id: Mapped[str] = clear("what", String(32), ForeignKey("dossier.id"), primary_key=True)
    at: Mapped[datetime] = clear("the ledger knows it too; here it is quick to ask")
