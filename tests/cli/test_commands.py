"""The commands that touch the database, from any folder and in any number."""

import subprocess
from pathlib import Path

import pytest

from casework.cli import db
from tests.cli.conftest import Settings
from tests.cli.process import COMMAND, environment, run


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """An instance before its first command."""
    named = {"CASEWORK_INSTANCE": str(tmp_path / "instance")}
    if request.param == "postgresql":
        named["CASEWORK_DATABASE_URL"] = request.getfixturevalue("postgres_cluster").create_database()
    return named


def test_two_upgrades_at_once(empty: Settings, elsewhere: Path) -> None:
    """Both end well, one of them with nothing to do; the folder and the file are ours alone."""
    command = [COMMAND, "db", "upgrade"]
    both = [subprocess.Popen(command, env=environment(empty), cwd=elsewhere, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    instance = Path(empty["CASEWORK_INSTANCE"])
    db.require_head(empty.get("CASEWORK_DATABASE_URL") or f"sqlite:///{instance}/casework.db")
    if "CASEWORK_DATABASE_URL" not in empty:
        assert instance.stat().st_mode & 0o777 == 0o700
        assert (instance / "casework.db").stat().st_mode & 0o777 == 0o600


def test_sweep_and_verify(settings: Settings, elsewhere: Path) -> None:
    """The sweep says what went and the log verifies; every habilitation of the house may have ended by the machine's clock."""
    swept = run("jobs", "sweep", settings=settings, cwd=elsewhere)
    assert swept.returncode == 0, swept.stderr
    assert swept.stdout.startswith("Swept: ")
    verified = run("ledger", "verify", settings=settings, cwd=elsewhere)
    assert verified.returncode == 0, verified.stdout


def test_help_and_version(elsewhere: Path) -> None:
    """Every command is there, without an instance."""
    shown = run("--help", settings={}, cwd=elsewhere).stdout
    assert all(word in shown for word in ("db", "jobs", "ledger", "policy", "serve"))
    assert "version" in run("--version", settings={}, cwd=elsewhere).stdout
