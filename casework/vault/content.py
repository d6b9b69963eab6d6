"""Keys that content lies under: a compartment's, at one key version, or a deposited entry's own.

From 32 random bytes come a key for each (table, column), the row-seal key, the box-MAC key and, for a compartment, the deposit pair.
"""

import hmac
import os
from collections.abc import Sequence
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

    def seal_row(self, table: str, columns: Sequence[str], row: str, texts: Sequence[str]) -> list[bytes]:
        """Ciphertexts of a row's confidential columns, each bound to instance, table, column, row, scope and key version."""
        return [self._seal_text(table, column, row, text) for column, text in zip(columns, texts, strict=True)]

    def _seal_text(self, table: str, column: str, row: str, text: str) -> bytes:
        cipher, place = self._cipher(table, column)
        nonce = os.urandom(aead.NONCE_BYTES)
        return aead.SUITE + nonce + cipher.encrypt(nonce, _pad(text.encode()), place + row.encode())

    def row_seal(self, table: str, clear: tuple[Column, ...], blobs: Sequence[bytes]) -> bytes:
        """AES-256-GMAC (SP 800-38D) over table, clear columns and ciphertexts of a row, in declared order: nonce ‖ tag, 28 bytes."""
        nonce = os.urandom(aead.NONCE_BYTES)
        return nonce + self._row_cipher.encrypt(nonce, b"", self._row_place(table) + _message(clear, blobs))

    def reader(self, table: str, columns: Sequence[str]) -> "RowReader":
        """Opens many rows of one table quickly: a page checks and opens 200 of them."""
        return RowReader(self._row_cipher, self._row_place(table), [self._cipher(table, column) for column in columns])

    def _row_place(self, table: str) -> bytes:
        return self._place + pack(table)

    @cached_property
    def _row_cipher(self) -> AESGCM:
        return AESGCM(aead.derive(self.secret, "row-seal"))

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


class RowReader:
    """Checks a row's seal, then opens its confidential columns. Nothing of a row that was touched comes out."""

    def __init__(self, seals: AESGCM, place: bytes, ciphers: Sequence[tuple[AESGCM, bytes]]) -> None:
        self._seals = seals
        self._place = place
        self._ciphers = ciphers

    def open(self, row: str, clear: tuple[Column, ...], blobs: Sequence[bytes], seal: bytes) -> list[str]:
        """The texts of the confidential columns.

        Raises TamperedError when any column, a clear one included, was changed, moved, swapped or put back under another key version.
        """
        where = row.encode()
        try:
            self._seals.decrypt(seal[: aead.NONCE_BYTES], seal[aead.NONCE_BYTES :], self._place + _message(clear, blobs))
            return [
                cipher.decrypt(blob[1:_HEADER], blob[_HEADER:], place + where).rstrip(b"\x00")[:-1].decode()
                for (cipher, place), blob in zip(self._ciphers, blobs, strict=True)
            ]
        except (InvalidTag, ValueError) as problem:
            raise TamperedError("a row is not as it was sealed") from problem


def _message(clear: tuple[Column, ...], blobs: Sequence[bytes]) -> bytes:
    """Unambiguous bytes of a row: its clear values and the lengths of its ciphertexts, as Python writes them in ASCII, then these.

    Built by one call into C, because a page needs 200 of them. A date or moment (UTC) is written out in full by its `repr`.
    """
    return ascii((clear, *map(len, blobs))).encode() + b"".join(blobs)
