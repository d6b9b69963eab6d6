"""The door to the database: readers commit nothing, writers take turns, a failure leaves nothing behind."""

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from casework import ledger
from casework.errors import ConfigurationError, LedgerUnavailable
from casework.models import dialects
from casework.models.database import Database
from tests.ledger.model import GENESIS, START, Note, leaf, note
from tests.ledger.test_tampering import sql


def size(database: Database) -> int:
    with database.reading() as session:
        return ledger.head(session).size


def write_note(database: Database, number: int, then: Exception | None = None) -> None:
    """A note and its leaf in one transaction, and perhaps an error after both."""
    with database.writing() as session:
        session.add(note(number))
        ledger.append(session, leaf(number))
        if then is not None:
            raise then


def test_reader_writes_and_commits_nothing(database: Database) -> None:
    with database.reading() as session:
        session.add(note(1))
        with pytest.raises(DBAPIError):
            session.flush()
    with database.reading() as session, pytest.raises(RuntimeError, match="commits nothing"):
        session.commit()
    with database.reading() as session, pytest.raises(LedgerUnavailable):
        ledger.append(session, leaf(1))
    assert size(database) == 1


def test_reader_sees_one_snapshot(database: Database) -> None:
    with database.reading() as session:
        before = ledger.head(session)
        with database.writing() as other:
            ledger.append(other, leaf(1))
        assert ledger.head(session) == before
    assert size(database) == before.size + 1


def test_exception_rolls_rows_and_leaf_back(database: Database) -> None:
    before = size(database)
    with pytest.raises(KeyError):
        write_note(database, 2, then=KeyError())
    assert size(database) == before
    with database.reading() as session:
        assert session.get(Note, note(2).id) is None


def test_writer_after_a_reader_on_the_same_connection_may_write(database: Database) -> None:
    before = size(database)
    for _ in range(12):
        size(database)
        with database.writing() as session:
            ledger.append(session, leaf(3))
    assert size(database) == before + 12


@pytest.fixture
def broken(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The ledger without what the parameter names; mended afterwards."""
    breaking, mending = BREAKS[request.param]
    plain = create_engine(database.engine.url)
    for statement in breaking[database.dialect]:
        with plain.begin() as connection:
            connection.exec_driver_sql(statement)
    yield database
    for statement in mending[database.dialect]:
        with plain.begin() as connection:
            connection.exec_driver_sql(statement)
    plain.dispose()


def both(*statements: str) -> dict[str, tuple[str, ...]]:
    return {"sqlite": statements, "postgresql": statements}


BREAKS = {
    "head row missing": (
        both("UPDATE ledger_head SET id = 1", "CREATE TABLE kept AS SELECT * FROM ledger_head", "DELETE FROM ledger_head"),
        both("INSERT INTO ledger_head SELECT * FROM kept", "DROP TABLE kept"),
    ),
    "table missing": (both("ALTER TABLE ledger_leaf RENAME TO away"), both("ALTER TABLE away RENAME TO ledger_leaf")),
    "frontier spoiled": (both("UPDATE ledger_head SET size = size + 1000"), both("UPDATE ledger_head SET size = size - 1000")),
    "disk refuses": (
        {
            "sqlite": ("CREATE TRIGGER full BEFORE INSERT ON ledger_leaf BEGIN SELECT RAISE(ABORT, 'disk full'); END",),
            "postgresql": (
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'disk full'; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON ledger_leaf FOR EACH ROW EXECUTE FUNCTION refuse()",
            ),
        },
        {"sqlite": ("DROP TRIGGER full",), "postgresql": ("DROP TRIGGER refuse ON ledger_leaf", "DROP FUNCTION refuse()")},
    ),
}


@pytest.mark.parametrize("broken", BREAKS, indirect=True)
def test_broken_ledger_fails_closed(broken: Database) -> None:
    with pytest.raises(LedgerUnavailable):
        write_note(broken, 3)
    with broken.reading() as session:
        assert session.scalars(select(Note)).all() == []


def test_mended_ledger_goes_on(database: Database) -> None:
    """The control: the same verb succeeds once nothing is broken."""
    before = size(database)
    with database.writing() as session:
        ledger.append(session, leaf(3))
    assert size(database) == before + 1


def test_locked_ledger_fails_closed(database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody outside the house holds the write lock."""
    monkeypatch.setattr(dialects, "BUSY_TIMEOUT", 100)
    monkeypatch.setattr(dialects, "_PRAGMAS", ("PRAGMA busy_timeout = 100", *dialects._PRAGMAS[1:]))
    impatient, outsider = Database(database_url), create_engine(database_url)
    with outsider.connect() as connection:
        if database.dialect == "sqlite":
            connection.exec_driver_sql("UPDATE ledger_head SET size = size")
        else:
            connection.exec_driver_sql("SELECT * FROM ledger_head FOR UPDATE")
        with pytest.raises(LedgerUnavailable), impatient.writing() as session:
            ledger.append(session, leaf(4))
        connection.rollback()
    with impatient.writing() as session:
        ledger.append(session, leaf(4))
    impatient.close()
    outsider.dispose()


def test_foundation_happens_once_and_is_read_back(database: Database) -> None:
    with pytest.raises(LedgerUnavailable), database.writing() as session:
        ledger.genesis(session, GENESIS, at=START, charter="2026-1")
    with database.reading() as session:
        assert ledger.stated_genesis(session) == GENESIS


def test_durability_settings_are_on(database: Database) -> None:
    with database.reading() as session:
        if database.dialect == "sqlite":
            names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "temp_store", "trusted_schema")
            assert [sql(session, f"PRAGMA {name}").scalar() for name in names] == ["wal", 2, 1, 1, 2, 0]
        else:
            assert sql(session, "SHOW synchronous_commit").scalar() == "on"
            assert sql(session, "SHOW lock_timeout").scalar() == "5s"


def test_sqlite_files_are_private_and_close_empties_the_log(tmp_path: Path) -> None:
    opened = Database(f"sqlite:///{tmp_path / 'a.db'}")
    with opened.writing() as session:
        sql(session, "CREATE TABLE t (x)")
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
        assert {path.name for path in tmp_path.iterdir()} == {"a.db", "a.db-wal", "a.db-shm", "a.db.lock"}
    opened.close()
    assert not (tmp_path / "a.db-wal").exists()


@pytest.mark.parametrize("touched", [False, True])
def test_second_database_object_keeps_the_locks_of_the_first(tmp_path: Path, touched: bool) -> None:
    """The control (touched): opening and closing the file by hand drops them, and the first one's log is deleted under it."""
    path = tmp_path / "a.db"
    first = Database(f"sqlite:///{path}")
    with first.writing() as session:
        sql(session, "CREATE TABLE t (x)")
    second = Database(f"sqlite:///{path}")
    if touched:
        os.close(os.open(path, os.O_RDWR))
    passer_by = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM t').fetchall(); c.close()"
    subprocess.run([sys.executable, "-c", passer_by, str(path)], check=True)  # the last one to leave deletes the log
    assert (tmp_path / "a.db-wal").exists() is not touched
    second.engine.dispose()
    first.engine.dispose()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql://x/y", "sqlite:////nowhere/at/all.db"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Database(url)


def test_integrity_errors_stay_what_they_are(database: Database) -> None:
    """A double click is the service's to understand; it is no failure of the ledger."""

    def twice(session: Session) -> None:
        session.add(note(7))
        session.flush()
        session.expunge_all()
        session.add(note(7))
        ledger.append(session, leaf(7))

    with pytest.raises(DBAPIError), database.writing() as session:
        twice(session)
