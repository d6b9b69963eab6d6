"""A thief who has everything at rest: database, instance folder, pepper, session store. And who has read our source.

He tries every key he has, and every 32-byte value he finds, on every blob, under every context the protocol uses; what opens gives
him new keys, and he starts again until nothing more opens.
"""

import base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from casework.errors import TamperedError
from casework.models import Base
from casework.models.content import SealedRow
from casework.models.session_store import SessionRow
from casework.services.dossier.contents import deposit_context, table_of
from casework.services.instance import Instance
from casework.services.keys.keychain import previous_context
from casework.services.keys.sealing import open_row
from casework.vault import aead, sessionkeys
from casework.vault.aead import extract
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey
from casework.vault.packing import pack
from casework.vault.passphrase import Hashing, stretch

CONTENT = tuple(mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, SealedRow))
"""Every model of content there is: a new one is plundered as well."""


@dataclass
class Loot:
    """What the thief has opened."""

    compartments: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    seeds: int = 0


class Thief:
    """Holds a copy of everything at rest."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance.anchor.instance
        self.pepper = instance.pepper
        with instance.database.reading() as session:
            self.tables: dict[str, list[dict[str, Any]]] = {
                table.name: [dict(row._mapping) for row in session.execute(select(table))] for table in Base.metadata.sorted_tables
            }
            self.content = {model: session.execute(select(table_of(model))).all() for model in CONTENT}
        self.keys: set[bytes] = {self.pepper, instance.config.web_secret} | set(self._lying_about())
        self._tried: set[tuple[bytes, str]] = set()

    def _lying_about(self) -> Iterable[bytes]:
        """Every 32-byte value of any column: somebody might have left a key there."""
        for rows in self.tables.values():
            for row in rows:
                yield from (bytes(value) for value in row.values() if isinstance(value, bytes) and len(value) == aead.KEY_BYTES)

    def learn_passphrase(self, username: str, passphrase: str) -> None:
        """Somebody wrote it on a sticky note: the user key is unwrapped as sign-in would."""
        user = next(row for row in self.tables["user_account"] if row["username"] == username)
        row = next(row for row in self.tables["user_keys"] if row["user_id"] == user["id"])
        hashing = Hashing(row["memory_kib"], row["iterations"], row["lanes"])
        keys = stretch(passphrase, row["salt"], hashing, pepper=self.pepper, user=user["id"])
        with suppress(TamperedError):
            self.keys.add(aead.decrypt(keys.kek, row["by_passphrase"], pack("user-key", "passphrase", user["id"])))

    def steal_session(self, row: SessionRow, cookie: str | None) -> None:
        """A row of the session store, with or without the cookie that goes with it."""
        for secret in [cookie] if cookie else [row.id, row.locked.hex()]:
            with suppress(TamperedError):
                self.keys.add(sessionkeys.unlock(secret, row.user_id, row.created, row.locked))

    def steal_cookie(self, secret: str) -> None:
        """A cookie alone, its row gone: its bytes, and every key that the protocol draws from them."""
        self.keys |= {base64.urlsafe_b64decode(secret + "=" * (-len(secret) % 4)), extract(secret.encode(), "unlock")}
        self.keys |= {bytes.fromhex(sessionkeys.session_id(secret))}

    def plunder(self) -> Loot:
        """Open whatever can be opened, until nothing more opens."""
        loot, before = Loot(), -1
        while len(self.keys) != before:
            before = len(self.keys)
            for key in list(self.keys):
                self.keys |= set(self._try(key, loot))
        return loot

    def _try(self, key: bytes, loot: Loot) -> Iterable[bytes]:
        if (key, "all") in self._tried:
            return
        self._tried.add((key, "all"))
        yield from self._as_user_key(key, loot)
        yield from self._as_private_key(key)
        self._as_content_key(key, loot)
        yield from self._as_newer_version(key)
        yield from self._as_entry_holder(key)

    def _as_user_key(self, key: bytes, loot: Loot) -> Iterable[bytes]:
        for row in self.tables["user_keys"]:
            user = row["user_id"]
            for name in ("passphrase", "sheet"):
                yield from _opened(key, row[f"by_{name}"], pack("user-key", name, user))
            yield from _opened(key, row["private"], pack("private", user))
            loot.seeds += len(list(_opened(key, row["totp_seed"], pack("totp", user))))

    def _as_private_key(self, key: bytes) -> Iterable[bytes]:
        private = HybridPrivateKey(key)
        holders = [row["user_id"] for row in self.tables["user_keys"] if row["public"] == private.public]
        holders += [row["id"] for row in self.tables["ring_epoch"] if private.public.hex() in row["statement"].decode()]
        for holder in holders:
            wrapping = aead.derive(key, "own-wrapping", holder)
            for table, context in (("ring_member", self._member), ("box", self._box)):
                for row in self.tables[table]:
                    if row["rewrapped"]:
                        yield from _opened(wrapping, row["sealed"], context(row))
                    else:
                        with suppress(TamperedError):
                            yield private.open(row["sealed"], context(row))

    def _member(self, row: Mapping[str, Any]) -> bytes:
        return pack("ring-member", self.instance, row["epoch_id"], row["holder_id"])

    def _box(self, row: Mapping[str, Any]) -> bytes:
        return pack(
            "box",
            self.instance,
            row["compartment_id"],
            row["key_version"],
            row["holder_id"],
            int(row["to_ring"]),
            row["title"],
            row["reference"],
        )

    def _as_content_key(self, key: bytes, loot: Loot) -> None:
        for model, rows in self.content.items():
            for row in rows:
                scope = row.compartment_id if row.key_version else f"{row.compartment_id}/{row.id}"
                content = ContentKey(key, instance=self.instance, scope=scope, version=row.key_version)
                with suppress(TamperedError):
                    loot.texts |= {text for text in open_row(model, row, content).values() if text}
                    loot.compartments.add(row.compartment_id)

    def _as_newer_version(self, key: bytes) -> Iterable[bytes]:
        """The version before lies under every key version."""
        wrapping = aead.derive(key, "previous")
        for row in self.tables["compartment_version"]:
            if row["previous"] is not None:
                yield from _opened(wrapping, row["previous"], previous_context(self.instance, row["compartment_id"], row["number"]))

    def _as_entry_holder(self, key: bytes) -> Iterable[bytes]:
        author = HybridPrivateKey(key)
        compartment = HybridPrivateKey(aead.derive(key, "deposit"))
        for row in self.tables["entry_key"]:
            for private, holder in ((author, "author"), (compartment, "compartment")):
                if row["holder"] == holder:
                    with suppress(TamperedError):
                        yield private.open(row["sealed"], deposit_context(self.instance, row["entry_id"], holder))


def _opened(key: bytes, blob: bytes, context: bytes) -> Iterable[bytes]:
    with suppress(TamperedError):
        yield aead.decrypt(key, blob, context)
