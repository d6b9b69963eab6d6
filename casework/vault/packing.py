"""One unambiguous way to turn parts into bytes, for everything that is authenticated."""

from functools import lru_cache

Part = bytes | str | int | None


def pack(*parts: Part) -> bytes:
    """Type-tagged, length-prefixed concatenation: two different lists never give the same bytes."""
    return b"".join([_encode(part) for part in parts])


@lru_cache(maxsize=512)
def pack_names(*names: str) -> bytes:
    """`pack` of names that come back all the time, of tables, columns, purposes: never of what somebody typed, for they are kept."""
    return pack(*names)


def _encode(part: Part) -> bytes:
    if isinstance(part, str):  # first, for most are
        tag, raw = b"S", part.encode()
    elif part is None:
        return b"N"
    elif isinstance(part, bytes):
        tag, raw = b"B", part
    else:
        tag, raw = b"I", str(int(part)).encode()
    return tag + len(raw).to_bytes(4, "big") + raw
