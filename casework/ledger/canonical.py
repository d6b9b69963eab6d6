"""Canonical JSON: RFC 8785 for strings, integers, booleans, null, arrays and objects. One value, one sequence of bytes."""

import json
from collections.abc import Mapping
from typing import Any

LARGEST = 2**53 - 1
"""Largest integer that every JSON reader keeps exact (RFC 8785 §3.2.2.3, RFC 7493 §2.2)."""

_dumps = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False).encode


def encode(value: object) -> bytes:
    """The canonical bytes of `value`.

    Raises TypeError for anything else than str, int, bool, None, list, tuple and mappings with str keys, and ValueError for an
    integer beyond ±(2^53 − 1) or a string that is not Unicode text (a lone surrogate).
    """
    return _dumps(_ordered(value)).encode("utf-8")


def decode(data: bytes) -> Any:
    """The value whose bytes these are. Raises ValueError for anything that `encode` would not have written byte for byte."""
    value = json.loads(data.decode("utf-8"))
    try:
        again = encode(value)
    except TypeError as error:
        raise ValueError("not canonical JSON") from error
    if again != data:
        raise ValueError("not canonical JSON")
    return value


def _ordered(value: object) -> object:
    """The same value, with the keys of every object in the order of RFC 8785 (UTF-16 code units)."""
    if value is None or value is True or value is False or type(value) is str:
        return value
    if type(value) is int:
        if not -LARGEST <= value <= LARGEST:
            raise ValueError("integer too large for canonical JSON")
        return value
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _utf16(key: object) -> bytes:
    if type(key) is not str:
        raise TypeError("keys of canonical JSON are strings")
    return key.encode("utf-16-be")
