"""A recorded table of these tests' own, with every type of column the house uses, and leaves to write."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from casework import ledger
from casework.models.base import UtcDateTime

START = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
GENESIS = ledger.Genesis("instance-1", b"f" * 32, b"r" * 1216, demo=True)


class TestBase(DeclarativeBase):
    """Apart from the house's own metadata."""

    __test__ = False


class Note(TestBase):
    """A row whose digest goes into leaves."""

    __tablename__ = "note"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime())
    due: Mapped[date | None]
    closed: Mapped[bool]


def leaf(number: int, **changes: Any) -> ledger.Leaf:
    """The leaf of minute `number`; two dossiers, three outcomes, four actors in turn."""
    stated: dict[str, Any] = {
        "at": START + timedelta(minutes=number),
        "action": "dossier.open",
        "outcome": ("authorised", "authorised", "refused", "failed")[number % 4],
        "purpose": "follow-up",
        "rule": "lead.reads",
        "charter": "2026-1",
        "actor": f"actor-{number % 4}",
        "institution": "school",
        "dossiers": ((f"2026-{number % 3:04d}", ("identity", "contact")), (f"2026-9{number % 5:03d}", ("identity",))),
    }
    return ledger.Leaf(**stated | changes)


def note(number: int) -> Note:
    """A note, version 1."""
    return Note(
        id=f"{number:032x}",
        version=1,
        body=bytes([number % 256]) * 40,
        written_at=START + timedelta(minutes=number),
        due=date(2026, 4, 1),
        closed=False,
    )


def write_notes(session: Session, number: int) -> None:
    """Minute `number`: a new note, an older one changed, and a leaf that says so."""
    fresh = note(number)
    session.add(fresh)
    touched: list[Note] = [fresh]
    older = session.get(Note, f"{number // 2:032x}")
    if older is not None:
        older.version += 1
        older.body = older.body[::-1] + b"!"
        touched.append(older)
    session.flush()
    ledger.append(session, leaf(number, action="entry.write", writes=tuple(ledger.row_write(each) for each in touched)))
