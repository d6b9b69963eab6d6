"""`casework policy check` names file and line, and exits 1."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.cli.policy import policy
from casework.resources import resource_dir


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A copy of the shipped folder that a test may change."""
    return Path(shutil.copytree(resource_dir("policies"), tmp_path / "policies"))


def run(folder: Path) -> Result:
    return CliRunner().invoke(policy, ["check", "--policies", str(folder)])


def spoil(policies: Path, file: str, old: str, new: str) -> str:
    """Change the first `old`; gives "file:line:" as the command should print it."""
    path = policies / file
    text = path.read_text(encoding="utf-8")
    place = text.index(old)
    path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
    return f"{path}:{text.count(chr(10), 0, place) + 1}:"


def test_the_shipped_law_is_sound() -> None:
    result = CliRunner().invoke(policy, ["check"])
    assert result.exit_code == 0, result.output
    assert result.output.startswith("charter 2026-4+")
    assert result.output.count("\n") == 1


LAW = [
    ("charter.cedar", "permit (principal == ", "permitt (principal == ", "Cedar cannot read"),
    ("charter.cedar", 'Position::"steward"', 'Position::"stewart"', "stewart"),
    ("lists.yaml", "  f:", "\tf:", "not valid YAML"),
    ("programmes.yaml", "compartment: contact", "compartment: contacts", "contacts"),
]
DECISIONS = [
    ("status: archived, kind: identity, verdict: permit", "status: archived, kind: identity, verdict: deny", "expects deny"),
    ("rule: read.steward", "rule: keep.steward", "expects permit by keep.steward"),
    ("kind: judicial, verdict", "kind: justice, verdict", "justice"),
    ("kind: school, verdict", "verdict", "needs a kind"),
    (', source: "D 2.1 : pas à des tiers"', "", "'source' is missing"),
    ("action: record.write, profession: municipal_police", "action: record.wrote, profession: municipal_police", "record.wrote"),
]


@pytest.mark.parametrize(("file", "old", "new", "sentence"), LAW)
def test_a_fault_of_the_law_is_shown_where_it_stands(policies: Path, file: str, old: str, new: str, sentence: str) -> None:
    place = spoil(policies, file, old, new)
    result = run(policies)
    assert result.exit_code == 1
    (line,) = [line for line in result.output.splitlines() if sentence in line]
    # Cedar itself names no line for what it cannot parse: the rule's first line, its @id, is the best there is
    assert line.startswith(place) or "cannot read" in sentence
    assert line.startswith(f"{policies / file}:")


def test_every_fault_of_the_expectations_is_shown_where_it_stands(policies: Path) -> None:
    places = [(spoil(policies, "decisions.yaml", old, new), sentence) for old, new, sentence in DECISIONS]
    result = run(policies)
    assert result.exit_code == 1
    for place, sentence in places:
        assert any(line.startswith(place) and sentence in line for line in result.output.splitlines()), (place, sentence, result.output)
    assert len(result.output.splitlines()) == len(DECISIONS)


def test_a_law_and_its_expectations_that_grew_apart_are_told(policies: Path) -> None:
    """An action without a row, a rule that never decides, and one permit more than the rows expect."""
    rows = (policies / "decisions.yaml").read_text(encoding="utf-8").splitlines()
    (policies / "decisions.yaml").write_text("\n".join(row for row in rows if "action: ring.oversight" not in row), encoding="utf-8")
    with (policies / "charter.cedar").open("a", encoding="utf-8") as law:
        law.write(DEAD + GROWN)
    result = run(policies)
    assert result.exit_code == 1
    assert "the action 'ring.oversight' has no row" in result.output
    assert "the rule 'office.oversight'" in result.output
    assert "the rule 'dead.letter' never decides anything" in result.output
    assert "ledger.read is permitted by grown; this row expects deny by deny.default" in result.output


DEAD = """
@id("dead.letter") @article("Charte, art. 2") @says("Jamais.")
permit (principal, action == Action::"ledger.read", resource) when { false };
"""
GROWN = """
@id("grown") @article("Charte, art. 2") @says("Oups.")
permit (principal == Profession::"coordinator", action == Action::"ledger.read", resource);
"""
