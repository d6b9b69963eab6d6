"""Dossiers, their compartments and the boxes that open them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, Recorded, clear, key


class Dossier(Recorded, Base):
    """The follow-up of one person in one programme by one cell. Nothing here says who the person is."""

    __tablename__ = "dossier"
    __versioned__: dict[str, object] = {}

    number: Mapped[str] = clear("pseudonym on agendas and in the ledger", String(16), unique=True)
    cell_id: Mapped[str] = clear("which cell", String(32), ForeignKey("cell.id"), index=True)
    programme: Mapped[str] = clear("jobs apply its retention", String(32))
    status: Mapped[str] = clear("received, open, closed, archived: jobs and lists", String(16))
    lead_id: Mapped[str | None] = clear("who to remind", String(32), ForeignKey("user_account.id"))
    lead_statement: Mapped[bytes | None] = key("signed naming of the lead")
    lead_signature: Mapped[bytes | None] = key("Ed25519 signature of the steward who named them")
    lead_signer_id: Mapped[str | None] = clear("certificate of that steward", String(32))
    next_date: Mapped[date | None] = clear("reminders run without a key")
    received_at: Mapped[datetime] = clear("15 days to examine")
    opened_at: Mapped[datetime | None] = clear("start of follow-up")
    closed_at: Mapped[datetime | None] = clear("retention runs from here")
    outcome: Mapped[str | None] = clear(
        "what the examination said, or that no agreement came, closed list: its sender is told, purge dates differ", String(24)
    )
    redirected_to: Mapped[str | None] = clear("kind of service it was redirected to, closed list", String(32))
    closing_reason: Mapped[str | None] = clear("closed list; anonymous statistics", String(24))
    service_ring_id: Mapped[str | None] = clear("the service that keeps `safety`", String(32))
    reporter_id: Mapped[str] = clear("who may follow this saisine; the ledger knows it too", String(32), ForeignKey("user_account.id"))
    submission: Mapped[str] = clear("keyed digest of form and child: one form, one saisine", String(32), unique=True)


class DossierCounter(Base):
    """The last number given in a year."""

    __tablename__ = "dossier_counter"

    year: Mapped[int] = clear("calendar year, Paris time", primary_key=True, autoincrement=False)
    last: Mapped[int] = clear("last number given")


class Compartment(Recorded, Base):
    """A part of a dossier with its own key and its own readers."""

    __tablename__ = "compartment"
    __table_args__ = (UniqueConstraint("dossier_id", "kind", "owner_id"),)

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    cell_id: Mapped[str] = clear("of which cell; every box is bound to it", String(32), ForeignKey("cell.id"))
    kind: Mapped[str] = clear("closed list", String(16))
    owner_id: Mapped[str] = clear("author's user id for social and sealed, the share for extract; empty otherwise", String(32), default="")
    turn_due: Mapped[bool | None] = clear("somebody who held its key left the cell: whoever keeps it turns it, on writing at the latest")


class CompartmentVersion(Recorded, Base):
    """One key version of a compartment: its signed deposit key, and the version before, wrapped under this one."""

    __tablename__ = "compartment_version"
    __table_args__ = (UniqueConstraint("compartment_id", "number"),)

    compartment_id: Mapped[str] = clear("which compartment", String(32), ForeignKey("compartment.id"), index=True)
    number: Mapped[int] = clear("1, 2, …; the highest is current")
    maker_id: Mapped[str] = clear("certificate of the maker", String(32), ForeignKey("certificate.id"))
    statement: Mapped[bytes] = key("signed deposit public key")
    signature: Mapped[bytes] = key("Ed25519 signature of the maker")
    previous: Mapped[bytes | None] = key("the version before, under this version's key")


class Box(Identified, Base):
    """A compartment's key, sealed to one user or one ring epoch under a title. The index of need-to-know."""

    __tablename__ = "box"
    __table_args__ = (
        UniqueConstraint("compartment_id", "holder_id", "title", "reference"),
        Index("ix_box_holder_id_title", "holder_id", "title"),
    )

    compartment_id: Mapped[str] = clear("what it opens", String(32), ForeignKey("compartment.id"), index=True)
    key_version: Mapped[int] = clear("which key version is inside")
    holder_id: Mapped[str] = clear("user or ring epoch that holds it", String(32))
    to_ring: Mapped[bool] = clear("True when the holder is a ring epoch", default=False)
    title: Mapped[str] = clear("why: steward, lead, shared, addressed, author, elected, service, duty", String(16))
    reference: Mapped[str] = clear("which share, or empty", String(32), default="")
    until: Mapped[datetime | None] = clear("ends by itself")
    sealed: Mapped[bytes] = key("the compartment's key, sealed or re-wrapped")
    rewrapped: Mapped[bool] = clear("True once under the holder's own key", default=False)
    mac: Mapped[bytes] = key("proof that a holder of the compartment put it there")


class Conflict(Recorded, Base):
    """A personal link between one account and one dossier: a gate, from the moment it is said."""

    __tablename__ = "conflict"
    __table_args__ = (UniqueConstraint("dossier_id", "user_id"),)

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"))
    user_id: Mapped[str] = clear("who is kept out; every request asks", String(32), ForeignKey("user_account.id"), index=True)
    declared_at: Mapped[datetime] = clear("since when")
    settled_at: Mapped[datetime | None] = clear("when a keeper turned the keys; reminders until then")
    origin: Mapped[str] = clear(
        "declared (a personal link was said) or wall (set apart by a service or a steward)", String(12), server_default="declared"
    )
    author_id: Mapped[str | None] = clear("who set the wall; none: the person said it themselves", String(32))


class UrgentAccess(Recorded, Base):
    """An opened accès urgent: who, which dossier, until when, a coded reason; what was typed is sealed twice."""

    __tablename__ = "urgent_access"

    dossier_id: Mapped[str] = clear("which dossier", String(32), ForeignKey("dossier.id"), index=True)
    user_id: Mapped[str] = clear("who opened it", String(32), ForeignKey("user_account.id"), index=True)
    reason: Mapped[str] = clear("closed list", String(32))
    opened_at: Mapped[datetime] = clear("review is due within 72 h")
    until: Mapped[datetime] = clear("30 minutes")
    epoch_id: Mapped[str] = clear("oversight epoch the text is sealed to", String(32), ForeignKey("ring_epoch.id"))
    for_oversight: Mapped[bytes] = key("the typed reason, sealed to the oversight ring")
    for_author: Mapped[bytes] = key("the typed reason, sealed to its author")
    reviewed_at: Mapped[datetime | None] = clear("when somebody else looked at it")
    reviewer_id: Mapped[str | None] = clear("who looked at it", String(32))
    finding: Mapped[str | None] = clear("what they found, closed list", String(24))
