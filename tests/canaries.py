"""Looks for confidential values in bytes at rest, in every form they might have been written down in.

A long value is looked for in three pieces, so that one broken over two pages of a database, or two lines of a log, is found as well.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

from casework.cli.demo.needles import Needles

PIECE = 32
"""Characters of a piece; a value three times as long, or longer, is looked for by its start, middle and end."""


def _base64(offset: int) -> Callable[[str], bytes]:
    """The characters of the base64 of any text that has the value `offset` bytes after a multiple of three."""

    def encode(value: str) -> bytes:
        raw = b"\0" * offset + value.encode()
        sure = len(raw) * 8 // 6  # characters that depend on nothing after the value
        return base64.b64encode(raw)[-(-offset * 8 // 6) : sure]

    return encode


def _in_url(offset: int) -> Callable[[str], bytes]:
    return lambda value: _base64(offset)(value).translate(bytes.maketrans(b"+/", b"-_"))


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda value: value.encode("utf-16-le"),
    "utf-16-be": lambda value: value.encode("utf-16-be"),
    "base64+0": _base64(0),
    "base64+1": _base64(1),
    "base64+2": _base64(2),
    "base64url+0": _in_url(0),
    "base64url+1": _in_url(1),
    "base64url+2": _in_url(2),
    "hex": lambda value: value.encode().hex().encode(),
    "HEX": lambda value: value.encode().hex().upper().encode(),
    "percent": lambda value: quote(value).encode(),
    "form": lambda value: quote_plus(value).encode(),
    "json": lambda value: json.dumps(value)[1:-1].encode(),
}
"""How a value may have been written: name -> its bytes."""


def find_canaries(paths: Iterable[Path], values: Iterable[str]) -> list[tuple[Path, str, str]]:
    """Each file, value and encoding found once, in the files of `paths` (folders are walked, links are not followed).

    Raises ValueError without a file or without a value: a search that looks at nothing finds nothing.
    """
    paths = list(paths)
    files, wanted = list(_files(paths)), set(values)
    if not files or not wanted:
        raise ValueError("nothing to look at, or nothing to look for")
    meant = _meant(wanted)
    found_in = _once(Needles(meant))
    found: dict[tuple[Path, str, str], None] = {}
    for path in files:
        for needle in found_in(_bytes(path, named=path in paths)):
            found |= dict.fromkeys((path, *each) for each in meant[needle])
    return list(found)


def _once(needles: Needles) -> Callable[[bytes], list[bytes]]:
    """What is found in bytes, looked for once in equal bytes: a server copies its template for each database."""

    @cache
    def found_in(hay: bytes) -> list[bytes]:
        return [needle for _, needle in needles.found_in(_without_emptiness(hay))]

    return found_in


def _without_emptiness(hay: bytes) -> bytes:
    """The bytes between three zeros, and no more in a row: most of a server's pages are zeros, and no encoding of a text has three."""
    return (3 * b"\0").join([b"", *(part for part in hay.split(4 * b"\0") if part), b""])


def _meant(values: Iterable[str]) -> dict[bytes, list[tuple[str, str]]]:
    """Bytes -> the values and encodings they betray. Where encodings agree, the first is named."""
    meant: dict[bytes, list[tuple[str, str]]] = {}
    for value in sorted(values):
        for piece in _pieces(value):
            for name, encode in ENCODINGS.items():
                betrayed = meant.setdefault(encode(piece), [])
                if all(value != known for known, _ in betrayed):
                    betrayed.append((value, name))
    return meant


def _pieces(value: str) -> tuple[str, ...]:
    if len(value) < 3 * PIECE:
        return (value,)
    middle = (len(value) - PIECE) // 2
    return value[:PIECE], value[middle : middle + PIECE], value[-PIECE:]


def _bytes(path: Path, *, named: bool) -> bytes:
    """A running server removes files of its own between the walk and the reading; a file that somebody named must be there."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if named:
            raise
        return b""


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (each for each in sorted(path.rglob("*")) if each.is_file() and not each.is_symlink())
        else:
            yield path
