"""docs/data-dictionary.md, written from the tables themselves: `python -m casework.models.dictionary > docs/data-dictionary.md`."""

import sys
from collections.abc import Iterator

from sqlalchemy import Column, MetaData, Table

from casework.models import Base

CLASSES = {
    "clear": "readable by whoever holds the database; on purpose, for the reason given",
    "sealed": "AES-256-GCM ciphertext under the key of its compartment",
    "key": "key material that is itself wrapped, a public key, a signature, a hash or a MAC",
}

ABOUT = {
    "ledger_leaf": "The access log: one row for each answer, each refusal and each write. Append-only.",
    "ledger_dossier": "Which leaf speaks of which dossier. Derived from the leaves, append-only.",
    "ledger_head": "Size and Merkle root of the log: one row.",
    "transaction": "SQLAlchemy-Continuum: one row for each write that left history. Append-only.",
}

SESSIONS = (
    ("session", "id", "clear", "hash of the cookie's secret"),
    ("session", "user_id", "clear", "whose session"),
    ("session", "locked", "key", "the user key under the cookie's secret, which the server does not keep"),
    ("session", "created", "clear", "absolute limit"),
    ("session", "seen", "clear", "idle limit"),
    ("session", "expires", "clear", "absolute limit"),
    ("session", "meeting", "clear", "which meeting's screen it is"),
    ("session", "awake", "clear", "the idle limit waits until then: an open meeting"),
    ("session", "covered", "clear", "whether the screen is covered"),
    ("session", "code", "key", "salted, keyed slow hash of the code that uncovers it; it opens nothing"),
    ("session", "tries", "clear", "wrong codes since it was covered; the fifth ends the session"),
    ("ended", "id", "clear", "hash of the cookie's secret of a session that idleness ended; it opens nothing"),
    ("ended", "user_id", "clear", "whose session it was: what they had typed is sealed to them"),
    ("ended", "until", "clear", "the session's absolute limit; forgotten then"),
    ("attempt", "subject", "key", "keyed hash of the account or address that tried to sign in"),
    ("attempt", "at", "clear", "limits attempts in time"),
)
"""The session store is no part of the database: a file on tmpfs, never in a backup."""

HEADER = "| column | class | why |\n|---|---|---|\n"


def text(metadata: MetaData = Base.metadata) -> str:
    """The data dictionary. Raises LookupError for a column that nobody classified."""
    classes = "".join(f"- **{name}**: {meaning}\n" for name, meaning in CLASSES.items())
    tables = "\n".join(_section(table) for table in sorted(metadata.tables.values(), key=lambda table: table.name))
    return (
        "# Data dictionary\n\n"
        "Every column of the database and the class of its bytes. Written by `python -m casework.models.dictionary`; a test compares.\n"
        "Tables that end in `_version` (but `compartment_version`) are the history of the table they are named after.\n\n"
        f"{classes}\n{tables}\n{_sessions()}"
    )


def columns(metadata: MetaData = Base.metadata) -> Iterator[tuple[str, str, str, str]]:
    """(table, column, class, why) of every column. Raises LookupError for one that nobody classified."""
    for table in metadata.tables.values():
        for column in table.columns:
            yield table.name, column.name, *_classified(column)


def _classified(column: Column[object]) -> tuple[str, str]:
    kind, why = column.info.get("class"), column.info.get("why")
    if kind not in CLASSES or not why:
        raise LookupError(f"{column} has no class: declare it with clear, sealed or key (casework.models.base)")
    return str(kind), str(why)


def _section(table: Table) -> str:
    lines = "".join("| `{}` | {} | {} |\n".format(column.name, *_classified(column)) for column in table.columns)
    about = _about(table)
    return f"## {table.name}\n\n{about}{HEADER}{lines}"


def _about(table: Table) -> str:
    """What the table's class says of itself, in its first line."""
    for mapper in Base.registry.mappers:
        if mapper.local_table is table and table.name not in ABOUT and mapper.class_.__doc__:
            return f"{mapper.class_.__doc__.splitlines()[0]}\n\n"
    return f"{ABOUT[table.name]}\n\n" if table.name in ABOUT else ""


def _sessions() -> str:
    lines = "".join(f"| `{table}.{column}` | {kind} | {why} |\n" for table, column, kind, why in SESSIONS)
    about = "Apart from the database: a file on tmpfs, never in a backup. Losing it means signing in again."
    return f"## Session store\n\n{about}\n\n{HEADER}{lines}"


if __name__ == "__main__":
    sys.stdout.write(text())
