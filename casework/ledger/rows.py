"""Compares every recorded row with the newest digest the leaves state for it."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy import Table, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from casework.ledger.digest import row_digest
from casework.ledger.findings import Findings
from casework.ledger.leaf import RowWrite

BATCH = 1_000
"""Rows held at a time."""


class NewestDigests:
    """The newest digest of each row, in a private temporary file that disappears with it: ids and digests only.

    Ten million leaves would not fit in memory as a dictionary.
    """

    def __enter__(self) -> Self:
        self._file = sqlite3.connect("", isolation_level=None)  # an unnamed database: the library's own temporary file
        self._file.execute("PRAGMA journal_mode = OFF")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(
            "CREATE TABLE newest (tbl TEXT, id TEXT, version INT, digest TEXT, gone INT, seen INT DEFAULT 0, PRIMARY KEY (tbl, id))"
            " WITHOUT ROWID"
        )
        self._waiting: list[RowWrite] = []
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, writes: Sequence[RowWrite]) -> None:
        """Take a leaf's writes, in the order of the leaves."""
        self._waiting.extend(writes)
        if len(self._waiting) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Put what waits into the file; call it after the last leaf."""
        self._file.execute("BEGIN")
        self._file.executemany("INSERT OR REPLACE INTO newest (tbl, id, version, digest, gone) VALUES (?, ?, ?, ?, ?)", self._waiting)
        self._file.execute("COMMIT")
        self._waiting.clear()

    def take(self, table: str, row: str) -> RowWrite | None:
        """The newest write of this row, which from now on counts as seen."""
        found = self._file.execute("SELECT version, digest, gone FROM newest WHERE tbl = ? AND id = ?", (table, row)).fetchone()
        if found is None:
            return None
        self._file.execute("UPDATE newest SET seen = 1 WHERE tbl = ? AND id = ?", (table, row))
        return RowWrite(table, row, found[0], found[1], gone=bool(found[2]))

    def unseen(self, table: str) -> Iterator[str]:
        """Ids of the rows that should be there and were not taken."""
        yield from (row for (row,) in self._file.execute("SELECT id FROM newest WHERE tbl = ? AND NOT seen AND NOT gone", (table,)))

    def tables(self) -> list[str]:
        """Names of all tables the leaves speak of."""
        return [name for (name,) in self._file.execute("SELECT DISTINCT tbl FROM newest ORDER BY tbl")]


class _Row(NamedTuple):
    id: str
    values: Mapping[str, Any] | None


def compare(session: Session, recorded: Iterable[type], newest: NewestDigests, findings: Findings) -> None:
    """Compare all rows of the recorded classes. A row changed, put back, removed or added behind the ledger's back is a finding."""
    tables = [_table(each) for each in recorded]
    for table in tables:
        for row in _rows(session, table):
            code = _judge(table.name, row, newest.take(table.name, row.id))
            if code is not None:
                findings.add(code, f"{table.name}/{row.id}")
        for row_id in newest.unseen(table.name):
            findings.add("row.missing", f"{table.name}/{row_id}")
    for name in sorted(set(newest.tables()) - {table.name for table in tables}):
        findings.add("table.unknown", name)


def _judge(table: str, row: _Row, write: RowWrite | None) -> str | None:
    if row.values is None:
        return "row.unreadable"
    if write is None:
        return "row.unrecorded"
    if write.gone:
        return "row.back"
    if row_digest(table, row.values) == write.digest:
        return None
    return "row.older" if row.values["version"] < write.version else "row.changed"


def _rows(session: Session, table: Table) -> Iterator[_Row]:
    """All rows in the order of their ids, as Core rows. One that cannot be read comes without values, and the others still come."""
    last: Any = None
    try:
        for row in session.execute(select(table).order_by(table.c.id), execution_options={"yield_per": BATCH}):
            last = row.id
            yield _named(table, row)
    except (TypeError, ValueError, StatementError):
        yield from _rows_singly(session, table, last)


def _rows_singly(session: Session, table: Table, last: Any) -> Iterator[_Row]:
    """The rows after `last`, one statement each."""
    after = select(table.c.id).order_by(table.c.id)
    for row_id in session.scalars(after if last is None else after.where(table.c.id > last)).all():
        try:
            yield _named(table, session.execute(select(table).where(table.c.id == row_id)).one())
        except (TypeError, ValueError, StatementError):
            yield _Row(str(row_id), None)


def _named(table: Table, row: Any) -> _Row:
    return _Row(str(row.id), {column.name: value for column, value in zip(table.columns, row, strict=True)})


def _table(model: type) -> Table:
    table = getattr(model, "__table__", None)
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is not a mapped class")
    return table
