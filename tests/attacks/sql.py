"""The hands of an administrator: writes in the database behind the application's back, and opens what a known key opens."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from sqlalchemy import select

from casework.models.content import Entry
from casework.services.keys.sealing import open_row
from casework.vault import trust
from casework.vault.content import ContentKey
from casework.vault.hybrid import HybridPrivateKey, seal_to
from tests.house import House


def tamper(house: House, statement: str, values: tuple[Any, ...] = ()) -> None:
    """Run one statement without triggers, guards or ledger."""
    with closing(sqlite3.connect(house.instance.config.instance / "casework.db")) as raw, raw:
        for (trigger,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {trigger}")
        assert raw.execute(statement, values).rowcount > 0, "the attack must hit something"


def insert(house: House, table: str, **values: Any) -> None:
    """Insert one row."""
    names = ", ".join(values)
    tamper(house, f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", tuple(values.values()))  # our words


def rows(house: House, model: type[Any], **where: Any) -> list[Any]:
    """The rows of a table that have these values."""
    with house.instance.database.reading() as session:
        return list(session.scalars(select(model).filter_by(**where)).all())


def row(house: House, model: type[Any], **where: Any) -> Any:
    """The one row that has these values."""
    (found,) = rows(house, model, **where)
    return found


def public_of(house: House, certificate: Any) -> bytes:
    """The public key that a stored statement certifies: anybody reads it."""
    return bytes.fromhex(json.loads(certificate.statement)["public"])


def bodies(house: House, key: ContentKey) -> set[str]:
    """The notes that lie under a key, opened outside the application."""
    table = Entry.__table__
    with house.instance.database.reading() as session:
        found = session.execute(select(table).where(table.c.compartment_id == key.scope, table.c.key_version == key.version)).all()
    return {open_row(Entry, each, key)["body"] for each in found}


def statement(
    house: House, signer: str, *, kind: str, subject: str, public: bytes, signing: bytes = b"", claims: Mapping[str, str]
) -> trust.Signed:
    """What a certified person can sign with a program of their own."""
    private = house.actors[signer].keyring.signing
    return trust.certificate(
        private, instance=house.instance.anchor.instance, kind=kind, subject=subject, public=public, signing=signing, claims=claims
    )


__all__ = ["HybridPrivateKey", "bodies", "insert", "public_of", "row", "rows", "seal_to", "statement", "tamper"]
