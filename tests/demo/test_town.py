"""The demo town as built: its two papers, what its people read, and what nobody can read without a key."""

import base64
import json
import re
import sqlite3
import stat
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from casework import services
from casework.cli.demo import papers, place
from casework.cli.demo.accompaniment import CALLS
from casework.cli.demo.people import BY_USERNAME, CELLS, PERSONAS
from casework.cli.demo.place import State
from casework.config import Config
from casework.errors import NotFound, SignInRefused
from casework.ledger import headfile
from casework.services import Actor
from casework.services.attention.views import AlertLine
from casework.services.drafts import AccessQuery
from casework.services.offices.passphrases import BITS, suggestion
from casework.services.views import DossierLine
from tests.canaries import ENCODINGS, find_canaries
from tests.demo.towns import COUNT, GROUPS, People, accounts, run, truth

POSITIONS = {"member", "lead", "steward", "elected", "auditor", "dpo", "officer"}


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
    assert len(lines) == COUNT + len(CALLS)
    assert all(list(line) == ["number", "programme", "cell", *GROUPS] for line in lines)
    assert len({line["number"] for line in lines}) == len(lines)
    assert {line["cell"] for line in lines} == {cell.name for cell in CELLS}
    every = [value for line in lines for group in GROUPS for value in line[group]]
    assert every
    assert all(len(value) >= 7 for value in every)
    assert len(set(every)) == len(every)
    public = json.dumps([{**line, "passphrase": ""} for line in accounts(town)], ensure_ascii=False)
    assert not [value for value in every if value in public]
    assert stat.S_IMODE((town.instance / "truth.json").stat().st_mode) == 0o600


def test_every_dossier_of_the_town_is_told(town: Config) -> None:
    """No dossier is in the database that the file does not name, and none is named twice."""
    with closing(sqlite3.connect(f"file:{town.instance / 'casework.db'}?mode=ro", uri=True)) as database:
        numbers = sorted(number for (number,) in database.execute("SELECT number FROM dossier"))
    assert numbers == sorted(line["number"] for line in truth(town))


def test_habilitations_last_six_months_more(town: Config) -> None:
    """Whoever tries the town two seasons later can still sign in, to each cell and office; who left it apart."""
    newest = "SELECT user_id, max(until) FROM habilitation WHERE ended_at IS NULL GROUP BY user_id, cell_id, role"
    with closing(sqlite3.connect(f"file:{town.instance / 'casework.db'}?mode=ro", uri=True)) as database:
        ends = [(user, datetime.fromisoformat(until).replace(tzinfo=UTC)) for user, until in database.execute(newest)]
    assert len({user for user, _ in ends}) == len(PERSONAS)
    assert min(until for _, until in ends) >= datetime.now(UTC) + timedelta(days=183)


def test_passphrases_are_long_enough() -> None:
    """At least 77 bits, by construction and by the look of many."""
    assert BITS >= 77
    drawn = {suggestion() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[a-z]{4,10}(-[a-z]{4,10}){5}", words) for words in drawn)


def lines_of(actor: Actor) -> tuple[DossierLine, ...]:
    """Their list; nothing for those who have none."""
    try:
        return services.dossiers.list_mine(actor).lines
    except NotFound:
        return ()


def readable(actors: Mapping[str, Actor]) -> dict[str, set[str]]:
    """Number -> everything that somebody of the town reads in it, as the screens would show it."""
    found: dict[str, set[str]] = {}
    for actor in actors.values():
        for line in lines_of(actor):
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
            lines = lines_of(people.actors[account["username"]])
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


def test_what_waits_for_somebody_is_a_few_things(town: Config, people: People) -> None:
    """Nine months of alerts were looked at as they came; the newest still wait."""
    waiting = {name: len(alerts_of(actor)) for name, actor in people.actors.items()}
    assert 2 <= max(waiting.values()) <= 4, waiting


def alerts_of(actor: Actor) -> tuple[AlertLine, ...]:
    """What waits in their day; nothing for those who have none."""
    try:
        return services.day.read(actor).alerts
    except NotFound:
        return ()


def test_the_last_act_lies_some_days_back(town: Config) -> None:
    """The head kept after the verification is of that moment; the log verified to its end."""
    age = datetime.now(UTC) - headfile.read_head(town.saved_head).at
    assert timedelta(hours=36) < age < timedelta(days=30)


def test_a_code_works_once(town: Config, people: People) -> None:
    """The codes of the building lie months back, so the first real one was good; the same again is not."""
    account = accounts(town)[0]
    with pytest.raises(SignInRefused):
        services.sign_in(
            people.actors[account["username"]].instance,
            account["username"],
            account["passphrase"],
            people.codes[account["username"]],
            address="elsewhere",
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


@pytest.mark.parametrize("name", sorted(ENCODINGS))
@pytest.mark.parametrize("value", ["Maïwenn", "06 39 98 12 34", " ".join(f"phrase{n}" for n in range(30))])
def test_control_every_encoding_is_found(name: str, value: str, tmp_path: Path) -> None:
    """Whole in the middle of other bytes; a long value also when a page of a database cuts it."""
    written = ENCODINGS[name](value)
    (tmp_path / "whole").write_bytes(b"\x00\xff" + written + b"\xfe")
    assert {(path.name, known) for path, known, _ in find_canaries([tmp_path], [value])} == {("whole", value)}
    assert not find_canaries([tmp_path], [value[::-1]])
    for zeros in range(6):  # as pages of a database have many
        (tmp_path / "whole").write_bytes(zeros * b"\0" + written + zeros * b"\0")
        assert find_canaries([tmp_path], [value]), zeros
    if len(value) > 96:
        (tmp_path / "whole").write_bytes(written[: len(written) // 2] + b"\x00page\x00" + written[len(written) // 2 :])
        assert find_canaries([tmp_path], [value])


def test_control_base64_of_a_longer_text_is_found(tmp_path: Path) -> None:
    """Wherever the value stands in it."""
    for before in range(7):
        (tmp_path / "log").write_bytes(base64.b64encode(b"x" * before + b"Quib\xc3\xa9rac, et la suite"))
        assert find_canaries([tmp_path], ["Quibérac"]), before


def test_a_second_run_keeps_the_town(town: Config) -> None:
    """Nothing is written, whatever size is asked for."""
    before = {
        each.name: each.read_bytes() for each in town.instance.iterdir() if each.is_file() and not each.name.startswith("casework.db")
    }
    assert place.survey(town) is State.FINISHED
    done = run(town, "--prepare", "--dossiers", "9")
    assert done.exit_code == 0
    assert f"{len(truth(town))} dossiers" in done.stderr
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
