"""`casework ledger`: what an administrator and a witness see, without any key."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from casework import ledger
from casework.cli import main
from casework.errors import ConfigurationError
from casework.ledger import headfile
from casework.models.base import Base
from casework.models.database import Database
from tests.ledger.model import GENESIS, START, leaf


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance's directory with a log of four leaves, named by the environment."""
    monkeypatch.setenv("CASEWORK_INSTANCE", str(tmp_path))
    monkeypatch.delenv("CASEWORK_DATABASE_URL", raising=False)
    database = Database(f"sqlite:///{tmp_path / 'casework.db'}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        ledger.genesis(session, GENESIS, at=START, charter="2026-1")
    add(database, 3)
    database.close()
    return tmp_path


def add(database: Database, count: int) -> None:
    for number in range(1, count + 1):
        with database.writing() as session:
            ledger.append(session, leaf(number, at=datetime.now(UTC)))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["ledger", *arguments])


def attack(instance: Path, *statements: str) -> None:
    engine = create_engine(f"sqlite:///{instance / 'casework.db'}")
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture
def grown(instance: Path) -> Path:
    """Verified at four leaves, then grown by two."""
    assert run("verify").exit_code == 0
    database = Database(f"sqlite:///{instance / 'casework.db'}")
    add(database, 2)
    database.close()
    return instance


def test_verified_head_is_saved_privately_and_moves_forward(grown: Path) -> None:
    saved = grown / "ledger-head.json"
    assert json.loads(saved.read_text())["size"] == 4
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert run("verify").exit_code == 0
    assert json.loads(saved.read_text())["size"] == 6
    assert not list(grown.glob("*.new"))


def test_saved_head_never_moves_back(tmp_path: Path) -> None:
    path = tmp_path / "head.json"
    large, small = ledger.Head(9, "ab" * 32, START), ledger.Head(8, "cd" * 32, START)
    headfile.save_head(path, large)
    headfile.save_head(path, small)
    assert headfile.read_head(path) == large


def test_changed_log_ends_with_1_and_leaves_the_saved_head(grown: Path) -> None:
    before = (grown / "ledger-head.json").read_bytes()
    attack(grown, "UPDATE ledger_leaf SET actor = 'x' WHERE seq = 2")
    result = run("verify")
    assert result.exit_code == 1
    assert "leaf.column" in result.output
    assert (grown / "ledger-head.json").read_bytes() == before


def test_head_of_a_witness_finds_what_the_instance_forgot(grown: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever owns the server cuts the log, its head and the saved head; the witness still knows."""
    witness = tmp_path_factory.mktemp("witness") / "head.json"
    printed = run("head")
    witness.write_text(printed.output)
    assert headfile.read_head(witness).size == 6
    (grown / "casework.db").unlink()
    (grown / "ledger-head.json").unlink()
    database = Database(f"sqlite:///{grown / 'casework.db'}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        ledger.genesis(session, GENESIS, at=START, charter="2026-1")
    database.close()
    found = run("verify", "--head", str(witness))
    assert found.exit_code == 1
    assert "saved.size" in found.output
    assert run("verify").exit_code == 0  # the control: without the witness nothing is missing


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"size":"1","root":"00","at":"x"}', '{"size":1,"root":"00","at":"2026-03-02T08:30:00.000000Z"}']
)
def test_file_that_is_no_head_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "head.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError):
        headfile.read_head(path)


def test_missing_database_or_table_is_one_sentence(instance: Path) -> None:
    attack(instance, "DROP TABLE ledger_leaf")
    assert (run("verify").exit_code, run("head").exit_code) == (2, 0)
    (instance / "casework.db").unlink()
    result = run("verify")
    assert result.exit_code == 2
    assert "CASEWORK_INSTANCE" in result.output
    assert not (instance / "casework.db").exists()
