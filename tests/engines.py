"""Which database engine the tests of the screens stand on. The data layer under them is tested on both every day."""

from pathlib import Path
from zlib import crc32

import pytest

ENGINES = ("sqlite", "postgresql")
SCREENS = Path(__file__).parent / "web"


def draw(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out one half of the tests of each module of screens: those on the engine that the seed did not draw.

    Nothing is left out with --prove, which walks both, nor where somebody chose by name (-k).
    """
    screens = [item for item in items if SCREENS in Path(item.path).parents and engine_of(item)]
    for item in screens:
        item.add_marker(pytest.mark.prove)
    if config.option.prove or config.option.keyword:
        return
    aside = [item for item in screens if engine_of(item) != drawn(config.option.seed, Path(item.path).name)]
    config.hook.pytest_deselected(items=aside)
    gone = set(aside)
    items[:] = [item for item in items if item not in gone]


def drawn(seed: int, module: str) -> str:
    """The engine of a module in the run of this seed."""
    return ENGINES[crc32(f"{seed} {module}".encode()) % len(ENGINES)]


def engine_of(item: pytest.Item) -> str:
    """The engine of the house that a test stands in; empty for a test without one."""
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("house", "")) if callspec else ""
