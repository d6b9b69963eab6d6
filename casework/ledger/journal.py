"""Writes the ledger: one leaf at a time, at the end of the caller's own transaction, behind the head row's lock."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, false, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from casework.errors import LedgerUnavailable
from casework.ledger.leaf import GENESIS, Leaf, moment_text, read_moment
from casework.ledger.merkle import Tree, leaf_hash
from casework.models.ledger import HEAD_ID, ledger_dossier, ledger_head, ledger_leaf


@dataclass(frozen=True, slots=True)
class Head:
    """How many leaves there are, their Merkle root in hex, and the moment of the newest one."""

    size: int
    root: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Genesis:
    """What the first leaf states. Public keys are raw bytes."""

    instance: str
    founder_key: bytes
    recovery_key: bytes
    demo: bool


_TAKE_HEAD = {
    "sqlite": "SELECT size, frontier FROM ledger_head WHERE id = 1",
    "postgresql": """
        SELECT size, frontier FROM (SELECT pg_advisory_xact_lock(132, 5)) AS turn, ledger_head
        WHERE id = 1 FOR UPDATE OF ledger_head
    """,
}
"""Lock and read the head row. On PostgreSQL, who waits for a row is overtaken by newcomers, some for more than a second; the
advisory lock in front of it is a fair queue, and FOR UPDATE then reads the newest head. The two numbers only name the queue."""

_ADD_LEAF = insert(ledger_leaf)
_ADD_DOSSIER = insert(ledger_dossier)
_ADD_NO_DOSSIER = insert(ledger_dossier).from_select(
    ["seq", "number", "compartments"],
    select(ledger_leaf.c.seq, ledger_leaf.c.action, ledger_leaf.c.outcome).where(ledger_leaf.c.seq == bindparam("at_seq"), false()),
)
_MOVE_HEAD = (
    update(ledger_head)
    .where(ledger_head.c.id == HEAD_ID, ledger_head.c.size == bindparam("seq"))
    .values({name: bindparam(f"new_{name}") for name in ("size", "frontier", "root", "at")})
)
"""Compare and set: should a lock ever fail to hold, the second writer stops here instead of forking the log."""

_ADD_ALL = """
    WITH leaf AS (
        INSERT INTO ledger_leaf (seq, body, hash, at, actor, action, outcome)
        VALUES (%(seq)s, %(body)s, %(hash)s, %(at)s, %(actor)s, %(action)s, %(outcome)s)
    ), dossier AS (
        INSERT INTO ledger_dossier (seq, number, compartments)
        SELECT %(seq)s, line.number, line.kinds FROM unnest(%(numbers)s::text[], %(compartments)s::text[]) AS line (number, kinds)
    )
    UPDATE ledger_head SET size = %(new_size)s, frontier = %(new_frontier)s, root = %(new_root)s, at = %(new_at)s
    WHERE id = 1 AND size = %(seq)s
"""
"""The three statements in one journey to PostgreSQL: the head row is locked meanwhile, and everybody waits for it."""


def append(session: Session, leaf: Leaf) -> int:
    """Add a leaf as the last statements of the caller's write transaction; returns its position, from 0.

    The head row is taken last and held until the caller commits, so that writers stand in line for a moment only (PostgreSQL:
    FOR UPDATE; SQLite: BEGIN IMMEDIATE came first). Raises LedgerUnavailable when the database refuses any of it: the caller's
    transaction is then lost as a whole.
    """
    session.flush()  # the caller's own rows, and their own errors, before the lock
    body = leaf.encode()
    derived, lines = derived_columns(leaf), derived_dossiers(leaf)
    with _failing_closed():
        connection = session.connection()
        tree = _take_head(connection)
        seq = tree.size
        hashed = leaf_hash(body)
        tree.append(hashed)
        row = {"seq": seq, "body": body, "hash": hashed, **derived}
        new = {"new_size": tree.size, "new_frontier": tree.frontier(), "new_root": tree.root(), "new_at": derived["at"]}
        if _write(connection, row, lines, new) != 1:
            raise LedgerUnavailable("the ledger's head moved under this transaction")
    return seq


def head(session: Session) -> Head:
    """The ledger's stored head. Raises LedgerUnavailable when it is missing: this is no instance, or somebody cut it out."""
    with _failing_closed():
        row = session.execute(select(ledger_head).where(ledger_head.c.id == HEAD_ID)).one_or_none()
        if row is None:
            raise LedgerUnavailable("the ledger has no head row")
        return Head(row.size, row.root.hex(), read_moment(row.at))


