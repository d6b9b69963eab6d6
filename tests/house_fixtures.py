"""Fixtures around `tests.house`: built once for each engine, copied for each module, on SQLite and on PostgreSQL."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import make_url

from casework.cli.db import upgrade
from casework.services.offices.foundation import prepare_folder
from tests import house as houses
from tests.house import House

_numbers = count(1)
Templates = Callable[[str], tuple[House, Path]]


@pytest.fixture(scope="session")
def house_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """A peopled house for an engine, built the first time it is asked for."""
    built: dict[str, tuple[House, Path]] = {}

    def template(engine: str) -> tuple[House, Path]:
        if engine not in built:
            folder = tmp_path_factory.mktemp(f"template-{engine}")
            url = request.getfixturevalue("postgres_cluster").database("house_template") if engine == "postgresql" else None
            config = houses.config_for(folder, url)
            prepare_folder(config)
            upgrade(config.database_url)
            house = houses.build(config)
            house.instance.close()
            built[engine] = (house, folder)
        return built[engine]

    return template


def copy_house(engine: str, template: Templates, request: pytest.FixtureRequest, folder: Path) -> House:
    """A copy of the template that may be changed."""
    house, source = template(engine)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    url = None
    if engine == "postgresql":
        name = make_url(house.instance.config.database_url).database
        url = request.getfixturevalue("postgres_cluster").database(f"house_{next(_numbers)}", template=name)
    return house.reopened(houses.config_for(folder, url))


def throw_away(house: House, request: pytest.FixtureRequest) -> None:
    """Close a copy; a database on the server is dropped, that it need not be written to the disk."""
    house.instance.close()
    if house.instance.database.dialect == "postgresql":
        request.getfixturevalue("postgres_cluster").drop(make_url(house.instance.config.database_url).database)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, house_template: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house for this module, on each engine in turn."""
    copy = copy_house(request.param, house_template, request, tmp_path_factory.mktemp("house"))
    yield copy
    throw_away(copy, request)


@pytest.fixture
def fresh_house(request: pytest.FixtureRequest, house_template: Templates, tmp_path: Path) -> Iterator[House]:
    """A house of this test alone, on SQLite: for attacks that leave it broken."""
    copy = copy_house("sqlite", house_template, request, tmp_path / "house")
    yield copy
    copy.instance.close()
