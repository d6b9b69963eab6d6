"""A sealed link: a 32-byte key that opens with what the link carries and what is said by voice, and with nothing less.

The server keeps a hash that finds the row, a salt and the wrapped key. Argon2id takes secret and code together, and the pepper enters
after it: without the pepper a stolen database cannot start guessing codes, not even with the link in hand (security.md §5.1).
"""

import hashlib
import secrets
from dataclasses import dataclass, field

from casework.vault.aead import decrypt, encrypt, extract
from casework.vault.packing import pack
from casework.vault.passphrase import Hashing, new_salt, stretch
from casework.vault.sessionkeys import new_secret as new_cookie

SECRET_BYTES = 16
CODE_DIGITS = 8
_PURPOSE = "partner-link"
_VISIT = "partner-visit"


@dataclass(frozen=True, slots=True)
class Place:
    """What a wrapped key is bound to: which link opens which compartment, at which key version, until when (as text)."""

    instance: str
    link: str
    compartment: str
    version: int
    until: str

    def context(self, purpose: str, *more: str) -> bytes:
        """Authenticated with every key wrapped for this link."""
        return pack(purpose, self.instance, self.link, self.compartment, self.version, self.until, *more)


@dataclass(frozen=True, slots=True)
class Fresh:
    """A new link: what only people keep (secret, code), what finds its row, its salt, and the key made from secret and code."""

    secret: str
    code: str
    found_by: str
    salt: bytes
    kek: bytes = field(repr=False)

    def wrap(self, place: Place, key: bytes) -> bytes:
        """What the server keeps of a key that this link opens."""
        return encrypt(self.kek, key, place.context(_PURPOSE))


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit: the cookie that only the browser keeps, and what the server does."""

    cookie: str
    found_by: str
    wrapped: bytes


def fresh(link: str, hashing: Hashing, *, pepper: bytes) -> Fresh:
    """A secret of 128 random bits and a code of eight random digits, already stretched: the slow part, done outside any transaction."""
    secret, code, salt = secrets.token_urlsafe(SECRET_BYTES), f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}", new_salt()
    return Fresh(secret, code, found_by(secret), salt, _stretched(link, secret, code, salt, hashing, pepper))


def found_by(secret: str) -> str:
    """What finds the row of a link, or of a visit: SHA-256 of 128 or 256 random bits gives nothing back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_with(place: Place, secret: str, code: str, salt: bytes, wrapped: bytes, hashing: Hashing, *, pepper: bytes) -> bytes:
    """The key. Raises TamperedError for another secret or code, or a row that was moved or changed."""
    return decrypt(_stretched(place.link, secret, code, salt, hashing, pepper), wrapped, place.context(_PURPOSE))


def spend(secret: str, code: str, hashing: Hashing, *, pepper: bytes) -> None:
    """The cost of `open_with` for a link that does not exist, so that time tells nothing."""
    _stretched("", secret, code, new_salt(), hashing, pepper)


def visit(place: Place, key: bytes, ends: str) -> Visit:
    """The key under a fresh cookie, for a visit that ends at `ends` (as text)."""
    cookie = new_cookie()
    return Visit(cookie, found_by(cookie), encrypt(extract(cookie.encode(), _VISIT), key, place.context(_VISIT, ends)))


def open_visit(place: Place, cookie: str, wrapped: bytes, ends: str) -> bytes:
    """The key. Raises TamperedError for another cookie, or a row that was moved or changed."""
    return decrypt(extract(cookie.encode(), _VISIT), wrapped, place.context(_VISIT, ends))


def _stretched(link: str, secret: str, code: str, salt: bytes, hashing: Hashing, pepper: bytes) -> bytes:
    """One Argon2id over both; a secret holds no colon, so that no other pair gives the same text."""
    return stretch(f"{secret}:{code}", salt, hashing, pepper=pepper, user=f"{_PURPOSE}:{link}").kek
