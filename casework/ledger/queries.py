"""The auditor's questions: who saw what, when and under which rule. Answers come from the leaves' own bytes."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from casework.errors import LedgerUnavailable
from casework.ledger.journal import head
from casework.ledger.leaf import Leaf, moment_text
from casework.models.ledger import ledger_dossier, ledger_leaf


class Access(NamedTuple):
    """A leaf and its position."""

    seq: int
    leaf: Leaf


def accesses(  # noqa: PLR0913 - one keyword for each filter of the auditor's page
    session: Session,
    *,
    number: str | None = None,
    actor: str | None = None,
    outcome: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    upto: int | None = None,
    offset: int = 0,
    limit: int = 50,
) -> tuple[tuple[Access, ...], int]:
    """One page, newest first, and the exact count of all that match. `since` is included, `until` is not; both aware.

    upto: the last position looked at. Reading writes a leaf, so pages of one question must stop at the same place.

    Raises LedgerUnavailable when the ledger cannot be read.
    """
    asked = _conditions(number=number, actor=actor, outcome=outcome, since=since, until=until, upto=upto)
    newest_first = select(ledger_leaf.c.seq, ledger_leaf.c.body).where(*asked).order_by(ledger_leaf.c.seq.desc())
    try:
        rows = session.execute(newest_first.offset(offset).limit(limit)).all()
        count = session.scalar(select(func.count()).select_from(ledger_leaf).where(*asked)) if asked else head(session).size
        return tuple(Access(row.seq, Leaf.decode(row.body)) for row in rows), count or 0
    except (SQLAlchemyError, ValueError) as error:
        raise LedgerUnavailable("the ledger cannot be read: run casework ledger verify") from error


def row_writes(session: Session, number: str) -> dict[tuple[str, str, int], tuple[str, Leaf]]:
    """What the leaves of a dossier say was written: (table, row, version) -> (digest of the row, the leaf).

    Raises LedgerUnavailable when the ledger cannot be read.
    """
    asked = _conditions(number=number, actor=None, outcome="authorised", since=None, until=None, upto=None)
    try:
        bodies = session.scalars(select(ledger_leaf.c.body).where(*asked).order_by(ledger_leaf.c.seq))
        leaves = [Leaf.decode(body) for body in bodies]
    except (SQLAlchemyError, ValueError) as error:
        raise LedgerUnavailable("the ledger cannot be read: run casework ledger verify") from error
    return {(each.table, each.row, each.version): (each.digest, leaf) for leaf in leaves for each in leaf.writes}


def _conditions(
    *, number: str | None, actor: str | None, outcome: str | None, since: datetime | None, until: datetime | None, upto: int | None
) -> list[ColumnElement[bool]]:
    leaf, dossier = ledger_leaf.c, ledger_dossier.c
    asked: list[ColumnElement[bool]] = []
    if number is not None:
        asked.append(leaf.seq.in_(select(dossier.seq).where(dossier.number == number)))
    if actor is not None:
        asked.append(leaf.actor == actor)
    if outcome is not None:
        asked.append(leaf.outcome == outcome)
    if since is not None:
        asked.append(leaf.at >= moment_text(since))
    if until is not None:
        asked.append(leaf.at < moment_text(until))
    if upto is not None:
        asked.append(leaf.seq <= upto)
    return asked
