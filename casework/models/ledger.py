"""The ledger's tables: leaves, the index of dossiers, the one-row head. Never versioned, never updated but the head.

`body` is the truth; every other column is derived from it and compared with it by the verifier. No foreign key and no
cascade: evidence outlives what it speaks of.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from casework.models.base import Base

HEAD_ID = 1

_Sequence = BigInteger().with_variant(Integer, "sqlite")


def _clear(why: str) -> dict[str, str]:
    """The class of a column, in the words of `casework.models.base.clear`, for the data dictionary."""
    return {"class": "clear", "why": why}


_DERIVED = "derived from the leaf's bytes for the auditor's questions; closed words and random ids only"

ledger_leaf = Table(
    "ledger_leaf",
    Base.metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=False, info=_clear("position in the log, from 0, without gaps")),
    Column(
        "body",
        LargeBinary,
        nullable=False,
        info=_clear("canonical bytes of the leaf: who, when, which dossier number, which rule; no content"),
    ),
    Column("hash", LargeBinary(32), nullable=False, info=_clear("RFC 6962 hash of the body")),
    Column("at", String(27), nullable=False, info=_clear(_DERIVED)),
    Column("actor", String(128), nullable=True, info=_clear(_DERIVED)),
    Column("action", String(128), nullable=False, info=_clear(_DERIVED)),
    Column("outcome", String(16), nullable=False, info=_clear(_DERIVED)),
    Index(None, "at"),
    Index(None, "actor", "seq"),
    Index(None, "outcome", "seq"),
)
"""One row per leaf. `at` is the text of the leaf itself (UTC, microseconds, ends in Z): it sorts by time on both databases."""

ledger_dossier = Table(
    "ledger_dossier",
    Base.metadata,
    Column("seq", _Sequence, primary_key=True, autoincrement=False, info=_clear("the leaf")),
    Column("number", String(128), primary_key=True, info=_clear("dossier number, which names nobody")),
    Column(
        "compartments", String(1024), nullable=False, info=_clear("kinds of compartment shown or written, joined by spaces; closed words")
    ),
    Index(None, "number", "seq"),
)
"""Which leaf speaks of which dossier."""

ledger_head = Table(
    "ledger_head",
    Base.metadata,
    Column("id", Integer, CheckConstraint(f"id = {HEAD_ID}", name="one_row"), primary_key=True, autoincrement=False, info=_clear("1")),
    Column("size", BigInteger, nullable=False, info=_clear("number of leaves")),
    Column("frontier", LargeBinary, nullable=False, info=_clear("hashes of the complete subtrees, widest first, 32 bytes each")),
    Column("root", LargeBinary(32), nullable=False, info=_clear("RFC 6962 root of all leaves")),
    Column("at", String(27), nullable=False, info=_clear("moment of the newest leaf")),
)
"""Size and frontier of the Merkle tree. Its row is the lock that puts writers in line."""
