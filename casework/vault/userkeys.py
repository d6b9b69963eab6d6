"""A user's keys: what is stored, how a passphrase unlocks them, and the keyring they become."""

import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from casework.vault import trust
from casework.vault.aead import decrypt, encrypt, extract, new_key
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack
from casework.vault.passphrase import Hashing, new_salt, same, stored, stretch

TOTP_SEED_BYTES = 20
SHEET_BYTES = 16


@dataclass(frozen=True, slots=True)
class StoredKeys:
    """A user's row of keys: wrapped, public or hashed bytes only."""

    salt: bytes
    hashing: Hashing
    auth_hash: bytes
    by_passphrase: bytes
    by_sheet: bytes
    public: bytes
    private: bytes
    signing_public: bytes
    signing_private: bytes
    totp_seed: bytes
    recovery_box: bytes


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What enrolment gives once: the row to store, and what only the person keeps."""

    stored: StoredKeys
    totp_seed: bytes
    recovery_sheet: str


class Keyring:
    """An unlocked user: signs, and opens what was sealed to them. Lives for one request, never stored."""

    def __init__(self, user: str, user_key: bytes, private: HybridPrivateKey, signing: Ed25519PrivateKey) -> None:
        self.user = user
        self.user_key = user_key
        self.private = private
        self.signing = signing

    def sign(self, statement: dict[str, str | int | None]) -> trust.Signed:
        """Sign a statement with the user's Ed25519 key."""
        return trust.sign(self.signing, statement)


def enrol(user: str, passphrase: str, *, pepper: bytes, hashing: Hashing, anchor: trust.TrustAnchor) -> Enrolled:
    """Make a user's keys under a passphrase and a recovery sheet, escrowed to the recovery key."""
    user_key, private, signing = new_key(), HybridPrivateKey.generate(), Ed25519PrivateKey.generate()
    salt, seed, sheet = new_salt(), secrets.token_bytes(TOTP_SEED_BYTES), secrets.token_bytes(SHEET_BYTES)
    keys = stretch(passphrase, salt, hashing, pepper=pepper, user=user)
    row = StoredKeys(
        salt=salt,
        hashing=hashing,
        auth_hash=stored(keys.auth),
        by_passphrase=encrypt(keys.kek, user_key, pack("user-key", "passphrase", user)),
        by_sheet=encrypt(_sheet_kek(sheet, user), user_key, pack("user-key", "sheet", user)),
        public=private.public,
        private=encrypt(user_key, private.secret, pack("private", user)),
        signing_public=signing.public_key().public_bytes_raw(),
        signing_private=encrypt(user_key, signing.private_bytes_raw(), pack("signing", user)),
        totp_seed=encrypt(user_key, seed, pack("totp", user)),
        recovery_box=anchor.seal_for_recovery(private.secret, pack("recovery", "user", anchor.instance, user)),
    )
    return Enrolled(row, seed, sheet.hex())


def unlock(user: str, passphrase: str, row: StoredKeys, *, pepper: bytes) -> bytes | None:
    """The user key, or None for a wrong passphrase. The cost of the hash is paid either way."""
    keys = stretch(passphrase, row.salt, row.hashing, pepper=pepper, user=user)
    if not same(keys.auth, row.auth_hash):
        return None
    return decrypt(keys.kek, row.by_passphrase, pack("user-key", "passphrase", user))


def unlock_with_sheet(user: str, sheet: str, row: StoredKeys) -> bytes:
    """The user key, by the recovery sheet (32 hexadecimal characters). Raises TamperedError for a wrong one."""
    return decrypt(_sheet_kek(bytes.fromhex(sheet), user), row.by_sheet, pack("user-key", "sheet", user))


def keyring(user: str, user_key: bytes, row: StoredKeys) -> Keyring:
    """The unlocked keys. Raises TamperedError when the row is not this user's."""
    private = HybridPrivateKey(decrypt(user_key, row.private, pack("private", user)))
    signing = Ed25519PrivateKey.from_private_bytes(decrypt(user_key, row.signing_private, pack("signing", user)))
    return Keyring(user, user_key, private, signing)


def totp_seed(user: str, user_key: bytes, row: StoredKeys) -> bytes:
    """The seed of the one-time codes (RFC 6238)."""
    return decrypt(user_key, row.totp_seed, pack("totp", user))


def _sheet_kek(sheet: bytes, user: str) -> bytes:
    return extract(sheet, "sheet", user)
