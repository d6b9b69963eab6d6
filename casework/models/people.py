"""Institutions, accounts, their keys, and what makes them trusted and let in."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped

from casework.models.base import Base, Recorded, clear, key


class Institution(Recorded, Base):
    """A signatory of the charter: town, school, département, police…"""

    __tablename__ = "institution"

    name: Mapped[str] = clear("reference data", String(120), unique=True)
    kind: Mapped[str] = clear("reference data, closed list", String(32))
    sector: Mapped[str | None] = clear("part of the territory it works in, reference data", String(40))


class User(Recorded, Base):
    """An account. Deactivated, never deleted."""

    __tablename__ = "user_account"

    username: Mapped[str] = clear("sign-in name of a professional", String(64), unique=True)
    name: Mapped[str] = clear("professional's name: readers of an entry are named, the ledger names who saw", String(120))
    gender: Mapped[str] = clear("how the screens agree: f, m or n", String(1))
    function: Mapped[str] = clear("job, as colleagues know it", String(120))
    profession: Mapped[str] = clear("closed list; the certified one decides, this one is shown", String(32))
    institution_id: Mapped[str] = clear("who employs", String(32), ForeignKey("institution.id"))
    email: Mapped[str | None] = clear("work address: convocations and reminders, without name, number or motive", String(120))
    created_at: Mapped[datetime] = clear("life of the account")
    deactivated_at: Mapped[datetime | None] = clear("life of the account")
    opener_id: Mapped[str | None] = clear("certificate of the officer who opened it; none for the founder", String(32))
    statement: Mapped[bytes | None] = key("signed opening: user name, name, profession, institution")
    signature: Mapped[bytes | None] = key("Ed25519 signature of the officer")


class UserKeys(Base):
    """A user's keys as `vault.userkeys` stores them: wrapped, public or hashed bytes."""

    __tablename__ = "user_keys"

    user_id: Mapped[str] = clear("whose", String(32), ForeignKey("user_account.id"), primary_key=True)
    memory_kib: Mapped[int] = clear("Argon2id parameter")
    iterations: Mapped[int] = clear("Argon2id parameter")
    lanes: Mapped[int] = clear("Argon2id parameter")
    salt: Mapped[bytes] = key("Argon2id salt")
    auth_hash: Mapped[bytes] = key("SHA-256 of the value compared at sign-in")
    by_passphrase: Mapped[bytes] = key("user key under the passphrase")
    by_sheet: Mapped[bytes] = key("user key under the recovery sheet")
    public: Mapped[bytes] = key("hybrid public key")
    private: Mapped[bytes] = key("hybrid private key under the user key")
    signing_public: Mapped[bytes] = key("Ed25519 public key")
    signing_private: Mapped[bytes] = key("Ed25519 private key under the user key")
    totp_seed: Mapped[bytes] = key("seed of the one-time codes under the user key")
    recovery_box: Mapped[bytes] = key("hybrid private key sealed to the recovery key")


class OneTimeStep(Base):
    """The last time step whose one-time code was used. Only ever grows."""

    __tablename__ = "one_time_step"

    user_id: Mapped[str] = clear("whose", String(32), ForeignKey("user_account.id"), primary_key=True)
    step: Mapped[int] = clear("RFC 6238 time step; refuses a second use")


class Enrolment(Base):
    """A single-use code handed over by an officer, with which a person makes their own keys."""

    __tablename__ = "enrolment"

    user_id: Mapped[str] = clear("whose", String(32), ForeignKey("user_account.id"), primary_key=True)
    code_hash: Mapped[bytes] = key("SHA-256 of a 128-bit code")
    until: Mapped[datetime] = clear("the code dies by itself")


class Certificate(Recorded, Base):
    """An officer's signed statement that these keys are this person's."""

    __tablename__ = "certificate"

    subject_id: Mapped[str] = clear("who is certified", String(32), ForeignKey("user_account.id"))
    issuer_id: Mapped[str | None] = clear("the issuer's certificate; none for the founder", String(32), ForeignKey("certificate.id"))
    statement: Mapped[bytes] = key("signed statement: public keys, profession, institution")
    signature: Mapped[bytes] = key("Ed25519 signature")
    created_at: Mapped[datetime] = clear("newest one counts")
