"""The verifier: recomputes the whole log from its bytes and compares everything that is stored beside them.

It trusts nothing it reads: a value of a wrong type is a finding, not a crash. Memory stays flat: leaves are streamed, and the
newest digest of each row waits in a temporary file (`rows`).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from casework.errors import LedgerUnavailable
from casework.ledger import rows
from casework.ledger.findings import Findings, Report
from casework.ledger.journal import Head, derived_columns, derived_dossiers
from casework.ledger.leaf import GENESIS, Leaf, moment_text
from casework.ledger.merkle import Tree, leaf_hash

SLACK = timedelta(seconds=10)
"""Acts at once are numbered in the order in which they end, and a moment is taken when they begin: that is no clock that goes back."""

BATCH = 1_000
"""Rows held at a time."""

_LEAVES = text("SELECT seq, body, hash, at, actor, action, outcome FROM ledger_leaf ORDER BY seq")
_DOSSIERS = text("SELECT seq, number, compartments FROM ledger_dossier ORDER BY seq")
_HEADS = text("SELECT size, frontier, root, at FROM ledger_head")
_COUNT = text("SELECT count(*) FROM ledger_leaf")


def verify(
    session: Session,
    *,
    saved: Head | None,
    recorded: Iterable[type],
    witnessed: Sequence[Head] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Verify the log and every recorded row, in one read transaction and without any key.

    saved, witnessed: heads kept from earlier verifications, the log must still begin with them. recorded: mapped classes with `id`
    and `version` whose rows are compared with the newest digests. progress: called with leaves done and leaves in all.
    Raises LedgerUnavailable when the tables cannot be read at all.
    """
    findings = Findings()
    heads = [each for each in (saved, *witnessed) if each is not None]
    try:
        with rows.NewestDigests() as newest:
            scan = _Scan(session, findings, heads, newest)
            scan.leaves(progress)
            _compare_head(session, scan, findings)
            rows.compare(session, recorded, newest, findings)
    except SQLAlchemyError as error:
        raise LedgerUnavailable("the ledger's tables cannot be read") from error
    return Report(scan.head(), tuple(findings.kept), findings.errors, findings.warnings)


class _Scan:
    """One walk over all leaves, in the order of their positions."""

    def __init__(self, session: Session, findings: Findings, saved: Sequence[Head], newest: rows.NewestDigests) -> None:
        self.tree = Tree.empty()
        self.last: Leaf | None = None
        self._session = session
        self._findings = findings
        self._saved = saved
        self._newest = newest
        self._expected = 0

    def head(self) -> Head | None:
        """The head recomputed from the leaves."""
        return Head(self.tree.size, self.tree.root().hex(), self.last.at) if self.last else None

    def leaves(self, progress: Callable[[int, int], None] | None) -> None:
        """Walk."""
        total = int(self._session.execute(_COUNT).scalar_one())
        index = _DossierIndex(_stream(self._session, _DOSSIERS), self._findings)
        for row in _stream(self._session, _LEAVES):
            if not isinstance(row.seq, int):  # SQLite keeps any type, once the table was rebuilt without its key
                self._findings.add("leaf.stray", repr(row.seq))
                continue
            self._position(row.seq)
            self._leaf(row, index.of(row.seq))
            if progress is not None and self.tree.size % BATCH == 0:
                progress(self.tree.size, total)
        index.rest()
        self._newest.flush()
        for saved in self._saved:
            if saved.size > self.tree.size:
                self._findings.add("saved.size", f"{self.tree.size}/{saved.size}")
        if self.tree.size == 0:
            self._findings.add("genesis.missing")

    def _position(self, seq: int) -> None:
        if seq < 0:
            self._findings.add("leaf.stray", seq)
        elif seq < self._expected:
            self._findings.add("leaf.duplicate", seq)
        elif seq > self._expected:
            self._findings.add("leaf.missing", f"{self._expected}-{seq - 1}")
        self._expected = max(self._expected, seq + 1)

    def _leaf(self, row: Any, dossiers: list[tuple[Any, Any]]) -> None:
        body = row.body if isinstance(row.body, bytes) else repr(row.body).encode()
        hashed = leaf_hash(body)
        if hashed != row.hash:
            self._findings.add("leaf.hash", row.seq)
        self._grow(hashed)
        try:
            leaf = Leaf.decode(body)
        except ValueError:
            self._findings.add("leaf.unreadable", row.seq)
            return
        self._derived(row, leaf, dossiers)
        self._order(row.seq, leaf)
        self._newest.add(leaf.writes)

    def _grow(self, hashed: bytes) -> None:
        self.tree.append(hashed)
        for saved in self._saved:
            if saved.size == self.tree.size and saved.root != self.tree.root().hex():
                self._findings.add("saved.root", saved.size)

    def _derived(self, row: Any, leaf: Leaf, dossiers: list[tuple[Any, Any]]) -> None:
        for name, value in derived_columns(leaf).items():
            if getattr(row, name) != value:
                self._findings.add("leaf.column", f"{row.seq}/{name}")
        stated = [(line["number"], line["compartments"]) for line in derived_dossiers(leaf)]
        if sorted(dossiers, key=repr) != sorted(stated, key=repr):
            self._findings.add("leaf.dossiers", row.seq)

    def _order(self, seq: int, leaf: Leaf) -> None:
        if self.last is not None and leaf.at < self.last.at - SLACK:
            self._findings.add("clock.back", seq)
        if self.tree.size == 1 and leaf.action != GENESIS:
            self._findings.add("genesis.missing", seq)
        if self.tree.size > 1 and leaf.action == GENESIS:
            self._findings.add("genesis.repeated", seq)
        self.last = leaf


class _DossierIndex:
    """The dossier index, read alongside the leaves."""

    def __init__(self, lines: Iterator[Any], findings: Findings) -> None:
        self._lines = lines
        self._findings = findings
        self._next = next(lines, None)

    def of(self, seq: int) -> list[tuple[Any, Any]]:
        """The lines of this leaf; those before it belong to no leaf."""
        found = []
        while self._next is not None and (not isinstance(self._next.seq, int) or self._next.seq <= seq):
            if self._next.seq == seq:
                found.append((self._next.number, self._next.compartments))
            else:
                self._findings.add("index.stray", f"{self._next.seq}")
            self._next = next(self._lines, None)
        return found

    def rest(self) -> None:
        """What is left belongs to no leaf."""
        while self._next is not None:
            self._findings.add("index.stray", f"{self._next.seq}")
            self._next = next(self._lines, None)


def _compare_head(session: Session, scan: _Scan, findings: Findings) -> None:
    """The stored head against the tree of the leaves themselves."""
    stored = session.execute(_HEADS).all()
    if len(stored) != 1:
        findings.add("head.missing")
        return
    size, frontier, root, at = stored[0]
    if size != scan.tree.size:
        findings.add("head.size", f"{scan.tree.size}/{size}")
    if root != scan.tree.root():
        findings.add("head.root")
    if frontier != scan.tree.frontier() or (scan.last is not None and at != moment_text(scan.last.at)):
        findings.add("head.frontier")


def _stream(session: Session, statement: TextClause) -> Iterator[Any]:
    """Rows of a long answer, a batch at a time (a server-side cursor on PostgreSQL)."""
    return iter(session.execute(statement, execution_options={"yield_per": BATCH}))
