"""Leaves per second and the longest wait of 16 processes that all write to one ledger.

`measure(url)` works on any database, which it fills; `main` tries SQLite and a throwaway PostgreSQL with durable commits.
Run it with `python -m benchmarks.leaves`.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Empty
from statistics import median
from typing import Any

from casework import ledger
from casework.models.base import Base
from casework.models.database import Database
from tests.postgres import throwaway_cluster

WRITERS = 16
PER_WRITER = 250


@dataclass(frozen=True, slots=True)
class Measure:
    """What `writers` processes did. Waits are in seconds, from asking for the transaction to its commit."""

    writers: int
    leaves: int
    seconds: float
    longest_wait: float
    median_wait: float

    @property
    def per_second(self) -> float:
        """Durable leaves per second, all writers together."""
        return self.leaves / self.seconds


def prepare(url: str) -> None:
    """Make the ledger's tables and its first leaf in an empty database."""
    database = Database(url)
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        ledger.genesis(session, ledger.Genesis("bench", b"founder", b"recovery", demo=True), at=datetime.now(UTC), charter="bench")
    database.close()


def read_leaf(writer: int) -> ledger.Leaf:
    """A leaf as the opening of a dossier writes it."""
    return ledger.Leaf(
        at=datetime.now(UTC),
        action="dossier.open",
        outcome="authorised",
        purpose="follow-up",
        rule="lead.reads",
        charter="2026-1",
        actor=f"{writer:032x}",
        institution="school",
        dossiers=((f"2026-{writer:04d}", ("identity", "contact", "decisions", "confidential")),),
    )


def measure(url: str, *, writers: int = WRITERS, per_writer: int = PER_WRITER) -> Measure:
    """Let `writers` processes append `per_writer` leaves each, one transaction a leaf, to a prepared database; then verify it.

    Raises AssertionError when a writer did not finish, or the log does not verify.
    """
    before = _size(url)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["casework.models", "casework.ledger"])
    start, results = context.Barrier(writers), context.Queue()
    processes = [context.Process(target=_write, args=(url, each, per_writer, start, results)) for each in range(writers)]
    for process in processes:
        process.start()
    answers: list[tuple[float, float, list[float]]] = []
    while len(answers) < writers:
        assert not any(process.exitcode for process in processes), "a writer failed"
        with suppress(Empty):
            answers.append(results.get(timeout=1))
    for process in processes:
        process.join()
    _check(url, before + writers * per_writer)
    waits = [wait for _, _, each in answers for wait in each]
    seconds = max(end for _, end, _ in answers) - min(begin for begin, _, _ in answers)
    return Measure(writers, len(waits), seconds, max(waits), median(waits))


def _write(url: str, writer: int, leaves: int, start: Barrier, results: Any) -> None:
    database = Database(url)
    with database.reading() as session:
        ledger.head(session)  # the connection is open before the clock runs
    start.wait(60)
    waits, begin = [], time.monotonic()
    for _ in range(leaves):
        asked = time.monotonic()
        with database.writing() as session:
            ledger.append(session, read_leaf(writer))
        waits.append(time.monotonic() - asked)
    results.put((begin, time.monotonic(), waits))
    database.engine.dispose()


def _size(url: str) -> int:
    database = Database(url)
    with database.reading() as session:
        size = ledger.head(session).size
    database.close()
    return size


def _check(url: str, size: int) -> None:
    database = Database(url)
    with database.reading() as session:
        report = ledger.verify(session, saved=None, recorded=())
    database.close()
    assert report.ok, report.findings
    assert report.head is not None
    assert report.head.size == size, report.head.size


def table(rows: Sequence[tuple[str, Measure]]) -> str:
    """The figures, one line a database."""
    lines = [
        f"{name:<12}{each.per_second:>8.0f} leaves/s   longest wait {each.longest_wait * 1000:>6.0f} ms"
        f"   median {each.median_wait * 1000:>6.1f} ms   {each.writers} writers"
        for name, each in rows
    ]
    return "\n".join(lines)


def both(*, writers: int = WRITERS, per_writer: int = PER_WRITER) -> list[tuple[str, Measure]]:
    """Measure SQLite on this machine's disk and PostgreSQL with fsync on, one after the other."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="casework-bench-") as folder, throwaway_cluster(fsync=True) as cluster:
        for name, url in (("sqlite", f"sqlite:///{Path(folder) / 'bench.db'}"), ("postgresql", cluster.create_database())):
            prepare(url)
            rows.append((name, measure(url, writers=writers, per_writer=per_writer)))
    return rows


def main() -> None:
    """Print the figures of both databases."""
    print(table(both()))


if __name__ == "__main__":
    main()
