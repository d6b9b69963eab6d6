"""A founded instance on disk, as another process finds it."""

from pathlib import Path

import pytest

from tests.house import House

Settings = dict[str, str]


@pytest.fixture
def settings(fresh_house: House) -> Settings:
    """The environment that names the instance of a closed house."""
    config = fresh_house.instance.config
    fresh_house.instance.close()
    return {"CASEWORK_INSTANCE": str(config.instance), "CASEWORK_RUNTIME_DIR": str(config.runtime_dir)}


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that has nothing to do with anything."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder
