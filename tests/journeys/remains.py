"""What a served town keeps when people have left it, and what went over the wire beside its pages: nowhere a value that screens showed."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.tree import ROOT
from tests.canaries import find_canaries
from tests.cli.process import COMMAND
from tests.journeys.town import Town
from tests.journeys.visitor import Wire

PAPERS = {"accounts.json", "truth.json"}
Found = list[tuple[Path, str, str]]


def at_rest(town: Town) -> Found:
    """Values in any byte of the instance folder, the runtime folder and the server's two outputs."""
    files = [path for path in town.instance.rglob("*") if path.is_file() and path.name not in PAPERS]
    assert {"casework.db", "instance.json"} <= {path.name for path in files}
    assert "GET" in town.log.read_text(encoding="utf-8")
    return find_canaries([*files, town.runtime, town.log], town.secrets())


def on_the_wire(town: Town, wire: Wire, folder: Path, around: Iterable[set[str]] = ()) -> Found:
    """Values in an address, a title or a header: whatever a history, a proxy or a log might keep. `folder`: a place to write it down."""
    said = folder / "said"
    said.write_text("\n".join(sorted(wire.said.union(*around))), encoding="utf-8")
    return find_canaries([said], town.secrets())


def verified(town: Town) -> tuple[int, str]:
    """The ledger, leaf by leaf and row by row, beside the running server: 0, or else what is wrong with it."""
    environment = os.environ | {"CASEWORK_INSTANCE": str(town.instance), "CASEWORK_RUNTIME_DIR": str(town.runtime)}
    command = [COMMAND, "ledger", "verify"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
