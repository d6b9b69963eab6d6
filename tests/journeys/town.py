"""A demo town of the run's own: built and served by the same command as `scripts/demo`, on a free port."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pyotp

from tests.architecture.tree import ROOT

STEP = 30  # seconds that a one-time code is the current one
MARGIN = 5  # seconds left in a step under which the previous code is not offered any more
PATIENCE = 300  # seconds for building the town and answering
DOSSIERS = 44
"""More than a page of the list, for the steward who keeps both cells; fewer make the build shorter."""


@dataclass(slots=True)
class Town:
    """A served town: its address, its instance directory, its accounts. `typed`: what the journeys wrote that no byte at rest may show."""

    url: str
    instance: Path
    accounts: list[dict[str, Any]]
    typed: list[str] = field(default_factory=list)
    _spent: dict[str, int] = field(default_factory=dict)

    @property
    def runtime(self) -> Path:
        """Where the session store lies."""
        return self.instance.with_name("runtime")

    @property
    def log(self) -> Path:
        """All that the server wrote on its two outputs."""
        return self.instance.with_name("server.log")

    def truth(self, cell: str = "") -> list[dict[str, Any]]:
        """The confidential values of each dossier, of all cells or of those whose name ends like this."""
        papers: list[dict[str, Any]] = json.loads((self.instance / "truth.json").read_text(encoding="utf-8"))
        return [paper for paper in papers if paper["cell"].endswith(cell)]

    def secrets(self) -> list[str]:
        """Every confidential value of the town, and what the journeys added."""
        groups = ("names", "phones", "addresses", "notes")
        return [value for paper in self.truth() for group in groups for value in paper[group]] + self.typed

    def account(self, **wanted: str) -> dict[str, Any]:
        """The first account with these values (`position="auditor"`, `profession="school_head"`, `username=…`)."""
        for account in self.accounts:
            if all(account[key] == value for key, value in wanted.items()):
                return account
        raise LookupError(f"the town has no account with {wanted}")

    def code(self, account: dict[str, Any]) -> str:
        """A one-time code that was not used yet. A code works once, so this may wait for the next step."""
        name, secret = account["username"], pyotp.TOTP(account["totp_secret"])
        while True:
            step, used = divmod(time.time(), STEP)
            offered = [int(step) - 1, int(step)] if STEP - used > MARGIN else [int(step)]
            for candidate in offered:
                if candidate > self._spent.get(name, 0):
                    self._spent[name] = candidate
                    return secret.at(candidate * STEP)
            time.sleep(1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def served_town(folder: Path, *, dossiers: int = DOSSIERS) -> Iterator[Town]:
    """Build a town under `folder` and serve it for the length of the block. Raises RuntimeError with the server's own words."""
    port, instance, log = free_port(), folder / "demo", folder / "server.log"
    environment = os.environ | {
        "CASEWORK_INSTANCE": str(instance),
        "CASEWORK_RUNTIME_DIR": str(folder / "runtime"),
        "PORT": str(port),
    }
    environment.pop("CASEWORK_DATABASE_URL", None)
    environment.pop("CASEWORK_PUBLIC_URL", None)
    command = [sys.executable, "-m", "casework.cli.demo", "--dossiers", str(dossiers)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, server, log)
            yield Town(url, instance, json.loads((instance / "accounts.json").read_text(encoding="utf-8")))
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the sign-in page answers. Raises RuntimeError when the server ends or stays silent."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{url}/connexion", timeout=5):  # noqa: S310  # the address is ours, on loopback
                return
        except (URLError, ConnectionError):
            time.sleep(0.3)
    raise RuntimeError(f"the demo town does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")
