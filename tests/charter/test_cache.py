"""A cached table saves time and is never believed against the law."""

import json
import logging
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.charter import Charter, Situation, load, loading
from casework.charter import cache as table_cache
from casework.charter.table import Table

FORBIDDEN = Situation("auditor", "none", "fragility", "open", "identity")
Document = dict[str, Any]


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch, table: Table) -> list[int]:
    """Grows by one whenever the law would be evaluated; the answer is the shipped law's real table, evaluated once."""
    counted: list[int] = []

    def build(*parts: object) -> Table:
        counted.append(len(parts))
        return table

    monkeypatch.setattr(loading, "build", build)
    return counted


@pytest.fixture
def folder(shipped: Path, tmp_path: Path, builds: list[int]) -> Path:
    """A folder with the table of the shipped law, written by a first start."""
    load(shipped, tmp_path / "cache")
    builds.clear()
    return tmp_path / "cache"


def grant_everything(document: Document) -> None:
    last = max(number for numbers in document["rows"].values() for number in numbers)  # the last rule permits
    document["rows"] = {action: [last] * len(numbers) for action, numbers in document["rows"].items()}


def sign_again(document: Document) -> None:
    document["checksum"] = table_cache._checksum(document["head"], document["rows"])


def other_law(document: Document) -> None:
    document["head"]["policies"] = "0" * 64
    sign_again(document)


def other_cedar(document: Document) -> None:
    document["head"]["cedarpy"] = "4.0.0"
    sign_again(document)


def other_format(document: Document) -> None:
    document["head"]["format"] = 0
    sign_again(document)


def cut_short(document: Document) -> None:
    document["rows"]["compartment.read"].pop()
    sign_again(document)


def unknown_rule(document: Document) -> None:
    document["rows"]["compartment.read"][0] = 999
    sign_again(document)


def true_for_one(document: Document) -> None:
    document["rows"]["compartment.read"][0] = True
    sign_again(document)


def no_rows(document: Document) -> None:
    del document["rows"]


def test_a_second_start_does_not_evaluate_again(shipped: Path, folder: Path, builds: list[int], charter: Charter) -> None:
    again = load(shipped, folder)
    assert builds == []
    assert again.decisions == charter.decisions


def test_the_table_is_ours_alone(folder: Path) -> None:
    assert stat.S_IMODE((folder / table_cache.CACHE_FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [table_cache.CACHE_FILE]


@pytest.mark.parametrize("damage", [grant_everything, other_law, other_cedar, other_format, cut_short, unknown_rule, true_for_one, no_rows])
def test_a_damaged_or_outdated_table_is_built_again(
    shipped: Path, folder: Path, builds: list[int], charter: Charter, damage: Callable[[Document], None]
) -> None:
    path = folder / table_cache.CACHE_FILE
    whole = path.read_bytes()
    document = json.loads(whole)
    damage(document)
    path.write_text(json.dumps(document))
    assert load(shipped, folder).decisions == charter.decisions
    assert len(builds) == 1
    assert path.read_bytes() == whole, "the good table is back"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_a_file_that_is_no_table_is_built_again(shipped: Path, folder: Path, builds: list[int], body: bytes) -> None:
    (folder / table_cache.CACHE_FILE).write_bytes(body)
    assert not load(shipped, folder).check("compartment.read", FORBIDDEN).permitted
    assert len(builds) == 1


def test_a_table_others_may_write_is_not_believed(shipped: Path, folder: Path, builds: list[int]) -> None:
    (folder / table_cache.CACHE_FILE).chmod(0o666)
    load(shipped, folder)
    assert len(builds) == 1


def test_control_a_believed_table_does_decide(shipped: Path, folder: Path, builds: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / table_cache.CACHE_FILE
    document = json.loads(path.read_bytes())
    grant_everything(document)
    path.write_text(json.dumps(document))
    monkeypatch.setattr(table_cache, "_checksum", lambda *_: document["checksum"])
    assert load(shipped, folder).check("compartment.read", FORBIDDEN).permitted
    assert builds == []


def test_a_changed_law_is_evaluated(policies: Path, tmp_path: Path, builds: list[int]) -> None:
    load(policies, tmp_path / "cache")
    (policies / "charter.md").write_text("# Charte\n", encoding="utf-8")
    load(policies, tmp_path / "cache")
    assert len(builds) == 2


def test_a_folder_that_cannot_be_written_costs_only_time(
    shipped: Path, tmp_path: Path, charter: Charter, builds: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        assert load(shipped, tmp_path / "cache").decisions == charter.decisions
    assert "could not be cached" in caplog.text
    assert len(builds) == 1


def test_a_first_start_without_a_stand_in_evaluates_the_law(shipped: Path, tmp_path: Path, charter: Charter) -> None:
    assert load(shipped, tmp_path / "cache").decisions == charter.decisions
    assert (tmp_path / "cache" / table_cache.CACHE_FILE).is_file()
