"""History and ledger are append-only in the database itself, whoever speaks to it. Without the triggers, every attack goes through."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column, Connection, Integer, Table, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from casework.models import Base
from tests.migrated import ENGINES, Fresh
from tests.migrations.schema import open_engine, triggers
from tests.migrations.test_walls import APPEND_ONLY

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
VALUES: dict[type, Any] = {str: "x", bytes: b"x", int: 1, datetime: MOMENT, date: MOMENT.date()}
Attack = Callable[[Connection, Table], int]


def value_for(column: Column[Any]) -> Any:
    """Something of the column's type."""
    return VALUES[getattr(column.type, "impl_instance", column.type).python_type]


def a_row(table: Table) -> dict[str, Any]:
    """Something in every column."""
    found = {column.name: value_for(column) for column in table.columns}
    return found | ({"issued_at": MOMENT.replace(tzinfo=None)} if "issued_at" in found else {})


def change(connection: Connection, table: Table) -> int:
    """Any column that is no key."""
    column = next(each for each in table.columns if not each.primary_key)
    return connection.execute(update(table).values({column: value_for(column)})).rowcount


def move(connection: Connection, table: Table) -> int:
    """To another key."""
    key = next(each for each in table.primary_key if isinstance(each.type, Integer)) if table.name != "transaction" else table.c.id
    return connection.execute(update(table).values({key: key + 1000})).rowcount


def remove(connection: Connection, table: Table) -> int:
    """All of it."""
    return connection.execute(delete(table)).rowcount


def replace(connection: Connection, table: Table) -> int:
    """SQLite's REPLACE, which no DELETE trigger sees."""
    return connection.execute(insert(table).prefix_with("OR REPLACE"), a_row(table)).rowcount


def truncate(connection: Connection, table: Table) -> int:
    """PostgreSQL's TRUNCATE, which no row trigger sees."""
    before = len(connection.execute(select(table)).all())
    connection.execute(text(f'TRUNCATE "{table.name}"'))
    return before


def attacks(engine: str) -> tuple[Attack, ...]:
    """All ways that this database knows."""
    return (change, move, remove, replace if engine == "sqlite" else truncate)


@pytest.fixture(scope="module", params=ENGINES)
def written(request: pytest.FixtureRequest, migrated: Fresh) -> str:
    """A database with one row in every guarded table."""
    url = migrated(request.param)
    with open_engine(url).begin() as connection:
        for name in (*APPEND_ONLY, "ledger_head"):
            connection.execute(insert(Base.metadata.tables[name]), a_row(Base.metadata.tables[name]))
    return url


def every(url: str) -> Iterator[tuple[Table, Attack]]:
    """Every attack on every append-only table."""
    for name in sorted(APPEND_ONLY):
        for attack in attacks(url.partition("+")[0].partition(":")[0]):
            yield Base.metadata.tables[name], attack


def test_nothing_written_is_changed_or_removed(written: str) -> None:
    """Each attack is refused and the row stays."""
    for table, attack in every(written):
        with open_engine(written).connect() as connection:
            with pytest.raises(IntegrityError, match=f"{table.name} is append-only"):
                attack(connection, table)
            connection.rollback()
            assert len(connection.execute(select(table)).all()) == 1


def test_the_head_moves_but_stays(written: str) -> None:
    """Every leaf moves the head; nothing removes it."""
    head = Base.metadata.tables["ledger_head"]
    with open_engine(written).connect() as connection:
        assert connection.execute(update(head).values(size=7)).rowcount == 1
        connection.rollback()
        for attack in (remove, truncate) if connection.dialect.name == "postgresql" else (remove,):
            with pytest.raises(IntegrityError, match="ledger_head is append-only"):
                attack(connection, head)
            connection.rollback()


def test_a_second_row_is_welcome(written: str) -> None:
    """Append-only is not read-only."""
    for name in APPEND_ONLY:
        table = Base.metadata.tables[name]
        key = "id" if name == "transaction" else "transaction_id" if name.endswith("_version") else "seq"
        with open_engine(written).connect() as connection:
            connection.execute(insert(table), a_row(table) | {key: 2})
            assert len(connection.execute(select(table)).all()) == 2
            connection.rollback()


def test_control_without_the_triggers_every_attack_succeeds(written: str, migrated: Fresh) -> None:
    """Positive control, on a database of its own."""
    url = migrated("postgresql" if written.startswith("postgresql") else "sqlite")
    drop_triggers(url)
    for table, attack in every(url):
        with open_engine(url).connect() as connection:
            connection.execute(insert(table), a_row(table))
            assert attack(connection, table) == 1
            connection.rollback()


def drop_triggers(url: str) -> None:
    """Take the guards away."""
    with open_engine(url).begin() as connection:
        for table, what in sorted(triggers(url)):
            if connection.dialect.name == "sqlite":
                connection.execute(text(f"DROP TRIGGER refuse_{table}_{what.lower()}"))
            else:
                connection.execute(text(f'ALTER TABLE "{table}" DISABLE TRIGGER USER'))
