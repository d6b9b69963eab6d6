"""The wall: two dossiers of which whoever follows one must not know the other. In the clear, because every request asks without a key.

What that shows to somebody with the database is two random ids, one beside the other (`docs/claims.md`).
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Recorded, clear, key


class DossierLink(Recorded, Base):
    """Two dossiers set apart: for those who hold one of them, the other does not exist."""

    __tablename__ = "dossier_link"
    __table_args__ = (UniqueConstraint("dossier_id", "other_id"),)

    dossier_id: Mapped[str] = clear("the dossier of the person to protect", String(32), ForeignKey("dossier.id"), index=True)
    other_id: Mapped[str] = clear("the other one", String(32), ForeignKey("dossier.id"), index=True)
    author_id: Mapped[str] = clear("who held both and set them apart", String(32), ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = clear("since when")
    ended_at: Mapped[datetime | None] = clear("until when")


class BothSides(Recorded, Base):
    """Somebody stays on both sides by a reasoned act: one dossier in their lists, the other by its number only, never both in one view."""

    __tablename__ = "both_sides"
    __table_args__ = (UniqueConstraint("link_id", "user_id"),)

    link_id: Mapped[str] = clear("of which pair", String(32), ForeignKey("dossier_link.id"), index=True)
    user_id: Mapped[str] = clear("who", String(32), ForeignKey("user_account.id"), index=True)
    listed_id: Mapped[str] = clear("the dossier of the two that their lists show", String(32))
    reason: Mapped[str] = clear("closed list", String(24))
    made_at: Mapped[datetime] = clear("since when")
    epoch_id: Mapped[str] = clear("oversight epoch the text is sealed to", String(32))
    for_oversight: Mapped[bytes] = key("the typed reason, sealed to the oversight ring")
    for_author: Mapped[bytes] = key("the typed reason, sealed to its author")
