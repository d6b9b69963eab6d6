"""The demo town as built: its two papers, what its people can read, what nobody can read without a key, and starting over."""

import json
import re
import shutil
import sqlite3
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import make_url

from casework import services
from casework.cli.db import upgrade
from casework.cli.demo import __main__ as command
from casework.cli.demo import build as building
from casework.cli.demo import papers, place
from casework.cli.demo.build import Act, BuildFailed
from casework.cli.demo.passphrases import BITS, passphrase
from casework.cli.demo.people import BY_USERNAME, CELLS, PERSONAS
from casework.cli.demo.place import State
from casework.cli.demo.script import plan
from casework.config import Config, load_config
from casework.errors import ConfigurationError, NotFound, SignInRefused
from casework.ledger import headfile
from casework.services import Actor, Instance
from casework.services.drafts import AccessQuery
from casework.vault.passphrase import Hashing
from tests.canaries import find_canaries
from tests.postgres import Cluster

COUNT = 8
CHEAP = Hashing(memory_kib=64, iterations=1, lanes=1)
GROUPS = ("names", "phones", "addresses", "notes")
POSITIONS = {"member", "lead", "steward", "elected", "auditor", "dpo", "officer"}


def settings(folder: Path, database_url: str | None = None) -> Config:
    """Settings of a town in that folder."""
    chosen = {"CASEWORK_INSTANCE": str(folder / "town"), "CASEWORK_RUNTIME_DIR": str(folder / "run")}
    return load_config(chosen | ({"CASEWORK_DATABASE_URL": database_url} if database_url else {}))


def build(config: Config, dossiers: int = COUNT, **changes: Any) -> None:
    """Build with cheap passphrase hashes."""
    building.build(config, dossiers=dossiers, migrate=upgrade, hashing=CHEAP, **changes)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """A town of eight dossiers on SQLite, built once; tests only read it. Beside it, `built`: how the builder left it."""
    config = settings(tmp_path_factory.mktemp("demo"))
    build(config)
    shutil.copytree(config.instance, config.instance.with_name("built"))
    return config


@pytest.fixture
def elsewhere(tmp_path: Path, town: Config) -> Config:
    """Another, empty place, which need not evaluate the charter again."""
    return prepared(settings(tmp_path), town)


def prepared(config: Config, town: Config) -> Config:
    """The place with a copy of the decision table."""
    config.instance.mkdir(mode=0o700)
    shutil.copytree(town.policies_cache, config.policies_cache)
    return config


def accounts(config: Config) -> list[dict[str, Any]]:
    """What accounts.json says."""
    return papers.read(config.instance / "accounts.json")


