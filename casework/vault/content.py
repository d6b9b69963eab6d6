"""Keys that content lies under: a compartment's, at one key version, or a deposited entry's own.

From 32 random bytes come a key for each (table, column), the row-seal key, the box-MAC key and, for a compartment, the deposit pair.
"""

import hmac
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import TamperedError
from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import Part, pack

PAD_STEP = 64
"""Texts are padded to a multiple of this, in bytes, so that length says little."""

Column = bytes | str | int | bool | date | datetime | None
_HEADER = 1 + aead.NONCE_BYTES


class ContentKey:
    """Opens and seals the fields and rows of one compartment version (or of one deposited entry).

    instance, scope: bound into everything; `scope` is the compartment's id, or the entry's for a deposit. version: key version.
    """

    def __init__(self, secret: bytes, *, instance: str, scope: str, version: int) -> None:
        self.secret = secret
        self.scope = scope
        self.version = version
        self._place = pack(instance, scope, version)
        self._ciphers: dict[tuple[str, str], tuple[AESGCM, bytes]] = {}

    def _cipher(self, table: str, column: str) -> tuple[AESGCM, bytes]:
        found = self._ciphers.get((table, column))
        if found is None:
            key = aead.derive(self.secret, "field", table, column)
            found = self._ciphers[table, column] = (AESGCM(key), self._place + pack(table, column))
        return found

    def seal_text(self, table: str, column: str, row: str, text: str) -> bytes:
        """Ciphertext of one field, bound to instance, table, column, row, scope and key version."""
        cipher, place = self._cipher(table, column)
        nonce = aead.new_key()[: aead.NONCE_BYTES]
        return aead.SUITE + nonce + cipher.encrypt(nonce, _pad(text.encode()), place + row.encode())

    def open_text(self, table: str, column: str, row: str, blob: bytes) -> str:
        """The text. Raises TamperedError when the bytes were moved, swapped, put back under another version or changed."""
        cipher, place = self._cipher(table, column)
        if blob[:1] != aead.SUITE:
            raise TamperedError("unknown ciphertext suite")
        try:
            padded = cipher.decrypt(blob[1:_HEADER], blob[_HEADER:], place + row.encode())
        except InvalidTag as problem:
            raise TamperedError("a sealed field does not open") from problem
        return padded.rstrip(b"\x00")[:-1].decode()

    @cached_property
    def _row_key(self) -> bytes:
        return aead.derive(self.secret, "row-seal")

    def row_seal(self, table: str, columns: Iterable[Column]) -> bytes:
        """HMAC-SHA-256 over the table and every column of a row, in declared order, clear ones included."""
        return hmac.digest(self._row_key, self._place + b"".join(_fixed(table, columns)), "sha256")

    def check_row(self, table: str, columns: Iterable[Column], seal: bytes) -> None:
        """Raise TamperedError unless the row is as it was sealed."""
        if not hmac.compare_digest(self.row_seal(table, columns), seal):
            raise TamperedError("a row is not as it was sealed")

    def mac(self, purpose: str, *parts: Part) -> bytes:
        """HMAC-SHA-256 over parts, e.g. of a box: proof that a holder of this key put it there."""
        return hmac.digest(aead.derive(self.secret, "mac", purpose), self._place + pack(*parts), "sha256")

    def check_mac(self, purpose: str, mac: bytes, *parts: Part) -> None:
        """Raise TamperedError unless `mac` was made under this key."""
        if not hmac.compare_digest(self.mac(purpose, *parts), mac):
            raise TamperedError("a box was not put there by a holder")

    @cached_property
    def deposit(self) -> HybridPrivateKey:
        """The pair whose public half lets others write what they cannot read."""
        return HybridPrivateKey(aead.derive(self.secret, "deposit"))


def _pad(raw: bytes) -> bytes:
    """ISO/IEC 7816-4: 0x80 then zeros, up to the next step."""
    return raw + b"\x80" + b"\x00" * (-(len(raw) + 1) % PAD_STEP)


def _fixed(table: str, columns: Iterable[Column]) -> Iterable[bytes]:
    """Unambiguous bytes of a row, quickly: 200 rows are sealed or checked for one page."""
    yield pack(table)
    for value in columns:
        if isinstance(value, str):
            raw, tag = value.encode(), b"S"
        elif isinstance(value, bytes):
            raw, tag = value, b"B"
        elif value is None:
            raw, tag = b"", b"N"
        elif isinstance(value, int):
            raw, tag = str(int(value)).encode(), b"I"
        else:
            raw, tag = value.isoformat().encode(), b"D"
        yield tag + len(raw).to_bytes(4, "big")
        yield raw
