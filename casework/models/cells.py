"""Cells and the named, dated, signed acts that let people in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Identified, Recorded, clear, key


class Cell(Recorded, Base):
    """A working group of art. L.132-5 CSI. Founded empty by an officer on a signed act that names its first stewards."""

    __tablename__ = "cell"

    code: Mapped[str] = clear("short name", String(32), unique=True)
    name: Mapped[str] = clear("reference data", String(120))
    programme: Mapped[str] = clear("which public it follows; jobs apply its retention", String(32))
    commune: Mapped[str] = clear("territory", String(80))
    founder_id: Mapped[str] = clear("the officer's certificate", String(32), ForeignKey("certificate.id"))
    statement: Mapped[bytes] = key("signed foundation: cell, programme, first stewards")
    signature: Mapped[bytes] = key("Ed25519 signature of the officer")
    founded_at: Mapped[datetime] = clear("life of the cell")


class Habilitation(Recorded, Base):
    """The act that lets a named person in, for a limited time. Without a cell: an office (officer, auditor, dpo)."""

    __tablename__ = "habilitation"

    user_id: Mapped[str] = clear("who", String(32), ForeignKey("user_account.id"), index=True)
    cell_id: Mapped[str | None] = clear("where; none for an office", String(32), ForeignKey("cell.id"), index=True)
    role: Mapped[str] = clear("steward, member, elected or office", String(16))
    starts: Mapped[datetime] = clear("limited in time")
    until: Mapped[datetime] = clear("ends by itself")
    ended_at: Mapped[datetime | None] = clear("ended before its time")
    act: Mapped[str] = clear("reference of the signed paper act", String(80))
    signer_id: Mapped[str] = clear("certificate of who admitted", String(32), ForeignKey("certificate.id"))
    statement: Mapped[bytes] = key("signed admission")
    signature: Mapped[bytes] = key("Ed25519 signature of who admitted")


class CharterSignature(Recorded, Base):
    """The information-sharing charter, signed on paper by a person in one version, recorded by who admitted them."""

    __tablename__ = "charter_signature"

    user_id: Mapped[str] = clear("who signed", String(32), ForeignKey("user_account.id"), index=True)
    charter: Mapped[str] = clear("which text", String(32))
    reference: Mapped[str] = clear("reference of the signed sheet", String(80))
    recorded_by: Mapped[str] = clear("who recorded it", String(32), ForeignKey("user_account.id"))
    signed_at: Mapped[datetime] = clear("access is blocked without a current one")


class Ring(Identified, Base):
    """A named group that shares one secret for each epoch. Kinds: stewards, cell, elected, service, duty, oversight."""

    __tablename__ = "ring"

    kind: Mapped[str] = clear("closed list", String(16))
    cell_id: Mapped[str | None] = clear("whose stewards or elected; none for oversight", String(32), ForeignKey("cell.id"))
    institution_id: Mapped[str | None] = clear("whose service", String(32))
    dossier_id: Mapped[str | None] = clear("reduced stewards' ring of one dossier, after a conflict of interest", String(32), index=True)


class RingEpoch(Recorded, Base):
    """One secret of a ring. Its public key is signed by its maker."""

    __tablename__ = "ring_epoch"

    ring_id: Mapped[str] = clear("which ring", String(32), ForeignKey("ring.id"), index=True)
    number: Mapped[int] = clear("1, 2, …; the highest is current")
    maker_id: Mapped[str] = clear("certificate of the maker", String(32), ForeignKey("certificate.id"))
    statement: Mapped[bytes] = key("signed public key of the epoch")
    signature: Mapped[bytes] = key("Ed25519 signature of the maker")
    recovery_box: Mapped[bytes] = key("the secret sealed to the recovery key")
    reached: Mapped[str | None] = clear("user ids it was ever sealed to: when one leaves the cell, the secret changes", Text)


class RingMember(Identified, Base):
    """A ring's secret, sealed to one member, or to another ring that keeps it."""

    __tablename__ = "ring_member"

    epoch_id: Mapped[str] = clear("which secret", String(32), ForeignKey("ring_epoch.id"), index=True)
    holder_id: Mapped[str] = clear("user, or ring epoch that keeps it for others", String(32), index=True)
    to_ring: Mapped[bool] = clear("True when the holder is a ring epoch", default=False)
    starts: Mapped[datetime | None] = clear("a stand-in's first moment; none: at once")
    until: Mapped[datetime | None] = clear("ends with the habilitation, or the stand-in's days")
    sealed: Mapped[bytes] = key("the secret, sealed or re-wrapped")
    rewrapped: Mapped[bool] = clear("True once under the holder's own key", default=False)
    mac: Mapped[bytes] = key("proof that a holder of the secret admitted this member")