def truth(config: Config) -> list[dict[str, Any]]:
    """What truth.json says."""
    return papers.read(config.instance / "truth.json")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody of the town, signed in today with what accounts.json says; the codes they used."""

    actors: Mapping[str, Actor]
    codes: Mapping[str, str]

    def by_position(self, config: Config, position: str) -> Actor:
        """The first person of that position."""
        return next(self.actors[each["username"]] for each in accounts(config) if each["position"] == position)


@pytest.fixture(scope="module")
def people(town: Config) -> Iterator[People]:
    """Signed in once for all tests: a code works once."""
    instance = Instance.open(town, hashing=CHEAP)
    kept, now = accounts(town), datetime.now(UTC)
    codes = {each["username"]: pyotp.TOTP(each["totp_secret"]).at(now) for each in kept}
    try:
        yield People(
            {each["username"]: services.sign_in(instance, each["username"], each["passphrase"], codes[each["username"]]) for each in kept},
            codes,
        )
    finally:
        instance.close()


def test_accounts_have_the_agreed_shape(town: Config) -> None:
    """One line for each persona, readable by us alone."""
    lines = accounts(town)
    assert {line["username"] for line in lines} == set(BY_USERNAME)
    keys = ["username", "passphrase", "totp_secret", "name", "profession", "institution", "position", "cells"]
    assert all(list(line) == keys for line in lines)
    assert {line["position"] for line in lines} == POSITIONS
    assert {line["profession"] for line in lines} == {persona.profession for persona in PERSONAS}
    assert {cell for line in lines for cell in line["cells"]} == {cell.name for cell in CELLS}
    assert len({line["passphrase"] for line in lines}) == len(lines)
    assert all(re.fullmatch(r"[A-Z2-7]{32}", line["totp_secret"]) for line in lines)
    assert stat.S_IMODE((town.instance / "accounts.json").stat().st_mode) == 0o600


def test_truth_has_the_agreed_shape(town: Config) -> None:
    """One line for each dossier; values of seven characters or more, each of one dossier and of no account, readable by us alone."""
    lines = truth(town)
    assert len(lines) == COUNT
    assert all(list(line) == ["number", "programme", "cell", *GROUPS] for line in lines)
    assert len({line["number"] for line in lines}) == COUNT
    assert {line["cell"] for line in lines} == {cell.name for cell in CELLS}
    every = [value for line in lines for group in GROUPS for value in line[group]]
    assert every
    assert all(len(value) >= 7 for value in every)
    assert len(set(every)) == len(every)
    public = json.dumps([{**line, "passphrase": ""} for line in accounts(town)], ensure_ascii=False)
    assert not [value for value in every if value in public]
    assert stat.S_IMODE((town.instance / "truth.json").stat().st_mode) == 0o600


def test_passphrases_are_long_enough() -> None:
    """At least 77 bits, by construction and by the look of many."""
    assert BITS >= 77
    drawn = {passphrase() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[a-z]{4,10}(-[a-z]{4,10}){5}", words) for words in drawn)


def readable(actors: Mapping[str, Actor]) -> dict[str, set[str]]:
    """Number -> everything that somebody of the town reads in it, as the screens would show it."""
    found: dict[str, set[str]] = {}
    for actor in actors.values():
        try:
            first = services.dossiers.list_mine(actor)
        except NotFound:
            continue
        for line in first.lines:
            view = services.dossiers.open(actor, line.number)
            fields = {field.value for section in view.sections for field in section.fields}
            found.setdefault(line.number, set()).update(fields, (entry.body for entry in view.timeline))
    return found


def test_every_value_is_read_by_somebody_exactly_as_it_is_told(town: Config, people: People) -> None:
    """Today, nine months later, with the accounts and codes that the file gives."""
    found = readable(people.actors)
    told = {line["number"]: {value for group in GROUPS for value in line[group]} for line in truth(town)}
    assert not {number: values - found[number] for number, values in told.items() if values - found[number]}


def test_a_lead_leads_and_a_member_does_not(town: Config, people: People) -> None:
    """The position told is the one the application knows."""
    for account in accounts(town):
        if account["position"] in {"lead", "member"}:
            lines = services.dossiers.list_mine(people.actors[account["username"]]).lines
            leading = any(line.status.code == "open" and line.lead == account["name"] for line in lines)
            assert leading == (account["position"] == "lead"), account["username"]


def test_the_auditor_finds_months_of_ordinary_life(town: Config, people: People) -> None:
    """Acts of nine months, nothing in the future; somebody tried a dossier of another cell, somebody mistyped a code."""
    auditor = people.by_position(town, "auditor")
    newest = services.accesses.read(auditor, AccessQuery())
    oldest = services.accesses.read(auditor, AccessQuery(page=newest.pages)).lines[-1]
    refused = services.accesses.read(auditor, AccessQuery(outcome="refused")).lines
    assert 270 < (newest.lines[0].at - oldest.at).days < 280
    assert newest.lines[0].at <= datetime.now(UTC)
    assert any(line.dossiers for line in refused)
    assert any(not line.dossiers for line in refused)


def test_the_last_act_lies_some_days_back(town: Config) -> None:
    """The head kept after the verification is of that moment; the log verified to its end."""
    age = datetime.now(UTC) - headfile.read_head(town.saved_head).at
    assert timedelta(days=3) < age < timedelta(days=30)


def test_a_code_works_once(town: Config, people: People) -> None:
    """The codes of the building lie months back, so the first real one was good; the same again is not."""
    account = accounts(town)[0]
    with pytest.raises(SignInRefused):
        services.sign_in(
            people.actors[account["username"]].instance, account["username"], account["passphrase"], people.codes[account["username"]]
        )


def test_no_value_in_any_byte_at_rest(town: Config, people: People) -> None:
    """How the builder left it, and after people have read: instance and sessions, the two papers apart, in fourteen encodings."""
    values, built = papers.values(truth(town)), town.instance.with_name("built")
    readable(people.actors)
    places = [each for folder in (built, town.instance, town.runtime_dir) for each in folder.rglob("*") if each.is_file()]
    files = [each for each in places if each.name not in {"accounts.json", "truth.json"}]
    assert {"casework.db", "instance.json", "ledger-head.json", "sessions.db", "pepper"} <= {each.name for each in files}
    assert not list(built.glob("casework.db-*"))
    assert not find_canaries(files, values)


def test_control_what_is_planted_is_found(town: Config, tmp_path: Path) -> None:
    """The same search finds the papers themselves, and one value written into a database as an application would that seals nothing."""
    values = papers.values(truth(town))
    found = {value for _, value, _ in find_canaries([town.instance / "truth.json"], values)}
    assert found == values
    planted = next(iter(sorted(values)))
    database = sqlite3.connect(tmp_path / "plain.db")
    database.execute("CREATE TABLE note (body TEXT)")
    database.execute("INSERT INTO note VALUES (?)", (planted,))
    database.commit()
    database.close()
    assert [(path.name, value) for path, value, _ in find_canaries([tmp_path], values)] == [("plain.db", planted)]
    assert papers.leaks(tmp_path, values)


def test_a_second_run_keeps_the_town(town: Config) -> None:
    """Nothing is written, whatever size is asked for."""
    before = {
        each.name: each.read_bytes() for each in town.instance.iterdir() if each.is_file() and not each.name.startswith("casework.db")
    }
    assert place.survey(town) is State.FINISHED
    done = run(town, "--prepare", "--dossiers", "9")
    assert done.exit_code == 0
    assert f"{COUNT} dossiers" in done.stderr
    assert "--reset" in done.stderr
    after = {each.name: each.read_bytes() for each in town.instance.iterdir() if each.is_file() and not each.name.startswith("casework.db")}
    assert after == before


def test_the_command_says_how_to_sign_in(town: Config) -> None:
    """User names, passphrases, functions; that it is fiction; never a followed person."""
    said = run(town, "--prepare").stdout
    assert all(each["username"] in said and each["passphrase"] in said for each in accounts(town))
    assert "fictive" in said
    assert not [value for value in papers.values(truth(town)) if value in said]


def test_a_code_alone_on_standard_output(town: Config) -> None:
    """Six digits there, the seconds elsewhere; an unknown account is one sentence."""
    account = accounts(town)[0]
    done = run(town, "--code", account["username"])
    assert re.fullmatch(r"\d{6}\n", done.stdout)
    assert re.search(r"\d+ s", done.stderr)
    assert pyotp.TOTP(account["totp_secret"]).verify(done.stdout.strip(), valid_window=1)
    unknown = run(town, "--code", "personne")
    assert (unknown.exit_code, unknown.stdout) == (1, "")


def run(config: Config, *arguments: str) -> Any:
    """The command, as scripts/demo runs it."""
    environment = {"CASEWORK_INSTANCE": str(config.instance), "CASEWORK_RUNTIME_DIR": str(config.runtime_dir), "PORT": "8123"}
    return CliRunner().invoke(command.main, arguments, env=environment | {"CASEWORK_DATABASE_URL": config.database_url})


@contextmanager
def interrupted_after(acts: Sequence[Act]) -> Iterator[Iterator[Act]]:
    """Somebody presses Ctrl-C in the middle."""

    def some() -> Iterator[Act]:
        yield from acts[: len(acts) // 2]
        raise KeyboardInterrupt

    yield some()


def test_an_interrupted_town_is_started_over(elsewhere: Config) -> None:
    """It is noticed, nothing of it stays, and the next one is whole."""
    config = elsewhere
    with pytest.raises(KeyboardInterrupt):
        build(config, 2, show=interrupted_after)
    assert place.survey(config) is State.UNFINISHED
    assert not (config.instance / "accounts.json").exists()
    first = (config.instance / "instance.json").read_bytes()
    build(config, 2)
    assert place.survey(config) is State.FINISHED
    assert (config.instance / "instance.json").read_bytes() != first
    assert len(truth(config)) == 2


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


def test_a_town_that_leaks_is_not_finished(elsewhere: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positive control of the builder's own search: a value in clear beside the database stops it loudly, and says no value."""
    config = elsewhere
    verify = building._verify_ledger

    def careless(config: Config) -> None:
        verify(config)
        (config.instance / "debug.log").write_text(plan(1, building.SEED)[0].contacts.phones[0], encoding="utf-8")

    monkeypatch.setattr(building, "_verify_ledger", careless)
    with pytest.raises(BuildFailed, match=r"debug\.log à l’octet 0"):
        build(config, 1)
    assert place.survey(config) is State.UNFINISHED