def genesis(session: Session, statement: Genesis, *, at: datetime, charter: str) -> int:
    """Begin the ledger of a new instance: head row and first leaf. Returns 0.

    Raises LedgerUnavailable when it has begun already.
    """
    leaf = Leaf(
        at=at,
        action=GENESIS,
        outcome="authorised",
        purpose="foundation",
        rule="",
        charter=charter,
        actor=None,
        institution=None,
        facts={
            "instance": statement.instance,
            "founder_key": statement.founder_key.hex(),
            "recovery_key": statement.recovery_key.hex(),
            "demo": int(statement.demo),
        },
    )
    empty = Tree.empty()
    with _failing_closed():
        row = {"id": HEAD_ID, "size": 0, "frontier": empty.frontier(), "root": empty.root(), "at": moment_text(at)}
        session.execute(insert(ledger_head), row)
    return append(session, leaf)


def stated_genesis(session: Session) -> Genesis:
    """What the first leaf states, to compare with the keys pinned in the instance's file. Raises LedgerUnavailable without one."""
    with _failing_closed():
        body = session.execute(select(ledger_leaf.c.body).where(ledger_leaf.c.seq == 0)).scalar_one_or_none()
    leaf = Leaf.decode(body) if body is not None else None
    if leaf is None or leaf.action != GENESIS:
        raise LedgerUnavailable("the ledger does not begin with its foundation")
    return _genesis(leaf.facts)


def derived_columns(leaf: Leaf) -> dict[str, Any]:
    """The query columns of `ledger_leaf`, as the leaf's bytes have them."""
    return {"at": moment_text(leaf.at), "actor": leaf.actor, "action": leaf.action, "outcome": leaf.outcome}


def derived_dossiers(leaf: Leaf) -> list[dict[str, Any]]:
    """The rows of `ledger_dossier`, as the leaf's bytes have them."""
    return [{"number": number, "compartments": " ".join(kinds)} for number, kinds in leaf.dossiers]


def _genesis(facts: Mapping[str, Any]) -> Genesis:
    return Genesis(facts["instance"], bytes.fromhex(facts["founder_key"]), bytes.fromhex(facts["recovery_key"]), demo=bool(facts["demo"]))


def _take_head(connection: Connection) -> Tree:
    """Lock the head row until the end of the transaction, and read the tree."""
    row = connection.exec_driver_sql(_TAKE_HEAD[connection.dialect.name]).one_or_none()
    if row is None:
        raise LedgerUnavailable("the ledger has no head row")
    try:
        return Tree.stored(row.size, row.frontier)
    except (ValueError, TypeError) as error:
        raise LedgerUnavailable("the ledger's head row was changed: run casework ledger verify") from error


def _write(connection: Connection, row: dict[str, Any], lines: list[dict[str, Any]], new: dict[str, Any]) -> int:
    """Leaf, index and head; returns how many heads moved (1, unless the log would have forked)."""
    if connection.dialect.name == "postgresql":
        columns = {"numbers": [line["number"] for line in lines], "compartments": [line["compartments"] for line in lines]}
        return connection.exec_driver_sql(_ADD_ALL, row | columns | new).rowcount
    connection.execute(_ADD_LEAF, row)
    if lines:
        connection.execute(_ADD_DOSSIER, [{"seq": row["seq"], **line} for line in lines])
    else:  # a refusal that names a dossier and one that names none take as many statements: nobody learns from it which one it was
        connection.execute(_ADD_NO_DOSSIER, {"at_seq": row["seq"]})
    return connection.execute(_MOVE_HEAD, {"seq": row["seq"], **new}).rowcount


@contextmanager
def _failing_closed() -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        raise LedgerUnavailable("the ledger could not be written or read") from error
