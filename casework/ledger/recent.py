"""What the newest leaves say of a few rows: asked before something irreversible is done on the word of those rows."""

from collections.abc import Collection, Iterable
from contextlib import closing
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from casework.errors import LedgerUnavailable, TamperedError
from casework.ledger.digest import row_write
from casework.ledger.leaf import Leaf, RowWrite, moment_text
from casework.models.ledger import ledger_leaf

BATCH = 500
"""Leaves held at a time."""


def insist(session: Session, rows: Iterable[object], *, since: datetime) -> None:
    """Compare these recorded rows, as they were read, with the newest write that a leaf since then states of each.

    Leaves are read backwards until each row was met. Raises TamperedError for a row that nobody wrote here, that was changed or put back
    behind the ledger's back; LedgerUnavailable when the ledger cannot be read.
    """
    stand = {(each.table, each.row): each for each in map(row_write, rows)}
    said = newest(session, stand, since=since)
    for place, row in stand.items():
        write = said.get(place)
        if write is None or write.gone or write.digest != row.digest:
            raise TamperedError(f"a row of {row.table} is not what the ledger says of it")


def newest(session: Session, places: Collection[tuple[str, str]], *, since: datetime) -> dict[tuple[str, str], RowWrite]:
    """(table, row) -> its newest write, of those that a leaf since then speaks of. Raises LedgerUnavailable."""
    wanted = set(places)
    names = [f'"{table}"'.encode() for table in {table for table, _ in wanted}]
    found: dict[tuple[str, str], RowWrite] = {}
    query = (
        select(ledger_leaf.c.body)
        .where(ledger_leaf.c.at >= moment_text(since), ledger_leaf.c.outcome == "authorised")
        .order_by(ledger_leaf.c.seq.desc())
    )
    try:
        with session.no_autoflush, closing(session.scalars(query, execution_options={"yield_per": BATCH})) as bodies:
            for body in bodies:
                if not wanted:
                    break
                if any(name in body for name in names):
                    for each in reversed(Leaf.decode(body).writes):
                        if (each.table, each.row) in wanted:
                            found[each.table, each.row] = each
                            wanted.discard((each.table, each.row))
    except (SQLAlchemyError, ValueError) as error:
        raise LedgerUnavailable("the ledger cannot be read: run casework ledger verify") from error
    return found
