"""Fixtures: databases with tables and triggers, copied from one that was migrated once in the run."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from casework.cli.db import upgrade

ENGINES = ["sqlite", "postgresql"]
Fresh = Callable[[str], str]


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """`migrated("sqlite")`: the address of a new database at head, without rows."""
    templates: dict[str, str] = {}

    def template(engine: str) -> str:
        if engine not in templates:
            cluster = request.getfixturevalue("postgres_cluster") if engine == "postgresql" else None
            url = cluster.database("migrated") if cluster else f"sqlite:///{tmp_path_factory.mktemp('migrated') / 'template.db'}"
            upgrade(url)
            templates[engine] = url
        return templates[engine]

    def fresh(engine: str) -> str:
        source = template(engine)
        if engine == "postgresql":
            cluster = request.getfixturevalue("postgres_cluster")
            return str(cluster.database(f"copy_{tmp_path_factory.mktemp('name').name}", template="migrated"))
        target = tmp_path_factory.mktemp("copy") / "casework.db"
        shutil.copy(Path(source.removeprefix("sqlite:///")), target)
        return f"sqlite:///{target}"

    return fresh


@pytest.fixture(params=ENGINES)
def migrated_url(request: pytest.FixtureRequest, migrated: Fresh) -> str:
    """A database at head for this test alone, on both engines."""
    return migrated(request.param)
