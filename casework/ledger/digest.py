"""The digest of a whole row, the same whichever database holds it, for the leaf of a write and for the verifier."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import inspect

from casework.ledger import canonical
from casework.ledger.leaf import RowWrite, moment_text


def row_digest(table: str, values: Mapping[str, object]) -> str:
    """SHA-256, in hex, of the canonical bytes of a row: table name and every column by name.

    Columns that are NULL are left out: a later migration may add a nullable column without touching old digests. A datetime
    without a zone is UTC, which is what SQLite hands back. Raises TypeError for a value other than uuid, int, str, bytes,
    datetime, date, bool and None.
    """
    stated = {str(name): _stated(value) for name, value in values.items() if value is not None}
    return sha256(canonical.encode([str(table), stated])).hexdigest()


def row_write(row: object, *, gone: bool = False) -> RowWrite:
    """What a leaf says of a flushed mapped row that has `id` and `version`. gone: it is being deleted; take it before the flush."""
    mapper: Any = inspect(row.__class__)
    table = str(mapper.local_table.name)
    values = {str(mapper.columns[each.key].name): getattr(row, each.key) for each in mapper.column_attrs}
    return RowWrite(table, str(values["id"]), int(values["version"]), row_digest(table, values), gone)


def _stated(value: object) -> object:
    """Types that JSON has stand for themselves; the others are tagged, so that no two values share their bytes."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if abs(value) <= canonical.LARGEST else ["int", str(int(value))]
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, UUID):
        return ["uuid", value.hex]
    if isinstance(value, datetime):
        return ["moment", moment_text(value if value.tzinfo else value.replace(tzinfo=UTC))]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    raise TypeError(f"a column of type {type(value).__name__} has no digest")