def test_a_town_on_postgresql_is_started_over(elsewhere: Config, postgres_cluster: Cluster) -> None:
    """Interrupted, then whole, then reset: each time in an emptied schema, and no value in the server's files."""
    config = replace(elsewhere, database_url=postgres_cluster.create_database())
    with pytest.raises(KeyboardInterrupt):
        build(config, 1, show=interrupted_after)
    assert place.survey(config) is State.UNFINISHED
    for _ in range(2):
        build(config, 1)
        assert place.survey(config) is State.FINISHED
    values = papers.values(truth(config))
    on_server(config, "CHECKPOINT")
    assert not find_canaries([postgres_cluster.data], values)
    on_server(config, "CREATE TABLE planted AS SELECT %s::text AS body", min(values))
    on_server(config, "CHECKPOINT")
    assert {value for _, value, _ in find_canaries([postgres_cluster.data], values)} == {min(values)}


def on_server(config: Config, statement: LiteralString, *parameters: str) -> None:
    """One statement, committed, past the application."""
    address = make_url(config.database_url).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement, parameters)


def test_an_instance_that_is_no_demo_is_never_emptied(elsewhere: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """Founded in the same way but for one word of its first leaf."""
    found = services.foundation.found
    monkeypatch.setattr(services.foundation, "found", lambda config, **given: found(config, **{**given, "demo": False}))
    build(elsewhere, 1)
    with pytest.raises(ConfigurationError, match="rien n’y a été changé"):
        build(elsewhere, 1)
    assert (elsewhere.instance / "casework.db").exists()
