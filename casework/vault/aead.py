"""AES-256-GCM and HKDF-SHA-256, as the rest of the vault uses them."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from casework.errors import TamperedError
from casework.vault.packing import Part, pack, pack_names

KEY_BYTES = 32
NONCE_BYTES = 12
SUITE = b"\x01"
"""First byte of every ciphertext: AES-256-GCM, random 96-bit nonce, 128-bit tag."""


def new_key() -> bytes:
    """32 random bytes."""
    return os.urandom(KEY_BYTES)


def derive(key: bytes, *purpose: str, length: int = KEY_BYTES) -> bytes:
    """HKDF-Expand (RFC 5869) of a 32-byte random key for one purpose; different purposes give independent keys."""
    return HKDFExpand(algorithm=SHA256(), length=length, info=pack_names("casework", *purpose)).derive(key)


def extract(secret: bytes, *purpose: Part) -> bytes:
    """HKDF, extract and expand, of a secret that is no uniform key: a passphrase's hash with its pepper, a cookie, a recovery sheet."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=pack("casework", *purpose)).derive(secret)


def encrypt(key: bytes, plaintext: bytes, context: bytes) -> bytes:
    """Suite byte ‖ nonce ‖ ciphertext and tag, bound to `context`."""
    nonce = os.urandom(NONCE_BYTES)
    return SUITE + nonce + AESGCM(key).encrypt(nonce, plaintext, context)


def decrypt(key: bytes, blob: bytes, context: bytes) -> bytes:
    """The plaintext. Raises TamperedError for another key, another context or changed bytes."""
    if blob[:1] != SUITE:
        raise TamperedError("unknown ciphertext suite")
    try:
        return AESGCM(key).decrypt(blob[1 : 1 + NONCE_BYTES], blob[1 + NONCE_BYTES :], context)
    except InvalidTag as problem:
        raise TamperedError("a sealed value does not open") from problem
