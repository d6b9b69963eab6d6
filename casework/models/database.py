"""The one door to the database: read transactions that cannot commit, write transactions that take turns.

SQLite and PostgreSQL behave alike from here on: a reader sees one snapshot, a writer is alone or waits its turn.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Never

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from casework.errors import ConfigurationError, LedgerUnavailable
from casework.models import dialects
from casework.models.base import GuardedSession, guard_writes


class ReadSession(Session):
    """A session that cannot commit: what it read is shown only after the leaf of another transaction is durable."""

    def commit(self) -> Never:
        """Always raises RuntimeError."""
        raise RuntimeError("a read transaction commits nothing: use Database.writing()")


class Database:
    """An open database. One per process; safe for threads; a forked child opens its own."""

    engine: Engine
    dialect: str

    def __init__(self, url: str, *, lock: Path | None = None) -> None:
        """Open `url` (`sqlite:////path` or `postgresql+psycopg://…`).

        lock: SQLite only, the file writers queue on; default: `<database>.lock` beside the database.
        Raises ConfigurationError for another kind of database, or SQLite in memory.
        """
        address = make_url(url)
        self.dialect = address.get_backend_name()
        self._lock: Path | None = None
        if self.dialect == "sqlite":
            self.engine = dialects.sqlite_engine(address)
            self._lock = lock or Path(f"{address.database}.lock")
        elif address.drivername == "postgresql+psycopg":
            self.engine = dialects.postgresql_engine(address)
        else:
            raise ConfigurationError("CASEWORK_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://, and SQLite needs a file.")
        guard_writes(self.engine)
        self._reader = self.engine.execution_options(**dialects.READ[self.dialect])
        self._writer = self.engine.execution_options(**dialects.WRITE[self.dialect])

    def reading(self) -> AbstractContextManager[Session]:
        """One read transaction over one snapshot; the database itself refuses writes in it. Always rolled back and closed."""
        return self._reading()

    def writing(self) -> AbstractContextManager[Session]:
        """One write transaction: committed at the end, rolled back on any exception.

        SQLite: waits its turn on the lock file, then BEGIN IMMEDIATE. PostgreSQL: READ COMMITTED.
        Raises LedgerUnavailable when the transaction cannot begin, or cannot be made durable.
        """
        return self._writing()

    def close(self) -> None:
        """Close every connection. SQLite: first fold the write-ahead log into the file, so that no deleted page stays in it."""
        if self.dialect == "sqlite":
            dialects.empty_wal(self.engine)
        self.engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        session = ReadSession(self._reader, expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            session.expunge_all()  # a rollback would expire what was read, and rows outlive this block
            session.rollback()
            session.close()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with ExitStack() as stack:
            if self._lock is not None:
                stack.enter_context(dialects.turn(self._lock))
            session = stack.enter_context(GuardedSession(self._writer, expire_on_commit=False))
            _begin(session)
            yield session  # an exception leaves by Session.__exit__, which rolls back
            session.flush()
            _commit(session)


def _begin(session: Session) -> None:
    """Take the connection now: on SQLite this is BEGIN IMMEDIATE."""
    try:
        session.connection()
    except (DBAPIError, PoolTimeout) as error:
        raise LedgerUnavailable("the database takes no write now") from error


def _commit(session: Session) -> None:
    """Commit; a broken constraint stays what it is, any other failure means that nothing is durable."""
    try:
        session.commit()
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise LedgerUnavailable("the transaction could not be made durable") from error
