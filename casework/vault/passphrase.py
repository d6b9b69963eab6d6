"""From a passphrase to two independent values: one to compare, one to unwrap with (security.md §5.1)."""

import hashlib
import hmac
import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from casework.vault.aead import KEY_BYTES, extract

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Hashing:
    """Argon2id parameters (RFC 9106): memory in KiB, passes, lanes. Kept in each user's row."""

    memory_kib: int = 64 * 1024
    iterations: int = 3
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class PassphraseKeys:
    """auth: what is compared (its SHA-256 is stored). kek: what unwraps the user key (never stored)."""

    auth: bytes
    kek: bytes


def new_salt() -> bytes:
    """16 random bytes."""
    return os.urandom(SALT_BYTES)


def stretch(passphrase: str, salt: bytes, hashing: Hashing, *, pepper: bytes, user: str) -> PassphraseKeys:
    """One Argon2id, two outputs. The pepper enters both: without it a stolen database cannot even start guessing."""
    root = Argon2id(salt=salt, length=KEY_BYTES, iterations=hashing.iterations, lanes=hashing.lanes, memory_cost=hashing.memory_kib).derive(
        passphrase.encode()
    )
    peppered = hmac.digest(pepper, user.encode(), "sha256")
    return PassphraseKeys(auth=extract(root + peppered, "auth"), kek=extract(root + peppered, "kek"))


def stored(auth: bytes) -> bytes:
    """What the database keeps of `auth`."""
    return hashlib.sha256(auth).digest()


def same(auth: bytes, kept: bytes) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(stored(auth), kept)
