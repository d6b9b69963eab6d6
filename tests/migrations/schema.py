"""What a database is made of, as plain values to compare."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, Inspector, create_engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedIndex
from sqlalchemy.pool import NullPool


def open_engine(url: str) -> Engine:
    """An engine of nobody's: no guard, no history, no pool."""
    return create_engine(url, poolclass=NullPool)


def shape(url: str) -> dict[str, Any]:
    """Tables with columns, keys, constraints and indexes, and on PostgreSQL the sequences."""
    engine = open_engine(url)
    look = inspect(engine)
    sequences = look.get_sequence_names() if engine.dialect.name == "postgresql" else []
    return {"tables": _tables(look), "sequences": sequences}


def _tables(look: Inspector) -> dict[str, Any]:
    """A few questions about all tables at once: one question for each table takes PostgreSQL seconds."""
    kinds: dict[str, Any] = {
        "columns": {
            key: {each["name"]: (str(each["type"]), each["nullable"], each["default"]) for each in found}
            for key, found in look.get_multi_columns().items()
        },
        "primary": look.get_multi_pk_constraint(),
        "foreign": {key: sorted(map(repr, found)) for key, found in look.get_multi_foreign_keys().items()},
        "unique": _named(look.get_multi_unique_constraints(), "column_names"),
        "checks": _named(look.get_multi_check_constraints(), "sqltext"),
        "indexes": {key: sorted((str(each["name"]), _index(each)) for each in found) for key, found in look.get_multi_indexes().items()},
    }
    names = {key for key in kinds["columns"] if key[1] != "alembic_version"}
    return {key[1]: {kind: found.get(key) for kind, found in kinds.items()} for key in names}


def _named(found: Mapping[Any, Sequence[Any]], what: str) -> dict[Any, list[tuple[str, str]]]:
    return {key: sorted((str(each["name"]), str(each[what])) for each in constraints) for key, constraints in found.items()}


def _index(index: ReflectedIndex) -> str:
    return f"{index['column_names']} {index['unique']} {index.get('column_sorting')}"


def triggers(url: str) -> set[tuple[str, str]]:
    """(table, what) of every trigger: UPDATE, DELETE, INSERT (SQLite: REPLACE) or TRUNCATE (PostgreSQL)."""
    engine = open_engine(url)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")).all()
            return {(table, name.rpartition("_")[2].upper()) for table, name in rows}
        found = text("SELECT tgrelid::regclass::text, tgtype FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'")
        bits = {8: "DELETE", 16: "UPDATE", 32: "TRUNCATE"}
        return {(table.strip('"'), what) for table, kind in connection.execute(found) for bit, what in bits.items() if kind & bit}
