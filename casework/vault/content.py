"""Keys that content lies under: a compartment's, at one key version, or a deposited entry's own.

From 32 random bytes come a key for each (table, column), the box-MAC key and, for a compartment, the deposit pair.
"""

import hmac
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from casework.errors import TamperedError
from casework.vault import aead
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import Part, pack, pack_names

PAD_STEP = 64
"""Texts are padded to a multiple of this, in bytes, so that length says little."""

Clear = str | int | float | bool | None
"""A clear column of a row, as its seal takes it."""

_HEADER = 1 + aead.NONCE_BYTES
_END = b"\x80"
"""Ends the text; only zeros follow."""

Picker = Callable[[Sequence[Any]], tuple[Any, ...]]
"""From a whole row, some of its columns."""


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
            found = self._ciphers[table, column] = (AESGCM(key), self._place + pack_names(table, column))
        return found

    def seal_row(self, table: str, columns: Sequence[str], row: str, clear: tuple[Clear, ...], texts: Sequence[str]) -> list[bytes]:
        """Ciphertexts of a row's confidential columns, each bound to instance, table, column, row, scope and key version.

        The first one is the row's seal as well: its associated data is all the rest of the row, clear columns and other ciphertexts.
        """
        where = row.encode()
        others = [self._seal(table, column, where, text) for column, text in zip(columns[1:], texts[1:], strict=True)]
        return [self._seal(table, columns[0], where + _rest_of_row(clear, others), texts[0]), *others]

    def _seal(self, table: str, column: str, context: bytes, text: str) -> bytes:
        cipher, place = self._cipher(table, column)
        nonce = os.urandom(aead.NONCE_BYTES)
        return aead.SUITE + nonce + cipher.encrypt(nonce, _pad(text.encode()), place + context)

    def reader(self, table: str, columns: Sequence[str]) -> "RowReader":
        """Opens many rows of one table quickly: a page checks and opens 200 of them."""
        return RowReader([self._cipher(table, column) for column in columns])

    def text_reader(self, table: str, column: str, places: tuple[int, int], clear: Picker) -> Callable[[Sequence[Any]], str]:
        """Opens the only confidential column of whole rows: `reader` in one call a row, because a page opens 200 of them.

        places: where a row has its id and its ciphertext. The function raises TamperedError as `RowReader.open` does.
        """
        cipher, place = self._cipher(table, column)
        decrypt, (at_id, at_blob) = cipher.decrypt, places

        def read(row: Sequence[Any]) -> str:
            blob = row[at_blob]
            if blob[:1] != aead.SUITE:
                raise TamperedError("unknown ciphertext suite")
            try:
                text = decrypt(blob[1:_HEADER], blob[_HEADER:], place + f"{row[at_id]}{clear(row)!a}".encode())
                return text[: text.rindex(_END)].decode()
            except (InvalidTag, ValueError) as problem:
                raise TamperedError("a row is not as it was sealed") from problem

        return read

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
    return raw + _END + bytes(-(len(raw) + 1) % PAD_STEP)


class RowReader:
    """Opens whole rows of one table under one key. Nothing of a row that was touched comes out."""

    def __init__(self, ciphers: Sequence[tuple[AESGCM, bytes]]) -> None:
        self._ciphers = ciphers

    def open(self, row: str, clear: tuple[Clear, ...], blobs: Sequence[bytes]) -> list[str]:
        """The texts of all confidential columns, in order. clear: the row's other columns.

        Raises TamperedError when any column, a clear one included, was changed, moved, swapped or put back under another key version.
        """
        where = row.encode()
        contexts = [where + _rest_of_row(clear, blobs[1:]), *[where] * (len(blobs) - 1)]
        return [_open(*cipher, blob, context) for cipher, blob, context in zip(self._ciphers, blobs, contexts, strict=True)]


def _open(cipher: AESGCM, place: bytes, blob: bytes, context: bytes) -> str:
    if blob[:1] != aead.SUITE:
        raise TamperedError("unknown ciphertext suite")
    try:
        text = cipher.decrypt(blob[1:_HEADER], blob[_HEADER:], place + context)
        return text[: text.rindex(_END)].decode()
    except (InvalidTag, ValueError) as problem:
        raise TamperedError("a row is not as it was sealed") from problem


def _rest_of_row(clear: tuple[Clear, ...], others: Sequence[bytes]) -> bytes:
    """Unambiguous bytes of clear values (strings, numbers, None) and ciphertexts.

    Python's own ASCII notation of the tuple, lengths included: one call into C, because a page needs 200 of them.
    """
    return ascii((clear, *map(len, others)) if others else clear).encode() + b"".join(others)
