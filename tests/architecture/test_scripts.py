"""The commands of a fresh machine: they parse, they can be run, and what they cannot install they name."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, kept_files, text_of

SCRIPTS = [path for path in kept_files() if path.relative_to(ROOT).parts[0] in {"scripts", ".ci"} and path.suffix in {"", ".sh"}]
NAMES = [path.relative_to(ROOT).as_posix() for path in SCRIPTS]


def bash(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run bash with nothing to read."""
    return subprocess.run(["bash", *arguments], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("path", SCRIPTS, ids=NAMES)
def test_a_script_parses_and_can_be_run(path: Path) -> None:
    """Commands are executable and stop at the first error; files to be sourced are not executable."""
    assert bash("-n", str(path)).returncode == 0
    command = text_of(path).startswith("#!/usr/bin/env bash\n")
    assert command == os.access(path, os.X_OK) == (path.suffix == "")
    assert not command or "\nset -euo pipefail\n" in text_of(path)


@pytest.mark.parametrize(
    ("need", "package"),
    [
        ("find_initdb() { false; }; need_postgresql", "postgresql"),
        ("find_headless() { false; }; need_headless", "chromium"),
        ("VENV=/nowhere; find_python() { false; }; make_venv", "python3-venv"),
    ],
)
def test_what_is_missing_is_named(need: str, package: str) -> None:
    """Without the right to install: a failure with the package's name, and no attempt."""
    result = bash("-euc", f". scripts/lib.sh; . scripts/test_needs.sh; may_install() {{ false; }}; {need}")
    assert result.returncode == 1
    assert package in result.stderr
    assert "Install the system package" in result.stderr


@pytest.mark.parametrize(("test", "prove", "expected"), [(0, 0, 0), (1, 0, 1), (0, 1, 1)])
def test_ci_fails_when_either_half_fails(tmp_path: Path, test: int, prove: int, expected: int) -> None:
    """The real .ci/run over two halves that end as they are told."""
    (tmp_path / "scripts").mkdir()
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    for name, code in {"test": test, "prove": prove}.items():
        script = tmp_path / "scripts" / name
        script.write_text(f"#!/bin/sh\necho ran {name}\nexit {code}\n", encoding="utf-8")
        script.chmod(0o755)
    result = bash(".ci/run", cwd=tmp_path)
    assert result.returncode == expected
    assert ("ran prove" in result.stdout) == (test == 0)
