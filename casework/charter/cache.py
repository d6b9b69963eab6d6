"""Keeps the decision table beside the instance, so that a start need not evaluate the law again.

A cached table is believed only when it is ours (owner, not writable by others), whole (checksum), and made from this law by
this Cedar in this format. Anything else is built again: the cache can make a start slower, never wrong.
Whoever can write files as the application's own user is not stopped by a cache; they could change the law itself.
"""

import hashlib
import json
import logging
import os
import stat
import tempfile
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

FORMAT = 2
CACHE_FILE = "decision-table.json"

log = logging.getLogger(__name__)


def recall(folder: Path, digest: str, sizes: Mapping[str, int], rules: int) -> dict[str, list[int]] | None:
    """The rows cached for the law with this digest, or None when they are absent, foreign, outdated or damaged.

    sizes: action -> how many situations it has. rules: how many rules the law has.
    """
    try:
        stored = _read_own(folder / CACHE_FILE)
        if stored["head"] != _head(digest) or stored["checksum"] != _checksum(stored["head"], stored["rows"]):
            return None
        return _plausible(stored["rows"], sizes, rules)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def remember(folder: Path, digest: str, rows: Mapping[str, list[int]]) -> None:
    """Write the rows atomically, mode 0600. A folder that cannot be written costs speed, not correctness: it is logged."""
    head = _head(digest)
    body = json.dumps({"head": head, "rows": rows, "checksum": _checksum(head, rows)}, separators=(",", ":"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(folder / CACHE_FILE, body.encode())
    except OSError as error:
        log.warning("the decision table could not be cached (%s); it will be built at every start", type(error).__name__)


def _head(digest: str) -> dict[str, Any]:
    return {"format": FORMAT, "policies": digest, "cedarpy": version("cedarpy")}


def _checksum(head: Mapping[str, Any], rows: Mapping[str, list[int]]) -> str:
    return hashlib.sha256(json.dumps([head, rows], separators=(",", ":"), sort_keys=True).encode()).hexdigest()


def _read_own(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid() or stat.S_IMODE(status.st_mode) & 0o022:
            raise ValueError("the cached table is not ours alone")
        stored = json.loads(file.read())
    if not isinstance(stored, dict):
        raise TypeError("the cached table is not a table")
    return stored


def _plausible(rows: dict[str, list[int]], sizes: Mapping[str, int], rules: int) -> dict[str, list[int]] | None:
    if {action: len(numbers) for action, numbers in rows.items()} != dict(sizes):
        return None
    return rows if all(_sound(numbers, rules) for numbers in rows.values()) else None


def _sound(numbers: list[int], rules: int) -> bool:
    """Whether each is the number of a rule, or 0."""
    # `type`, not isinstance: JSON's true is an int to Python and would read as the first rule
    return {*map(type, numbers)} <= {int} and min(numbers, default=0) >= 0 and max(numbers, default=0) <= rules


def _replace(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".decision-table-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
