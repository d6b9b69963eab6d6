"""Which database engine the tests above the data layer stand on: services and screens, a module on one of the two, drawn by the seed.

Every day on both: models, ledger, migrations, jobs, security, attacks, and every test in which several act at once.
"""

from pathlib import Path
from zlib import crc32

import pytest

ENGINES = ("sqlite", "postgresql")
HERE = Path(__file__).parent
ABOVE = frozenset({HERE / "services", HERE / "web"})
RACES = "races"
"""Mark of a test in which several act at once: who waits for whom is the engine's affair, so it is tried on both every day."""


def draw(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out one half of the tests of each module above the data layer: those on the engine that the seed did not draw.

    Nothing is left out with --prove, which walks both, nor where somebody chose by name (-k).
    """
    above = [item for item in items if ABOVE.intersection(item.path.parents) and engine_of(item) and not item.get_closest_marker(RACES)]
    for item in above:
        item.add_marker(pytest.mark.prove)
    if config.option.prove or config.option.keyword:
        return
    aside = [item for item in above if engine_of(item) != drawn(config.option.seed, Path(item.path).name)]
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
