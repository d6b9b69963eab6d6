"""One unambiguous way to turn parts into bytes, for everything that is authenticated."""

Part = bytes | str | int | None


def pack(*parts: Part) -> bytes:
    """Type-tagged, length-prefixed concatenation: two different lists never give the same bytes."""
    return b"".join(_encode(part) for part in parts)


def _encode(part: Part) -> bytes:
    if part is None:
        return b"N"
    if isinstance(part, bytes):
        tag, raw = b"B", part
    elif isinstance(part, str):
        tag, raw = b"S", part.encode()
    else:
        tag, raw = b"I", str(int(part)).encode()
    return tag + len(raw).to_bytes(4, "big") + raw
