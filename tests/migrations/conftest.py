"""An empty database on the same engine as `migrated_url`."""

from pathlib import Path

import pytest


@pytest.fixture
def database_url_beside(migrated_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Without any table."""
    if migrated_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'beside.db'}"
    return str(request.getfixturevalue("postgres_cluster").create_database())
