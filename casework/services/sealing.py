"""Rows and fields: sealing a content row under its key, and opening it again, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Row, Table

from casework.models.content import SealedRow
from casework.vault.content import ContentKey


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table's row is sealed. `clear` and `blobs` pick, from a whole row, what the seal covers in the clear and the ciphertexts."""

    table: str
    clear_columns: tuple[str, ...]
    confidential: tuple[str, ...]
    clear: Callable[[Sequence[Any]], tuple[Any, ...]]
    blobs: Callable[[Sequence[Any]], tuple[bytes, ...]]
    row_id: int
    seal: int


def layout(model: type[SealedRow]) -> Layout:
    """The layout of a sealed table."""
    return _layout(model.__table__)  # type: ignore[attr-defined]  # the mixin has no table, its models do


@cache
def _layout(table: Table) -> Layout:
    columns = [column.name for column in table.columns]
    confidential = [column.name for column in table.columns if column.info["class"] == "sealed"]
    clear = [name for name in columns if name not in confidential and name != "seal"]
    return Layout(
        table=table.name,
        clear_columns=tuple(clear),
        confidential=tuple(confidential),
        clear=_picker([columns.index(name) for name in clear]),
        blobs=_picker([columns.index(name) for name in confidential]),
        row_id=columns.index("id"),
        seal=columns.index("seal"),
    )


def _picker(places: list[int]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:
    """Picks places out of a row, always as a tuple."""
    if len(places) == 1:
        only = places[0]
        return lambda row: (row[only],)
    return itemgetter(*places)


def seal(row: SealedRow, key: ContentKey, texts: Mapping[str, str]) -> None:
    """Seal fields and then the whole row under its compartment's key (or a deposited entry's own).

    texts: confidential column -> text, every one of them. A row that already exists gets a new version.
    """
    form = layout(type(row))
    if row.seal is not None:
        row.version += 1
    row.key_version = key.version
    blobs = key.seal_row(form.table, form.confidential, row.id, [texts[column] for column in form.confidential])
    for column, blob in zip(form.confidential, blobs, strict=True):
        setattr(row, column, blob)
    row.seal = key.row_seal(form.table, tuple(getattr(row, column) for column in form.clear_columns), blobs)


def opener(model: type[SealedRow], key: ContentKey) -> Callable[[Row[Any]], list[str]]:
    """Opens rows selected whole (`select(Model.__table__)`) under one key, giving the texts of `layout(model).confidential`.

    It raises TamperedError when any column, a clear one included, is not as it was sealed.
    """
    form = layout(model)
    read, row_id, clear, blobs, seal_at = key.reader(form.table, form.confidential).open, form.row_id, form.clear, form.blobs, form.seal

    def open_one(row: Row[Any]) -> list[str]:
        return read(row[row_id], clear(row), blobs(row), row[seal_at])

    return open_one


def open_row(model: type[SealedRow], row: Row[Any], key: ContentKey) -> dict[str, str]:
    """The confidential texts of one row, by column. Raises TamperedError as `opener` does."""
    return dict(zip(layout(model).confidential, opener(model, key)(row), strict=True))
