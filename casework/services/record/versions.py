"""Past versions of sealed rows: opened by the same keys, believed only when the ledger states the same bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from casework.errors import TamperedError
from casework.ledger import Leaf, row_digest, row_writes
from casework.models.content import SealedRow
from casework.models.dossiers import Compartment
from casework.models.history import past_table
from casework.services.access import Held
from casework.services.dossier.contents import table_of
from casework.services.keys.sealing import layout, open_row
from casework.vault.content import ContentKey

DELETED = 2
"""Continuum's operation type of a deletion."""


@dataclass(frozen=True, slots=True)
class Past:
    """A row as one write left it. texts: None when the version is missing, altered, or not the one the ledger states."""

    row: str
    version: int
    texts: Mapping[str, str] | None
    by: str | None
    at: datetime | None


def past_of(held: Held, model: type[SealedRow], compartment: Compartment, key: ContentKey) -> list[Past]:
    """Every version of every row of a compartment's table, oldest first within a row. Nothing is left out: what is missing is said."""
    table, past = table_of(model), past_table(model)
    session = held.unit.session
    stated = row_writes(session, held.dossier.number)
    columns = [past.c[name] for name in layout(model).columns]
    query = select(*columns).where(past.c.compartment_id == compartment.id, past.c.operation_type != DELETED)
    found = {(row.id, row.version): row for row in session.execute(query)}
    present = session.execute(select(table.c.id, table.c.version).where(table.c.compartment_id == compartment.id))
    newest: dict[str, int] = {row.id: row.version for row in present}
    for row_id, version in found:
        newest.setdefault(row_id, version)
    for name, row_id, version in stated:  # what the ledger states and nothing keeps any more
        if name == table.name and row_id in newest:
            newest[row_id] = max(newest[row_id], version)
    return [
        _past(held, model, key, row_id, version, found.get((row_id, version)), stated.get((table.name, row_id, version)))
        for row_id, last in sorted(newest.items())
        for version in range(1, last + 1)
    ]


def _past(
    held: Held, model: type[SealedRow], key: ContentKey, row_id: str, version: int, row: Row[Any] | None, stated: tuple[str, Leaf] | None
) -> Past:
    by, at = (stated[1].actor, stated[1].at) if stated else (None, None)
    return Past(row_id, version, _texts(held, model, key, row, stated[0] if stated else ""), by, at)


def _texts(held: Held, model: type[SealedRow], key: ContentKey, row: Row[Any] | None, digest: str) -> dict[str, str] | None:
    """The opened texts, or None for a version that cannot be believed."""
    if row is None:
        return None
    values = dict(zip(layout(model).columns, row, strict=True))
    if row_digest(table_of(model).name, values) != digest:
        return None
    try:
        return open_row(model, row, held.keychain.at_version(key, row.key_version))
    except TamperedError:
        return None
