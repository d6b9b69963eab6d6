"""A recorded row changed, put back, removed or added behind the ledger's back is found."""

from datetime import date, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import ledger
from casework.models.database import Database
from tests.ledger.model import START, Note, leaf, note
from tests.ledger.test_tampering import attacked, sql
from tests.sampling import Sampler


def ids(database: Database) -> list[str]:
    with database.reading() as session:
        return [row for (row,) in sql(session, "SELECT id FROM note ORDER BY id").all()]


@pytest.mark.prove
def test_every_changed_row_is_found(filled: Database, sample: Sampler) -> None:
    for row in sample(ids(filled), 8):
        for change in ("body = '\\x00'", "closed = NOT closed", "due = NULL", "written_at = '2025-01-01'", "version = version + 1"):
            found = attacked(filled, lambda session, row=row, change=change: sql(session, f"UPDATE note SET {change} WHERE id = ?", row))  # type: ignore[misc]  # a throwaway base
            assert found & {"row.changed", "row.unreadable"}, (row, change)


@pytest.mark.prove
def test_every_removed_or_added_row_is_found(filled: Database, sample: Sampler) -> None:
    for row in sample(ids(filled), 8):
        assert attacked(filled, lambda session, row=row: sql(session, "DELETE FROM note WHERE id = ?", row)) == {"row.missing"}  # type: ignore[misc]  # a throwaway base
    assert attacked(filled, lambda session: session.add(note(9_999))) == {"row.unrecorded"}


def test_row_put_back_to_an_older_state_is_found(filled: Database) -> None:
    """The older state was a good one, and its digest stands in an older leaf."""
    with filled.writing() as session:
        old = note(500)
        session.add(old)
        session.flush()
        ledger.append(session, leaf(500, writes=(ledger.row_write(old),)))
        before = old.body
        old.body, old.version = b"new", 2
        session.flush()
        ledger.append(session, leaf(501, writes=(ledger.row_write(old),)))
        assert ledger.verify(session, saved=None, recorded=(Note,)).findings == ()
        sql(session, "UPDATE note SET body = ?, version = 1 WHERE id = ?", before, old.id)
        found = ledger.verify(session, saved=None, recorded=(Note,)).findings
        session.rollback()
    assert [(each.code, each.place) for each in found] == [("row.older", f"note/{500:032x}")]


def test_recorded_deletion_is_fine_and_its_undoing_is_found(filled: Database) -> None:
    with filled.writing() as session:
        row = session.get(Note, ids(filled)[0])
        assert row is not None
        kept = [sql(session, "SELECT * FROM note WHERE id = ?", row.id).one()]
        gone = ledger.row_write(row, gone=True)
        session.delete(row)
        ledger.append(session, leaf(600, writes=(gone,)))
        assert ledger.verify(session, saved=None, recorded=(Note,)).ok
        sql(session, "INSERT INTO note VALUES (?, ?, ?, ?, ?, ?)", *kept[0])
        found = ledger.verify(session, saved=None, recorded=(Note,)).findings
        session.rollback()
    assert [each.code for each in found] == ["row.back"]


def test_value_of_a_wrong_type_is_a_finding_and_the_other_rows_are_still_compared(filled: Database) -> None:
    first, last = ids(filled)[0], ids(filled)[-1]

    def spoil(session: Session) -> None:
        sql(session, "UPDATE note SET written_at = 'no moment' WHERE id = ?", first)
        sql(session, "UPDATE note SET closed = NOT closed WHERE id = ?", last)

    if filled.dialect == "sqlite":
        assert attacked(filled, spoil) == {"row.unreadable", "row.changed"}
    else:
        with pytest.raises(DBAPIError):  # PostgreSQL refuses such a value itself
            attacked(filled, spoil)


def test_table_nobody_verifies_is_a_warning(filled: Database) -> None:
    with filled.reading() as session:
        report = ledger.verify(session, saved=None, recorded=())
    assert [(each.code, each.place) for each in report.findings] == [("table.unknown", "note")]
    assert report.ok


def test_digest_is_the_same_on_both_databases(database_url: str, filled: Database) -> None:
    """Both parametrisations must meet the one digest written here."""
    with filled.reading() as session:
        row = session.get(Note, f"{117:032x}")
        assert row is not None
        assert ledger.row_write(row).digest == ledger.row_digest("note", KNOWN)
    assert ledger.row_digest("note", KNOWN) == KNOWN_DIGEST


KNOWN = {
    "id": f"{117:032x}",
    "version": 1,
    "body": bytes([117]) * 40,
    "written_at": START + timedelta(minutes=117),
    "due": date(2026, 4, 1),
    "closed": False,
}
KNOWN_DIGEST = "98be04a8235c5dc3f776dae2ac1c282176738bb8996254bdf298111947f07439"


def test_digest_separates_types_and_columns_and_ignores_null() -> None:
    values = [1, "1", True, b"1", b"\x01", UUID(int=1), START, START.isoformat(), START.date(), "2026-03-02", 2**60, str(2**60)]
    digests = {ledger.row_digest("t", {"a": value}) for value in values}
    digests |= {ledger.row_digest("t", {"b": 1}), ledger.row_digest("u", {"a": 1})}
    assert len(digests) == len(values) + 2
    assert ledger.row_digest("t", {"a": 1, "later": None}) == ledger.row_digest("t", {"a": 1})
    paris = START.astimezone(timezone(timedelta(hours=1)))
    assert ledger.row_digest("t", {"a": paris}) == ledger.row_digest("t", {"a": START.replace(tzinfo=None)})
    with pytest.raises(TypeError):
        ledger.row_digest("t", {"a": 1.5})
