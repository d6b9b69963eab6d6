"""The `casework` command as somebody would run it: another folder, an environment and (but for `call`) a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from casework.cli import main, server
from tests.journeys.town import free_port

COMMAND = str(Path(sys.executable).with_name("casework"))
Done = subprocess.CompletedProcess[str]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Ours without any setting of the application, with these: what another test of this process set is nobody's."""
    return {name: value for name, value in os.environ.items() if name != "PORT" and not name.startswith("CASEWORK_")} | dict(settings)


def run(*words: str, settings: Mapping[str, str], cwd: Path) -> Done:
    """Run a command to its end."""
    return subprocess.run([COMMAND, *words], env=environment(settings), cwd=cwd, capture_output=True, text=True, check=False, timeout=120)


def call(*words: str, settings: Mapping[str, str], cwd: Path) -> Done:
    """The same command without a process of its own, for what ends before anything is served. Raises AssertionError where it serves."""
    environ = mock.patch.dict(os.environ, environment(settings), clear=True)
    serving_fails = mock.patch.object(server, "run", side_effect=AssertionError("it was not refused"))
    with environ, serving_fails, chdir(cwd):
        result = CliRunner().invoke(main, words, catch_exceptions=False)
    return Done(words, result.exit_code, result.stdout, result.stderr)


def refused(done: Done, *words: str) -> None:
    """Exit code 2, and one sentence on standard error that holds these words: no traceback, nothing served."""
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 2, done.stderr
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("casework: ")
    for word in words:
        assert word in lines[0]


@dataclass(slots=True)
class Served:
    """A running server. `log`: what it wrote to standard error so far."""

    port: int
    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self) -> str:
        """Its lines."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving(folder: Path, settings: Mapping[str, str], *words: str, program: Sequence[str] = (COMMAND,)) -> Iterator[Served]:
    """`casework serve` on a free port, once it answers. Raises RuntimeError with its own words when it does not.

    program: what stands for `casework` on the command line.
    """
    port, log = free_port(), folder / "server.log"
    with log.open("wb") as output:
        command = [*program, "serve", "--port", str(port), *words]
        process = subprocess.Popen(command, env=environment(settings), cwd=folder, stdout=output, stderr=output)
        try:
            wait(port, process, log)
            yield Served(port, process, log)
        finally:
            process.terminate()
            process.wait(timeout=60)


def wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until somebody listens there: what comes earlier than the workers waits for them."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=5).close()
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text(encoding="utf-8"))
