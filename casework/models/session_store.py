"""Sessions and sign-in attempts, in a store of their own on tmpfs: never in the database, never in a backup.

SQLite with `secure_delete` and an in-memory journal; nothing here opens anything without the cookie's secret.
Losing it means signing in again.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LAYOUT = 2
"""Number of the layout below. A store of another one is emptied: whoever was signed in signs in again."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL, locked BLOB NOT NULL,
  created INTEGER NOT NULL, seen INTEGER NOT NULL, expires INTEGER NOT NULL,
  meeting TEXT NOT NULL DEFAULT '', awake INTEGER NOT NULL DEFAULT 0, covered INTEGER NOT NULL DEFAULT 0,
  code BLOB, tries INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS ended (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, until INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS attempt (subject TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS ix_attempt ON attempt (subject, at);
"""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as stored; times are unix seconds. `locked`: the user key under the cookie's secret.

    meeting: whose screen this is, an id. awake: the idle limit waits until then. covered: the screen is covered, 0 or 1.
    code: keyed slow hash of the code that uncovers it. tries: wrong codes since it was covered.
    """

    id: str
    user_id: str
    locked: bytes
    created: int
    seen: int
    expires: int
    meeting: str = ""
    awake: int = 0
    covered: int = 0
    code: bytes | None = None
    tries: int = 0


class SessionStore:
    """Opened lazily, one connection for each use, so that it survives a fork."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sessions.db"

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        fresh = not self.path.exists()
        if fresh:
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=10)
        try:
            connection.execute("PRAGMA journal_mode=MEMORY")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA synchronous=OFF")
            _lay_out(connection)
            yield connection
        finally:
            connection.close()

    def put(self, row: SessionRow) -> None:
        """Keep a new session."""
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO session (id, user_id, locked, created, seen, expires) VALUES (?, ?, ?, ?, ?, ?)",
                (row.id, row.user_id, row.locked, row.created, row.seen, row.expires),
            )

    def find_living(self, session_id: str, *, now: int, idle: int) -> SessionRow | None:
        """The session, if it lives. Whoever asks, everybody's dead sessions are wiped first."""
        with self._connection() as connection:
            _wipe(connection, now, idle)
            found = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
        return SessionRow(*found) if found else None

    def find(self, session_id: str) -> SessionRow | None:
        """The session, dead or alive, or None."""
        with self._connection() as connection:
            found = connection.execute("SELECT * FROM session WHERE id = ?", (session_id,)).fetchone()
        return SessionRow(*found) if found else None

    def ended_lately(self, session_id: str, *, now: int) -> str | None:
        """Whose session this was, if idleness ended it and its absolute limit is still ahead. It opens nothing: the key is gone."""
        with self._connection() as connection:
            found = connection.execute("SELECT user_id FROM ended WHERE id = ? AND until > ?", (session_id, now)).fetchone()
        return str(found[0]) if found else None

    def touch(self, session_id: str, seen: int) -> None:
        """Note that it was used."""
        with self._connection() as connection:
            connection.execute("UPDATE session SET seen = ? WHERE id = ?", (seen, session_id))

    def give_screen(self, session_id: str, meeting: str, *, awake: int, code: bytes) -> None:
        """This session shows a meeting: the idle limit waits until `awake`, never past the absolute limit; `code` will uncover it."""
        with self._connection() as connection:
            connection.execute(
                "UPDATE session SET meeting = ?, awake = min(?, expires), code = ?, tries = 0 WHERE id = ?",
                (meeting, awake, code, session_id),
            )

    def release_screens(self, meeting: str, *, now: int) -> None:
        """The meeting is over: the idle limit counts again, from now, and its code is forgotten. A covered screen stays covered, by it."""
        with self._connection() as connection:
            connection.execute(
                "UPDATE session SET awake = 0, seen = max(seen, ?), meeting = CASE covered WHEN 1 THEN meeting ELSE '' END, "
                "code = CASE covered WHEN 1 THEN code ELSE NULL END "
                "WHERE meeting = ? AND awake > 0",
                (now, meeting),
            )

    def cover(self, session_id: str) -> None:
        """Cover the screen. One that is covered already keeps its count of tries."""
        with self._connection() as connection:
            connection.execute("UPDATE session SET covered = 1, tries = 0 WHERE id = ? AND covered = 0", (session_id,))

    def uncover(self, session_id: str) -> None:
        """Take the cover away. The code of a meeting that is over went with it: a room may have seen it typed."""
        with self._connection() as connection:
            connection.execute(
                "UPDATE session SET covered = 0, tries = 0, code = CASE awake WHEN 0 THEN NULL ELSE code END WHERE id = ?", (session_id,)
            )

    def count_try(self, session_id: str, *, most: int) -> bool:
        """Count one code before it is looked at; False, and nothing counted, when as many as are allowed were tried."""
        with self._connection() as connection:
            changed = connection.execute("UPDATE session SET tries = tries + 1 WHERE id = ? AND tries < ?", (session_id, most))
            return changed.rowcount == 1

    def delete(self, session_id: str) -> None:
        """End it. Ending one that is not there is no error."""
        with self._connection() as connection:
            connection.execute("DELETE FROM session WHERE id = ?", (session_id,))
            connection.execute("DELETE FROM ended WHERE id = ?", (session_id,))

    def sweep(self, *, now: int, idle: int) -> int:
        """Delete sessions past their absolute or idle limit, and attempts of yesterday. Returns how many sessions."""
        with self._connection() as connection:
            connection.execute("DELETE FROM attempt WHERE at < ?", (now - 86_400,))
            return _wipe(connection, now, idle)

    def count_attempt(self, allowed: Mapping[str, int], *, at: int, window: int) -> int | None:
        """Count one attempt for each subject (a keyed hash), unless one of them has used up its window: all or none, atomically.

        Returns None when counted, else the seconds until the next one would be.
        """
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            for subject, most in allowed.items():
                query = "SELECT at FROM attempt WHERE subject = ? AND at > ? ORDER BY at"
                recent = [each for (each,) in connection.execute(query, (subject, at - window))]
                if len(recent) >= most:
                    connection.execute("ROLLBACK")
                    return max(1, int(recent[-most]) + window - at)
            connection.executemany("INSERT INTO attempt VALUES (?, ?)", [(subject, at) for subject in allowed])
            connection.execute("COMMIT")
        return None

    def was_counted(self, subject: str, *, since: int) -> bool:
        """Whether an attempt of this subject was counted after this moment."""
        with self._connection() as connection:
            query = "SELECT 1 FROM attempt WHERE subject = ? AND at > ? LIMIT 1"
            return connection.execute(query, (subject, since)).fetchone() is not None

    def forget_attempts(self, subject: str) -> None:
        """After a success."""
        with self._connection() as connection:
            connection.execute("DELETE FROM attempt WHERE subject = ?", (subject,))


def _lay_out(connection: sqlite3.Connection) -> None:
    """Make the tables; those of another layout go first, with every session in them. Two processes at once make them once."""
    if connection.execute("PRAGMA user_version").fetchone()[0] == LAYOUT:
        return
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute("PRAGMA user_version").fetchone()[0] != LAYOUT:
        for statement in ("DROP TABLE IF EXISTS session", *SCHEMA.split(";"), f"PRAGMA user_version = {LAYOUT}"):
            connection.execute(statement)
    connection.execute("COMMIT")


def _wipe(connection: sqlite3.Connection, now: int, idle: int) -> int:
    """Delete dead sessions with the keys they lock; returns how many.

    Of those that idleness ended, who it was remains until their absolute limit: enough to seal to that person what they had typed.
    """
    idle_since = now - idle
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(
        "INSERT OR IGNORE INTO ended SELECT id, user_id, expires FROM session WHERE max(seen, awake) <= ? AND expires > ?",
        (idle_since, now),
    )
    connection.execute("DELETE FROM ended WHERE until <= ?", (now,))
    gone = connection.execute("DELETE FROM session WHERE expires <= ? OR max(seen, awake) <= ?", (now, idle_since)).rowcount
    connection.execute("COMMIT")
    return gone
