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
