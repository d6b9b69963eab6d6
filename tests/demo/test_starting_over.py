"""A town is built whole or not at all, and nothing but a demo town is ever emptied."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from sqlalchemy import make_url

from casework import services
from casework.cli.demo import build as building
from casework.cli.demo import papers, place
from casework.cli.demo.accompaniment import CALLS
from casework.cli.demo.build import Act, BuildFailed
from casework.cli.demo.place import State
from casework.cli.demo.script import plan
from casework.config import Config
from casework.errors import ConfigurationError
from tests.canaries import find_canaries
from tests.demo.towns import build, run, settings, truth
from tests.postgres import Cluster

FEW = 5


@contextmanager
def interrupted_after(acts: Sequence[Act]) -> Iterator[Iterator[Act]]:
    """Somebody presses Ctrl-C after a few acts."""

    def some() -> Iterator[Act]:
        yield from acts[:FEW]
        raise KeyboardInterrupt

    yield some()


def test_two_builders_do_not_meet(elsewhere: Config) -> None:
    """The second one is sent away and touches nothing."""
    config = elsewhere
    with place.under_construction(config), pytest.raises(ConfigurationError, match="en cours"):
        build(config, 1)


@pytest.mark.parametrize("table", ["somebody_s", "ledger_leaf"])
def test_nothing_but_a_demo_town_is_ever_emptied(table: str, tmp_path: Path) -> None:
    """A database with other tables, or an instance that is no demo: refused, with --reset too."""
    config = settings(tmp_path)
    config.instance.mkdir(mode=0o700)
    database = sqlite3.connect(config.instance / "casework.db")
    database.execute(f"CREATE TABLE {table} (seq INTEGER, body BLOB)")
    database.commit()
    database.close()
    done = run(config, "--prepare", "--reset")
    assert done.exit_code == 1
    assert "rien n’y a été changé" in done.stderr
    assert place._tables(config.database_url) == [table]
    assert [each.name for each in config.instance.iterdir()] == ["casework.db"]


def test_an_interrupted_town_is_started_over_and_one_that_leaks_is_not_finished(elsewhere: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control of the builder's own search: a value in clear beside the database stops it loudly, and says no value."""
    config = elsewhere
    begin(config)
    assert not (config.instance / "accounts.json").exists()
    first = (config.instance / "instance.json").read_bytes()
    verify = building._verify_ledger

    def careless(config: Config) -> None:
        verify(config)
        (config.instance / "debug.log").write_text(plan(1, building.SEED)[0].contacts.phones[0], encoding="utf-8")

    monkeypatch.setattr(building, "_verify_ledger", careless)
    with pytest.raises(BuildFailed, match=r"debug\.log à l’octet 0"):
        build(config, 1)
    assert place.survey(config) is State.UNFINISHED
    assert (config.instance / "instance.json").read_bytes() != first, "nothing of the interrupted town stayed"


def test_a_town_on_postgresql_is_started_over(elsewhere: Config, postgres_cluster: Cluster) -> None:
    """Interrupted, then whole, then begun anew: each time in an emptied schema, and no value of the whole town in the server's files."""
    config = replace(elsewhere, database_url=postgres_cluster.create_database())
    begin(config)
    build(config, 1)
    assert place.survey(config) is State.FINISHED
    assert len(truth(config)) == 1 + len(CALLS)
    values = papers.values(truth(config))
    assert on_server(config, "SELECT * FROM meeting")
    on_server(config, "CHECKPOINT")
    assert not find_canaries([postgres_cluster.data], values)
    begin(config)
    assert on_server(config, "SELECT * FROM meeting") == 0, "of the former town nothing is left"
    on_server(config, "CREATE TABLE planted AS SELECT %s::text AS body", min(values))
    on_server(config, "CHECKPOINT")
    assert {value for _, value, _ in find_canaries([postgres_cluster.data], values)} == {min(values)}


def begin(config: Config) -> None:
    """Build a town and be interrupted soon after."""
    with pytest.raises(KeyboardInterrupt):
        build(config, 1, show=interrupted_after)
    assert place.survey(config) is State.UNFINISHED


def on_server(config: Config, statement: LiteralString, *parameters: str) -> int:
    """One statement, committed, past the application; how many rows it found."""
    address = make_url(config.database_url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        return connection.execute(statement, parameters).rowcount


def test_an_instance_that_is_no_demo_is_never_emptied(elsewhere: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Founded in the same way but for one word of its first leaf."""
    found = services.foundation.found
    monkeypatch.setattr(services.foundation, "found", lambda config, **given: found(config, **{**given, "demo": False}))
    with pytest.raises(KeyboardInterrupt):
        build(elsewhere, 1, show=interrupted_after)
    with pytest.raises(ConfigurationError, match="rien n’y a été changé"):
        build(elsewhere, 1)
    assert (elsewhere.instance / "casework.db").exists()
