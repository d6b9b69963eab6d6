"""Between a user's row of keys and the vault's idea of it."""

from casework.models.people import UserKeys
from casework.vault.passphrase import Hashing
from casework.vault.userkeys import StoredKeys

PLAIN = (
    "salt",
    "auth_hash",
    "by_passphrase",
    "by_sheet",
    "public",
    "private",
    "signing_public",
    "signing_private",
    "totp_seed",
    "recovery_box",
)
"""What has the same name on both sides."""


def stored_keys(row: UserKeys) -> StoredKeys:
    """What the vault takes."""
    return StoredKeys(hashing=Hashing(row.memory_kib, row.iterations, row.lanes), **{name: getattr(row, name) for name in PLAIN})


def key_row(user_id: str, keys: StoredKeys) -> UserKeys:
    """What the database takes."""
    hashing = keys.hashing
    return UserKeys(
        user_id=user_id,
        memory_kib=hashing.memory_kib,
        iterations=hashing.iterations,
        lanes=hashing.lanes,
        **{name: getattr(keys, name) for name in PLAIN},
    )
