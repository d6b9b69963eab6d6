"""A demo town of the run's own: built and served by the same command as `scripts/demo`, on a free port."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.error import URLError
from urllib.request import urlopen

import pyotp
from click.testing import CliRunner

from casework import services
from casework.cli.demo import __main__ as command
from casework.cli.demo import build as building
from casework.config import load_config
from casework.services import Instance
from tests.architecture.tree import ROOT
from tests.house import CHEAP

STEP = 30  # seconds that a one-time code is the current one
MARGIN = 5  # seconds left in a step under which the previous code is not offered any more
PATIENCE = 600  # seconds for building the town and answering, on a machine that does other things as well
DOSSIERS = 44
"""More than a page of the list, for the steward who keeps both cells; fewer make the build shorter."""


@dataclass
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

    @cached_property
    def inside(self) -> Instance:
        """The same instance, opened beside the server."""
        settings = {name: value for name, value in environment_of(self.instance.parent).items() if value is not None}
        return Instance.open(load_config(settings))

    def session(self, account: dict[str, Any]) -> str:
        """What the browser of somebody who has just signed in keeps in its cookie: begun by the application's own verbs."""
        return services.sessions.start(
            services.sign_in(self.inside, account["username"], account["passphrase"], self.code(account), address="192.0.2.1")
        )

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


def built_once(shared: Path) -> Path:
    """A town under `shared` that nobody serves, to copy from: whichever worker of the run asks first builds it, the others wait for it.

    By the demo's own command, but for cheap passphrase hashes: an account keeps the cost it was made with, so signing in is cheap as well.
    """
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock, mock.patch.object(building, "Hashing", return_value=CHEAP):
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = CliRunner().invoke(command.main, ["--prepare", "--dossiers", str(DOSSIERS)], env=environment_of(shared))
    assert done.exit_code == 0, done.output
    return shared


def environment_of(folder: Path) -> dict[str, str | None]:
    """Where a town under `folder` stands, and none of what may stand around."""
    places = {"CASEWORK_INSTANCE": str(folder / "demo"), "CASEWORK_RUNTIME_DIR": str(folder / "runtime")}
    return {**places, "CASEWORK_DATABASE_URL": None, "CASEWORK_PUBLIC_URL": None}


@contextmanager
def served_town(folder: Path, *, dossiers: int = DOSSIERS, built: Path | None = None) -> Iterator[Town]:
    """Serve a town under `folder` for the length of the block: a copy of the one that is built, or one built for it.

    Raises RuntimeError with the server's own words.
    """
    if built is not None:
        shutil.copytree(built, folder, dirs_exist_ok=True)
    port, instance, log = free_port(), folder / "demo", folder / "server.log"
    chosen = environment_of(folder) | {"PORT": str(port)}
    environment = {name: value for name, value in (os.environ | chosen).items() if value is not None}
    serve = [sys.executable, "-m", "casework.cli.demo", "--dossiers", str(dossiers)]
    with log.open("wb") as output:
        server = subprocess.Popen(serve, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, server, log)
            served = Town(url, instance, json.loads((instance / "accounts.json").read_text(encoding="utf-8")))
            yield served
            if "inside" in vars(served):
                served.inside.close()
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
        except (URLError, ConnectionError, TimeoutError):  # not there yet, or the machine is busy
            time.sleep(0.3)
    raise RuntimeError(f"the demo town does not answer:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")
