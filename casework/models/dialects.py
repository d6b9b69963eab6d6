"""What SQLite and PostgreSQL each need so that both keep the same promises (durable, one snapshot, deleted is gone)."""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from casework.errors import ConfigurationError

BUSY_TIMEOUT = 5_000
"""Milliseconds a statement waits for somebody else's lock, on both databases."""

POOL_TIMEOUT = 5
"""Seconds a request waits for a free connection."""

IDLE = 5.0
"""Seconds after which a pooled PostgreSQL connection is asked whether it still lives."""

READ: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"casework_transaction": "read"},
    "postgresql": {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True},
}
"""Execution options of a read transaction, by dialect."""

WRITE: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"casework_transaction": "write"},
    "postgresql": {"isolation_level": "READ COMMITTED"},
}
"""Execution options of a write transaction. The head row's lock needs READ COMMITTED, so that who waited sees the newest head."""

_BEGIN: Mapping[str | None, tuple[str, ...]] = {
    None: ("PRAGMA query_only = 0", "BEGIN"),
    "read": ("PRAGMA query_only = 1", "BEGIN"),
    "write": ("PRAGMA query_only = 0", "BEGIN IMMEDIATE"),
}

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA trusted_schema = OFF",
)

_POSTGRESQL_SESSION = """
    SELECT set_config('lock_timeout', %s, false),
           set_config('idle_in_transaction_session_timeout', '60s', false),
           set_config('timezone', 'UTC', false),
           set_config('plan_cache_mode', 'force_generic_plan', false),
           set_config('synchronous_commit',
                      CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'
                      ELSE current_setting('synchronous_commit') END, false)
"""
"""An administrator may ask for more durability than `on`, never for less. A statement is planned once for each connection, not each time:
to plan who is kept apart from what takes longer than to answer it.
"""


def sqlite_engine(url: URL) -> Engine:
    """An engine on a SQLite file, which is created with mode 0600 when missing.

    Raises ConfigurationError for a database in memory or a folder that does not exist.
    """
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise ConfigurationError("SQLite needs a file: write CASEWORK_DATABASE_URL as sqlite:////folder/casework.db.")
    _create_private(Path(url.database))
    engine = create_engine(url, hide_parameters=True, connect_args={"isolation_level": None})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def postgresql_engine(url: URL) -> Engine:
    """An engine on PostgreSQL through psycopg 3, with a pool for a few processes of few threads."""
    engine = create_engine(url, hide_parameters=True, pool_size=5, max_overflow=5, pool_timeout=POOL_TIMEOUT, pool_recycle=1_800)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkin", _note_time)
    event.listen(engine, "checkout", _ping_if_idle)
    return engine


@contextmanager
def turn(lock: Path) -> Iterator[None]:
    """Wait for the lock file, hold it, let it go.

    SQLite's own waiting is polling, which starves some writers for seconds; the kernel's queue on a file lock does not.
    The descriptor is opened for each call, because a lock belongs to the open file: two threads of one process queue too.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def empty_wal(engine: Engine) -> None:
    """Move the write-ahead log into the database file and cut it to nothing, as far as readers allow."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def _create_private(path: Path) -> None:
    """The journal files beside a SQLite database take its mode, so only the database is created by hand.

    One that exists is left alone: closing any descriptor of it would drop the locks of this process's other connections
    (sqlite.org/howtocorrupt.html §2.2), and the log they write into would be deleted under them.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise ConfigurationError(f"The database file cannot be opened ({error.strerror}): check CASEWORK_INSTANCE.") from error


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """The driver begins nothing by itself (isolation_level None): each transaction says what it is."""
    for statement in _BEGIN[connection.get_execution_options().get("casework_transaction")]:
        connection.exec_driver_sql(statement)


def _note_time(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["used"] = time.monotonic()


def _ping_if_idle(connection: DBAPIConnection, entry: ConnectionPoolEntry, _: PoolProxiedConnection) -> None:
    """A connection that lay idle is asked whether the server is still there; one just used is not: it would cost each leaf a journey."""
    if time.monotonic() - entry.info.get("used", time.monotonic()) < IDLE:
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error  # the pool opens another one


def _prepare_postgresql(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(_POSTGRESQL_SESSION, (f"{BUSY_TIMEOUT}ms",))
    cursor.close()
    connection.commit()
