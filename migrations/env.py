"""Runs migrations: one transaction for all of them, alone, on an engine of their own (no session, no guard, no history).

The address comes from `casework.cli.db`; there is no ini file and nothing is looked up in the current folder.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import context
from sqlalchemy import URL, Connection, Engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from casework.models import Base, dialects

UPGRADE_LOCK = 0x6361_7365_776F_726B
"""PostgreSQL advisory lock: "casework" in ASCII. Whoever comes second waits, and then finds nothing to do."""

WAIT_FOR_OTHERS = "60s"
WAIT_FOR_TABLES = "5s"
"""A migration behind a forgotten open transaction gives up, instead of making everybody else wait behind it."""


def run() -> None:
    """Bring the database to the revision asked for, or leave it as it was."""
    address: URL = make_url(context.config.attributes["database_url"])
    engine = _engine(address)
    try:
        with _alone(address, engine) as connection:
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                render_as_batch=connection.dialect.name == "sqlite",
                transactional_ddl=True,
                compare_type=True,
            )
            context.run_migrations()
    finally:
        engine.dispose()


def _engine(address: URL) -> Engine:
    if address.get_backend_name() != "sqlite":
        return dialects.postgresql_engine(address)
    engine = dialects.sqlite_engine(address)
    event.listen(engine, "connect", _rebuild_freely)
    return engine


@contextmanager
def _alone(address: URL, engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that nobody else migrates or, on SQLite, writes beside."""
    if address.get_backend_name() == "sqlite":
        writer = engine.execution_options(**dialects.WRITE["sqlite"])
        with dialects.turn(Path(f"{address.database}.lock")), writer.begin() as connection:
            yield connection
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"{len(broken)} rows would point nowhere after this migration: nothing was changed")
        return
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": WAIT_FOR_OTHERS})
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": UPGRADE_LOCK})
        connection.execute(text("SELECT set_config('lock_timeout', :wait, true)"), {"wait": WAIT_FOR_TABLES})
        yield connection


def _rebuild_freely(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """SQLite changes a table by rebuilding it, which foreign keys would forbid; they are checked as a whole at the end."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.close()


run()
