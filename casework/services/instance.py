"""One open instance: database, charter, trust anchor, sessions, clock. Made once per process, passed to every verb inside the actor."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from casework import charter
from casework.charter import Charter
from casework.clock import Clock, SystemClock
from casework.config import Config, private_dir
from casework.errors import ConfigurationError, UncertifiedKey
from casework.ledger import stated_genesis
from casework.models.database import Database
from casework.models.session_store import SessionStore
from casework.resources import resource_dir
from casework.vault.passphrase import Hashing
from casework.vault.trust import Signed, TrustAnchor, read_signed

INSTANCE_FILE = "instance.json"


@dataclass(frozen=True, slots=True)
class Limits:
    """How often one may try to sign in, and how long a session lives. Seconds; passed in code only.

    per_account, per_address: failed attempts looked at within `window`. per_urgent: one person's tries of an accès urgent.
    hashes: Argon2 computations at once on this machine.
    """

    per_account: int = 5
    per_urgent: int = 8
    per_address: int = 30
    window: int = 15 * 60
    idle: int = 30 * 60
    absolute: int = 12 * 3600
    hashes: int = 2


@dataclass(frozen=True, slots=True)
class Instance:
    """What every verb needs and no request changes."""

    config: Config
    name: str
    database: Database
    charter: Charter
    anchor: TrustAnchor
    pepper: bytes = field(repr=False)
    sessions: SessionStore
    runtime: Path
    clock: Clock
    hashing: Hashing
    limits: Limits
    proofs: dict[Signed, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def open(
        cls,
        config: Config,
        *,
        clock: Clock | None = None,
        hashing: Hashing | None = None,
        limits: Limits | None = None,
        law: Charter | None = None,
    ) -> Self:
        """Open an instance that was founded. Raises ConfigurationError with a sentence that says what to do.

        law: the charter, for a process that has read it already; it is frozen, and reading it is most of what opening costs.
        """
        name, anchor = read_instance_file(config.instance)
        runtime = private_dir(config.runtime_dir)
        database = Database(config.database_url)
        _same_foundation(database, anchor)
        return cls(
            config=config,
            name=name,
            database=database,
            charter=law or charter.load(resource_dir("policies"), config.policies_cache),
            anchor=anchor,
            pepper=config.pepper,
            sessions=SessionStore(runtime),
            runtime=runtime,
            clock=clock or SystemClock(),
            hashing=hashing or Hashing(),
            limits=limits or Limits(),
        )

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def read_instance_file(folder: Path) -> tuple[str, TrustAnchor]:
    """The instance's name and the keys it pins. Raises ConfigurationError when there is no instance."""
    try:
        pinned = json.loads((folder / INSTANCE_FILE).read_text(encoding="utf-8"))
        anchor = TrustAnchor(pinned["id"], bytes.fromhex(pinned["founder_key"]), bytes.fromhex(pinned["recovery_key"]))
        signed = Signed(recovery_statement(anchor), bytes.fromhex(pinned["recovery_signature"]))
        read_signed(signed, anchor.founder)
        return pinned["name"], anchor
    except (OSError, ValueError, KeyError) as problem:
        raise ConfigurationError(f"There is no instance in {folder}: found one first (scripts/demo makes the demo town).") from problem
    except UncertifiedKey as problem:
        raise ConfigurationError("The recovery key in the instance file is not the one the founder signed: restore the file.") from problem


def recovery_statement(anchor: TrustAnchor) -> bytes:
    """What the founding officer signs of the recovery key: exchanging it takes the founder's private key."""
    return json.dumps({"instance": anchor.instance, "recovery": anchor.recovery.hex()}, sort_keys=True).encode()


def write_instance_file(folder: Path, name: str, anchor: TrustAnchor, recovery_signature: bytes) -> None:
    """Pin the instance's keys in its file, 0600, atomically. recovery_signature: the founder's, over `recovery_statement`."""
    pinned = {
        "id": anchor.instance,
        "name": name,
        "founder_key": anchor.founder.hex(),
        "recovery_key": anchor.recovery.hex(),
        "recovery_signature": recovery_signature.hex(),
    }
    draft = folder / (INSTANCE_FILE + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(pinned, file, ensure_ascii=False, indent=1)
    draft.replace(folder / INSTANCE_FILE)


def _same_foundation(database: Database, anchor: TrustAnchor) -> None:
    """The file beside the database and the first leaf inside it must pin the same keys: replacing one is not enough."""
    with database.reading() as session:
        stated = stated_genesis(session)
    if (stated.instance, stated.founder_key, stated.recovery_key) != (anchor.instance, anchor.founder, anchor.recovery):
        raise ConfigurationError("The instance file and the ledger name different founders: restore both from the same backup.")
