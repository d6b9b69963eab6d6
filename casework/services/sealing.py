"""Rows and fields: sealing a content row under its key, and opening it again, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Row, Table

from casework.models.content import SealedRow
from casework.vault.content import ContentKey


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table's row is sealed: its columns in declared order, where the seal is, which are confidential."""

    table: str
    columns: tuple[str, ...]
    seal: int
    confidential: tuple[tuple[int, str], ...]


def layout(model: type[SealedRow]) -> Layout:
    """The layout of a sealed table."""
    return _layout(model.__table__)  # type: ignore[attr-defined]  # the mixin has no table, its models do


@cache
def _layout(table: Table) -> Layout:
    columns = tuple(column.name for column in table.columns)
    confidential = tuple((index, column.name) for index, column in enumerate(table.columns) if column.info["class"] == "sealed")
    return Layout(table.name, columns, columns.index("seal"), confidential)


def seal(row: SealedRow, key: ContentKey, texts: Mapping[str, str]) -> None:
    """Seal fields and then the whole row under its compartment's key (or a deposited entry's own).

    texts: confidential column -> text, every one of them. A row that already exists gets a new version.
    """
    form = layout(type(row))
    if row.seal is not None:
        row.version += 1
    row.key_version = key.version
    for _, column in form.confidential:
        setattr(row, column, key.seal_text(form.table, column, row.id, texts[column]))
    row.seal = key.row_seal(form.table, [getattr(row, column) for column in form.columns if column != "seal"])


def open_row(model: type[SealedRow], row: Row[Any] | Sequence[Any], key: ContentKey) -> dict[str, str]:
    """The confidential texts of a row selected whole (`select(Model.__table__)`).

    Raises TamperedError when any column, a clear one included, is not as it was sealed.
    """
    form = layout(model)
    values = tuple(row)
    key.check_row(form.table, values[: form.seal] + values[form.seal + 1 :], values[form.seal])
    row_id = values[form.columns.index("id")]
    return {column: key.open_text(form.table, column, row_id, values[index]) for index, column in form.confidential}
