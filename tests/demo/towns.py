"""Small demo towns for tests: where they stand, how they are built cheaply, what their papers say, who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from casework.cli.db import upgrade
from casework.cli.demo import __main__ as command
from casework.cli.demo import build as building
from casework.cli.demo import papers
from casework.config import Config, load_config
from casework.services import Actor
from casework.vault.passphrase import Hashing

COUNT = 8
CHEAP = Hashing(memory_kib=64, iterations=1, lanes=1)
GROUPS = ("names", "phones", "addresses", "notes")


def settings(folder: Path, database_url: str | None = None) -> Config:
    """Settings of a town in that folder."""
    chosen = {"CASEWORK_INSTANCE": str(folder / "town"), "CASEWORK_RUNTIME_DIR": str(folder / "run")}
    return load_config(chosen | ({"CASEWORK_DATABASE_URL": database_url} if database_url else {}))


def build(config: Config, dossiers: int = COUNT, **changes: Any) -> None:
    """Build with cheap passphrase hashes."""
    building.build(config, dossiers=dossiers, migrate=upgrade, hashing=CHEAP, **changes)


def accounts(config: Config) -> list[dict[str, Any]]:
    """What accounts.json says."""
    return papers.read(config.instance / "accounts.json")


def truth(config: Config) -> list[dict[str, Any]]:
    """What truth.json says."""
    return papers.read(config.instance / "truth.json")


def run(config: Config, *arguments: str) -> Any:
    """The command, as scripts/demo runs it."""
    environment = {"CASEWORK_INSTANCE": str(config.instance), "CASEWORK_RUNTIME_DIR": str(config.runtime_dir), "PORT": "8123"}
    return CliRunner().invoke(command.main, arguments, env=environment | {"CASEWORK_DATABASE_URL": config.database_url})


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of the town, signed in today with what accounts.json says; the codes they used."""

    actors: Mapping[str, Actor]
    codes: Mapping[str, str]

    def by_position(self, config: Config, position: str) -> Actor:
        """The first person of that position."""
        return next(self.actors[each["username"]] for each in accounts(config) if each["position"] == position)
