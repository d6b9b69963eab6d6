"""A fixture: a peopled house of one test alone, on either engine, for attacks that leave it broken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import House
from tests.house_fixtures import Templates, copy_house, throw_away


@pytest.fixture(params=["sqlite", "postgresql"])
def lone_house(request: pytest.FixtureRequest, house_template: Templates, tmp_path: Path) -> Iterator[House]:
    """On each engine in turn."""
    copy = copy_house(request.param, house_template, request, tmp_path / "house")
    yield copy
    throw_away(copy, request)
