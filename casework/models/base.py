"""The ground of every table: naming, ids, column classes, change history, and the guard against silent writes.

Imported before any model: SQLAlchemy-Continuum must be switched on first (it says nothing when it is too late).
Every column is declared by one of `clear`, `sealed` or `key`, so that each byte in the database has a stated class.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Delete, Engine, Insert, LargeBinary, MetaData, String, TextClause, Update, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, Session, mapped_column
from sqlalchemy.types import TypeDecorator

from casework.models import history

history.switch_on()

ID_LENGTH = 32

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> str:
    """A random row id: 32 hexadecimal characters (UUID 4), the same bytes on both databases."""
    return uuid.uuid4().hex


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always timezone-aware and UTC on the Python side. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a timezone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database (SQLite forgets the zone)."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Root of all tables of the instance's database."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: String(), datetime: UtcDateTime(), bytes: LargeBinary()}


def clear(why: str, *args: Any, **kwargs: Any) -> MappedColumn[Any]:
    """A column in the clear on purpose; `why` goes into docs/data-dictionary.md."""
    return mapped_column(*args, info={"class": "clear", "why": why}, **kwargs)


def sealed(what: str, **kwargs: Any) -> MappedColumn[Any]:
    """A confidential column: AES-256-GCM ciphertext under its compartment's key and nothing else."""
    return mapped_column(LargeBinary, info={"class": "sealed", "why": what}, **kwargs)


def key(what: str, **kwargs: Any) -> MappedColumn[Any]:
    """Key material that is itself wrapped or public, a signature or a MAC."""
    return mapped_column(LargeBinary, info={"class": "key", "why": what}, **kwargs)


class Identified:
    """A row with a random id."""

    id: Mapped[str] = clear("row id, random", String(ID_LENGTH), primary_key=True, default=new_id)


class Recorded(Identified):
    """A row whose every write leaves its version and digest in the ledger: changed behind its back, it is found."""

    __recorded__ = True
    version: Mapped[int] = clear("row version, bound into the row seal and the ledger", default=1)


_flushing: ContextVar[bool] = ContextVar("flushing", default=False)


@contextmanager
def _flush_under_way() -> Iterator[None]:
    token = _flushing.set(True)
    try:
        yield
    finally:
        _flushing.reset(token)


class GuardedSession(Session):
    """A session whose recorded tables are written by a flush of objects and by nothing else."""

    def flush(self, objects: Any = None) -> None:
        """Write pending objects, with their history."""
        with _flush_under_way():
            super().flush(objects)


def guard_writes(engine: Engine) -> None:
    """Refuse INSERT, UPDATE and DELETE on recorded tables that do not come from a flush.

    Bulk and Core statements, `bulk_save_objects` and raw SQL write no history and no digest (libs.md §2): they raise RuntimeError
    here; what is written with another program is found by the ledger's verifier.
    """
    guarded = recorded_tables()

    @event.listens_for(engine, "before_execute")
    def _refuse(_: Connection, statement: Any, *__: Any) -> None:
        if _flushing.get():
            return
        if isinstance(statement, Insert | Update | Delete):
            table = getattr(statement, "table", None)
            if getattr(table, "name", None) in guarded:
                raise RuntimeError(f"{table} is written through objects only, so that history and ledger see it")
        elif isinstance(statement, TextClause) and not statement.text.lstrip().lower().startswith(("select", "pragma", "begin", "set ")):
            raise RuntimeError("raw SQL writes nothing here: history and ledger would not see it")


def recorded_models() -> list[type[Any]]:
    """The mapped classes whose rows the ledger vouches for."""
    return [mapper.class_ for mapper in Base.registry.mappers if getattr(mapper.class_, "__recorded__", False)]


def recorded_tables() -> frozenset[str]:
    """Names of the tables whose rows the ledger vouches for."""
    return frozenset(model.__tablename__ for model in recorded_models())
