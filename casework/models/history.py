"""Field-level change history by SQLAlchemy-Continuum: ciphertext in, ciphertext out, one transaction row per verb.

`subquery` strategy: version rows are only ever inserted, so triggers can forbid changing them (libs.md §2).
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy_continuum import make_versioned, versioning_manager
from sqlalchemy_continuum.plugins import Plugin
from sqlalchemy_continuum.transaction import TransactionFactory

AUTHOR = "history"

OWN_COLUMNS = {
    "transaction_id": "which write left this version",
    "operation_type": "0 inserted, 1 changed, 2 deleted",
}
"""Columns that Continuum adds to every history table, and why they are in the clear."""


class _Transactions(TransactionFactory):
    """Transaction rows that say who and under which action, and refuse to be written without."""

    def __init__(self) -> None:
        super().__init__(remote_addr=False)

    def create_class(self, manager: Any) -> Any:
        """Add actor and action to Continuum's own transaction class."""
        transaction = super().create_class(manager)
        transaction.actor = sa.Column(sa.String(32), nullable=False, info={"class": "clear", "why": "who wrote; user id"})
        transaction.action = sa.Column(sa.String(64), nullable=False, info={"class": "clear", "why": "the action of the charter"})
        return transaction


class _Author(Plugin):
    """Fills the transaction row from the unit of work that opened the session."""

    def transaction_args(self, uow: Any, session: Session) -> dict[str, Any]:
        """Who, which action, when. A KeyError here means that a write left the services: it must fail."""
        author: dict[str, Any] = session.info[AUTHOR]
        return dict(author)


def switch_on() -> None:
    """Switch change history on, once, before any model is declared."""
    versioning_manager.transaction_cls = _Transactions()
    make_versioned(user_cls=None, plugins=[_Author()], options={"strategy": "subquery"})


def past_table(model: type[Any]) -> sa.Table:
    """The table of a model's versions: its own columns, and those of OWN_COLUMNS."""
    table: sa.Table = versioning_manager.version_class_map[model].__table__
    return table


def classify() -> None:
    """Give the columns that Continuum makes by itself their class, for the data dictionary. Call it once all models are mapped."""
    for version in versioning_manager.version_class_map.values():
        for name, why in OWN_COLUMNS.items():
            version.__table__.c[name].info.update({"class": "clear", "why": why})
    transaction = versioning_manager.transaction_cls.__table__.c
    transaction.id.info.update({"class": "clear", "why": "running number of the write"})
    transaction.issued_at.info.update({"class": "clear", "why": "when, UTC"})
