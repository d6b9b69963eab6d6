"""Sixteen processes write to one ledger: no fork, no gap, all finish. Without the guards it breaks."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier

import pytest
from sqlalchemy import text

from benchmarks import leaves
from casework import ledger
from casework.errors import LedgerUnavailable
from casework.ledger import journal
from casework.models import dialects
from casework.models.database import Database
from tests.ledger.model import leaf

WRITERS = 16


def test_sixteen_processes(database_url: str, database: Database) -> None:
    """`measure` verifies the log and its size itself."""
    measured = leaves.measure(database_url, writers=WRITERS, per_writer=12)
    assert measured.leaves == WRITERS * 12


def append_at_once(database: Database, count: int = WRITERS) -> list[int | Exception]:
    """Positions, or what went wrong, of as many threads that all begin together."""
    start = Barrier(count)

    def one(number: int) -> int | Exception:
        start.wait(30)
        try:
            with database.writing() as session:
                return ledger.append(session, leaf(number))
        except LedgerUnavailable as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def stored(database: Database) -> int:
    with database.reading() as session:
        return ledger.head(session).size


def test_threads_take_turns(database: Database) -> None:
    before = stored(database)
    positions = append_at_once(database)
    assert sorted(each for each in positions if isinstance(each, int)) == list(range(before, before + WRITERS))


def without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the guards away: no turn on the lock file, no BEGIN IMMEDIATE, no queue and no FOR UPDATE."""
    monkeypatch.setattr(dialects, "turn", lambda _: nullcontext())
    monkeypatch.setitem(dialects._BEGIN, "write", ("PRAGMA query_only = 0", "BEGIN"))
    monkeypatch.setitem(journal._TAKE_HEAD, "postgresql", journal._TAKE_HEAD["sqlite"])


def test_without_locks_writers_lose_their_leaves(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: compare-and-set and keys still prevent a fork, but writers fail that would have waited."""
    without_locks(monkeypatch)
    outcomes = [each for _ in range(5) for each in append_at_once(database)]
    assert any(isinstance(each, LedgerUnavailable) for each in outcomes)


def fork(database: Database) -> None:
    """Two writers who both read the head first, without a lock, and then write with no key and no compare-and-set."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE naive (seq INTEGER)")
    read = Barrier(2)

    def one(_: int) -> None:
        with database.reading() as session:
            seq = ledger.head(session).size
        read.wait(30)
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO naive VALUES ({seq})")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(2)))


def test_reading_the_head_without_its_lock_forks(database: Database) -> None:
    """The control of the idea itself: read the head, then write, and two leaves have one position."""
    fork(database)
    with database.reading() as session:
        positions = session.execute(text("SELECT seq FROM naive")).scalars().all()
    assert len(positions) == 2
    assert len(set(positions)) == 1
