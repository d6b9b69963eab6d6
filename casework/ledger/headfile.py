"""A head as a small JSON file: what a verification leaves behind, and what a witness outside keeps."""

import fcntl
import json
import os
from pathlib import Path
from typing import Any

from casework.errors import ConfigurationError
from casework.ledger import canonical
from casework.ledger.journal import Head
from casework.ledger.leaf import moment_text, read_moment
from casework.ledger.merkle import HASH_BYTES


def head_json(head: Head) -> str:
    """The head as one line of JSON."""
    return canonical.encode({"size": head.size, "root": head.root, "at": moment_text(head.at)}).decode()


def read_head(path: Path) -> Head:
    """The head in this file. Raises ConfigurationError when it cannot be read or is none."""
    try:
        return _head(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigurationError(f"{path} is not a saved head of the ledger: give one that a verification kept.") from error


def save_head(path: Path, head: Head) -> None:
    """Save a verified head, whole or not at all, readable by us alone (0600). A file that holds a larger one is left as it is."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # two verifications at once must not put the smaller head last
        if not path.exists() or read_head(path).size <= head.size:
            _replace(path, head_json(head) + "\n")
            os.fsync(folder)
    finally:
        os.close(folder)


def _head(stated: dict[str, Any]) -> Head:
    head = Head(stated["size"], stated["root"], read_moment(stated["at"]))
    if type(head.size) is not int or len(bytes.fromhex(head.root)) != HASH_BYTES:
        raise ValueError("not a head")
    return head


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
