"""Rows and fields: sealing a content row under its key, and opening it again, whole or not at all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Date, Row, Table, inspect

from casework.models.base import UtcDateTime
from casework.models.content import SealedRow
from casework.vault.content import ContentKey, Picker

BOUND = ("id", "compartment_id", "key_version")
"""Columns that the key's own place (scope, key version) and the row id bind already."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table's row is sealed: its clear columns, and the confidential ones, the first of which carries the row's seal.

    clear: from a whole row, what the seal covers in the clear: moments as unix seconds, days as ordinals.
    """

    table: str
    columns: tuple[str, ...]
    confidential: tuple[str, ...]
    clear: Picker
    blobs: Picker


def layout(model: type[SealedRow]) -> Layout:
    """The layout of a sealed table."""
    return _layout(model.__table__)  # type: ignore[attr-defined]  # the mixin has no table, its models do


@cache
def _layout(table: Table) -> Layout:
    columns = tuple(column.name for column in table.columns)
    confidential = tuple(column.name for column in table.columns if column.info["class"] == "sealed")
    return Layout(table.name, columns, confidential, _clear(table), _picker([columns.index(name) for name in confidential]))


def _clear(table: Table) -> Picker:
    """Moments and days are written as numbers because notes are the hot path: their `repr` would cost more than opening the text."""
    plain: list[int] = []
    moments: list[int] = []
    days: list[int] = []
    for place, column in enumerate(table.columns):
        if column.info["class"] != "sealed" and column.name not in BOUND:
            kind = moments if isinstance(column.type, UtcDateTime) else days if isinstance(column.type, Date) else plain
            kind.append(place)
    pick = _picker(plain)
    if (len(moments), len(days)) == (1, 1):
        (moment,), (day,) = moments, days
        return lambda row: (*pick(row), row[moment].timestamp(), row[day].toordinal())
    return lambda row: (*pick(row), *[row[place].timestamp() for place in moments], *[row[place].toordinal() for place in days])


def _picker(places: Sequence[int]) -> Picker:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda row: tuple(row[place] for place in places)


def seal(row: SealedRow, key: ContentKey, texts: Mapping[str, str]) -> None:
    """Seal the confidential columns, and with the first of them the whole row, under its compartment's key or a deposit's own.

    texts: confidential column -> text, every one of them. A row that already exists gets a new version.
    """
    form = layout(type(row))
    if inspect(row).persistent:
        row.version += 1
    row.key_version = key.version
    clear = form.clear([getattr(row, column) for column in form.columns])
    blobs = key.seal_row(form.table, form.confidential, row.id, clear, [texts[column] for column in form.confidential])
    for column, blob in zip(form.confidential, blobs, strict=True):
        setattr(row, column, blob)


def open_row(model: type[SealedRow], row: Row[Any], key: ContentKey) -> dict[str, str]:
    """The confidential texts, by column, of a row selected whole (`select(Model.__table__)`).

    Raises TamperedError when any column, a clear one included, is not as it was sealed.
    """
    form = layout(model)
    texts = key.reader(form.table, form.confidential).open(row.id, form.clear(row), form.blobs(row))
    return dict(zip(form.confidential, texts, strict=True))


def text_opener(model: type[SealedRow], key: ContentKey) -> Callable[[Row[Any]], str]:
    """`open_row` for many rows of a table with a single confidential column (notes): 200 of them make one page."""
    form = layout(model)
    (column,) = form.confidential
    return key.text_reader(form.table, column, (form.columns.index("id"), form.columns.index(column)), form.clear)
