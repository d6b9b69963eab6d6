"""Content rows: each belongs to one compartment, each confidential column is its own ciphertext, each row is sealed whole."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, declared_attr

from casework.models.base import Base, Recorded, clear, key, sealed

NOTHING = text("''")
"""What the database puts into a column added later; every row that is written says its own."""


class SealedRow(Recorded):
    """A row of one compartment. Its first confidential column carries the row's seal: it opens only with the whole row untouched."""

    __versioned__: dict[str, object] = {}

    key_version: Mapped[int] = clear("key version of the compartment that sealed it; 0: the entry's own key (deposit)")

    @declared_attr
    @classmethod
    def compartment_id(cls) -> Mapped[str]:
        """The compartment the row belongs to."""
        return clear("which compartment", String(32), ForeignKey("compartment.id"), index=True)


class Person(SealedRow, Base):
    """Who the dossier is about (compartment `identity`)."""

    __tablename__ = "person"

    first_name: Mapped[bytes] = sealed("first name")
    last_name: Mapped[bytes] = sealed("family name")
    sex: Mapped[bytes] = sealed("sex")
    birth_date: Mapped[bytes] = sealed("birth date")
    commune: Mapped[bytes] = sealed("commune of residence")


class ContactPoint(SealedRow, Base):
    """A phone, address or legal representative (compartment `contact`)."""

    __tablename__ = "contact_point"

    label: Mapped[bytes] = sealed("what it is: phone, address, legal representative")
    value: Mapped[bytes] = sealed("the number, address or name")


class Situation(SealedRow, Base):
    """What the saisine says (compartment `confidential`)."""

    __tablename__ = "situation"

    origin: Mapped[bytes] = sealed("origin of the saisine, closed list")
    motives: Mapped[bytes] = sealed("motives, closed list")
    facts: Mapped[bytes] = sealed("short factual text")
    reported_by: Mapped[bytes] = sealed("who reported")
    informed: Mapped[bytes] = sealed("whether the person was informed")


class Schooling(SealedRow, Base):
    """School situation (compartment `school`)."""

    __tablename__ = "schooling"

    establishment: Mapped[bytes] = sealed("school")
    level: Mapped[bytes] = sealed("level")
    absences: Mapped[bytes] = sealed("half-days of absence, as the school told them")


class Measure(SealedRow, Base):
    """What the judicial authority communicated: a measure and its dates, never the offence (compartment `judicial`)."""

    __tablename__ = "measure"

    label: Mapped[bytes] = sealed("kind of measure, closed list")
    obligations: Mapped[bytes] = sealed("obligations useful for support")
    since: Mapped[bytes] = sealed("first day")
    until: Mapped[bytes] = sealed("last day")


class SafeContact(SealedRow, Base):
    """How to reach somebody without endangering them (`safety`; in an `extract`, passed on by the step whose id it has)."""

    __tablename__ = "safe_contact"

    channel: Mapped[bytes] = sealed("call, message, through a third person")
    value: Mapped[bytes] = sealed("number or address of contact")
    hours: Mapped[bytes] = sealed("days and hours")
    code_word: Mapped[bytes] = sealed("code word")
    limits: Mapped[bytes] = sealed("no message, no letter, interpreter")
    address: Mapped[bytes] = sealed("protected address")
    not_to_inform: Mapped[bytes] = sealed("persons not to inform")
    introduction: Mapped[bytes] = sealed("how to introduce oneself", server_default=NOTHING)
    must_not_answer: Mapped[bytes] = sealed("who must never answer", server_default=NOTHING)
    interpreter: Mapped[bytes] = sealed("language of an interpreter", server_default=NOTHING)
    release_wish: Mapped[bytes] = sealed("whether the person wishes to be told of a release", server_default=NOTHING)


class SupportRequest(SealedRow, Base):
    """What somebody who calls for support needs: closed lists only, never the story of the facts (compartment `confidential`)."""

    __tablename__ = "support_request"

    needs: Mapped[bytes] = sealed("needs, closed list")
    oriented: Mapped[bytes] = sealed("those of them for which somebody was already named")
    children: Mapped[bytes] = sealed("children in the home: years of birth")


class ExtractItem(SealedRow, Base):
    """A chosen copy for somebody who holds nothing else (compartment `extract`)."""

    __tablename__ = "extract_item"

    label: Mapped[bytes] = sealed("what it is")
    text: Mapped[bytes] = sealed("the copy")


class Entry(SealedRow, Base):
    """A dated, authored, append-only note. A correction is a new entry that names the one it corrects."""

    __tablename__ = "entry"
    __table_args__ = (Index("ix_entry_timeline", "compartment_id", "written_at"),)

    kind: Mapped[str] = clear("closed list; agendas are prepared without a key", String(24))
    author_id: Mapped[str] = clear("who wrote", String(32), ForeignKey("user_account.id"))
    occurred_on: Mapped[date] = clear("last contact drives the inactivity alarm, which runs without a key")
    written_at: Mapped[datetime] = clear("order of the timeline")
    corrects_id: Mapped[str | None] = clear("the entry it corrects", String(32), ForeignKey("entry.id"))
    submission: Mapped[str] = clear("random id of the form: a double click makes one entry", String(32), unique=True)
    body: Mapped[bytes] = sealed("the text")


class EntryKey(Base):
    """The own key of a deposited entry: once sealed to the compartment, once to its author."""

    __tablename__ = "entry_key"

    entry_id: Mapped[str] = clear("which entry", String(32), ForeignKey("entry.id"), primary_key=True)
    holder: Mapped[str] = clear("`compartment` or `author`", String(12), primary_key=True)
    key_version: Mapped[int] = clear("key version of the compartment it is sealed to; 0 for its author", server_default="1")
    sealed: Mapped[bytes] = key("the entry's key")
    signature: Mapped[bytes] = key("Ed25519 signature of the author over the whole row: the deposit key is public, the author's is not")
