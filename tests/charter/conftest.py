"""The shipped law, read once, and a way to spoil a copy of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casework.charter import Charter
from casework.charter.loading import Sources, assemble, read_sources
from casework.charter.table import Table, build
from casework.resources import resource_dir

Spoil = Callable[[str, str, str], tuple[Path, int]]


@pytest.fixture(scope="session")
def shipped() -> Path:
    """The policies folder as it ships."""
    return resource_dir("policies")


@pytest.fixture(scope="session")
def sources(shipped: Path) -> Sources:
    """The shipped law, read."""
    return read_sources(shipped)


@pytest.fixture(scope="session")
def table(sources: Sources) -> Table:
    """The shipped law, evaluated once for all tests: it takes a second or two."""
    return build(sources.law, sources.vocabulary, sources.programmes)


@pytest.fixture(scope="session")
def charter(sources: Sources, table: Table) -> Charter:
    """The shipped charter."""
    return assemble(sources, table.rows)


@pytest.fixture
def policies(shipped: Path, tmp_path: Path) -> Path:
    """A copy of the shipped folder that a test may change."""
    return Path(shutil.copytree(shipped, tmp_path / "policies"))


@pytest.fixture
def spoil(policies: Path) -> Spoil:
    """Replace the first `old` by `new` in a file of the copy; gives the folder and the line of the change."""

    def change(file: str, old: str, new: str) -> tuple[Path, int]:
        path = policies / file
        text = path.read_text(encoding="utf-8")
        place = text.index(old)
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
        return policies, text.count("\n", 0, place) + 1

    return change
