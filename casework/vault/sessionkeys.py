"""The split session key: the server keeps a lock, the cookie keeps its key; neither opens anything alone."""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from casework.vault.aead import KEY_BYTES, decrypt, encrypt, extract
from casework.vault.packing import pack


@dataclass(frozen=True, slots=True)
class LockedSession:
    """What the session store keeps. id: SHA-256 of the cookie's secret, in hex. locked: the user key under that secret."""

    id: str
    locked: bytes


def new_secret() -> str:
    """A cookie value: 256 random bits, URL-safe."""
    return secrets.token_urlsafe(KEY_BYTES)


def session_id(secret: str) -> str:
    """The row id of a cookie's session. A stolen store gives no cookie back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def lock(secret: str, user: str, created: int, user_key: bytes) -> LockedSession:
    """Lock the user key under the cookie's secret, bound to row, user and creation time (unix seconds)."""
    row = session_id(secret)
    return LockedSession(row, encrypt(extract(secret.encode(), "unlock"), user_key, pack("session", row, user, created)))


def unlock(secret: str, user: str, created: int, locked: bytes) -> bytes:
    """The user key. Raises TamperedError for another secret, user or creation time."""
    return decrypt(extract(secret.encode(), "unlock"), locked, pack("session", session_id(secret), user, created))


def as_base32(seed: bytes) -> str:
    """A TOTP seed as authenticator applications take it (RFC 4648 base32)."""
    return base64.b32encode(seed).decode()
