"""The session store of an older version is harmless: its sessions are gone, and whoever was signed in signs in again."""

import sqlite3
from pathlib import Path

from casework.models.session_store import LAYOUT, SessionRow, SessionStore

OLD = """
CREATE TABLE session (id TEXT PRIMARY KEY, user_id TEXT NOT NULL, locked BLOB NOT NULL, created INTEGER NOT NULL,
  seen INTEGER NOT NULL, expires INTEGER NOT NULL);
INSERT INTO session VALUES ('old', 'u', x'00', 0, 0, 999999);
"""


def test_a_store_of_another_layout_is_emptied_once(tmp_path: Path) -> None:
    """Then it is used like any other."""
    with sqlite3.connect(tmp_path / "sessions.db") as raw:
        raw.executescript(OLD)
    raw.close()
    store = SessionStore(tmp_path)
    assert store.find("old") is None
    store.put(SessionRow("new", "u", b"x", 0, 0, 1000))
    assert SessionStore(tmp_path).find("new") == SessionRow("new", "u", b"x", 0, 0, 1000)
    raw = sqlite3.connect(store.path)
    assert raw.execute("PRAGMA user_version").fetchone() == (LAYOUT,)
    raw.close()


def test_an_open_meeting_keeps_a_session_awake_up_to_its_absolute_limit(tmp_path: Path) -> None:
    """Control: without the meeting it would have ended by idleness; released, it does."""
    store = SessionStore(tmp_path)
    for each in ("here", "elsewhere"):
        store.put(SessionRow(each, "u", b"x", 0, 0, 5000))
    store.give_screen("here", "m1", awake=9000, code=b"c")
    assert store.find_living("elsewhere", now=200, idle=100) is None
    found = store.find_living("here", now=4900, idle=100)
    assert found is not None
    assert (found.meeting, found.awake) == ("m1", 5000)
    store.release_screens("m1", now=4900)
    assert store.find_living("here", now=4950, idle=100) is not None
    assert store.find_living("here", now=4999, idle=90) is None


def test_a_cover_counts_its_tries(tmp_path: Path) -> None:
    """Five, and not one more, whoever asks at once; covering what is covered gives no new ones."""
    store = SessionStore(tmp_path)
    store.put(SessionRow("s", "u", b"x", 0, 0, 5000))
    store.cover("s")
    assert [store.count_try("s", most=5) for _ in range(6)] == [True] * 5 + [False]
    store.cover("s")
    assert not store.count_try("s", most=5)
    store.uncover("s")
    found = store.find("s")
    assert found is not None
    assert (found.covered, found.tries) == (0, 0)


def test_a_code_is_forgotten_with_its_meeting(tmp_path: Path) -> None:
    """At the close, or once a screen that was covered then is uncovered. Control: while the meeting goes on it stays."""
    store = SessionStore(tmp_path)
    for name in ("bare", "covered"):
        store.put(SessionRow(name, "u", b"x", 0, 0, 5000))
        store.give_screen(name, "m1", awake=100, code=b"c")

    def codes() -> list[bytes | None]:
        return [None if row is None else row.code for row in map(store.find, ("bare", "covered"))]

    store.cover("covered")
    store.uncover("covered")
    assert codes() == [b"c", b"c"], "control"
    store.cover("covered")
    store.release_screens("m1", now=50)
    assert codes() == [None, b"c"]
    store.uncover("covered")
    assert codes() == [None, None]
