"""What every test stands on: the seed, the two databases, and no way off this machine."""

import gc
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import engines, guards, sharing
from tests.house_fixtures import fresh_house, house, house_template
from tests.lone_house import lone_house
from tests.migrated import migrated, migrated_url
from tests.postgres import Cluster, throwaway_cluster
from tests.sampling import Sampler

__all__ = ["fresh_house", "house", "house_template", "lone_house", "migrated", "migrated_url"]

guards.install()
settings.register_profile("test", deadline=None, max_examples=50, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("prove", settings.get_profile("test"), max_examples=2000)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--prove` walks exhaustive sets whole; `--seed` repeats the sample of an earlier run."""
    parser.addoption("--prove", action="store_true", help="walk exhaustive sets whole instead of sampling them")
    parser.addoption("--seed", type=int, default=None, help="repeat the sample of the run that printed this seed")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """One seed for samples and for hypothesis, drawn once and handed to every worker."""
    given = getattr(config, "workerinput", {}).get("seed")
    if config.option.seed is None:
        config.option.seed = secrets.randbelow(10**6) if given is None else given
    if getattr(config.option, "hypothesis_seed", None) is None:
        config.option.hypothesis_seed = str(config.option.seed)
    settings.load_profile("prove" if config.option.prove else "test")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Asked by xdist on the way to a worker, which parses its options anew."""
    node.workerinput["seed"] = node.config.option.seed


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who runs what: asked by xdist. A set that is walked whole is shared out test by test."""
    return None if config.option.prove else sharing.ByWhatTheyShare(config, log)


def pytest_collection_finish() -> None:
    """What was imported stands until the end: the garbage collector need not walk it, nor come after every few hundred objects."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_report_header(config: pytest.Config) -> str:
    """How to repeat this run."""
    extent = "whole (--prove)" if config.option.prove else f"sampled, repeat with --seed {config.option.seed}"
    return f"exhaustive sets: {extent}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The header is silent under -q, so the seed is said here as well."""
    if config.get_verbosity() < 0:
        terminalreporter.write_line(pytest_report_header(config))


LONGEST = (
    "journeys/test_what_is_left_behind.py", "demo/test_starting_over.py", "journeys/test_professions.py", "web/test_sitting.py",
    "web/test_walled_pages.py", "policy/test_application.py", "web/test_walls.py", "web/test_english.py", "demo/test_town.py",
    "cli/test_refusals.py", "web/test_support.py",
)  # fmt: skip
"""Files that take longest, begun first: what begins last decides how long one worker waits for the other. The first brings all journeys."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first. Whatever samples by the fixture is `prove`: no exhaustive set is sampled every day and walked whole never."""
    engines.draw(config, items)
    ranks = {name: rank for rank, name in enumerate(LONGEST)}
    for item in items:
        if "journeys" in Path(item.path).parts:
            item.add_marker(pytest.mark.journey)
        if "sample" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.prove)
    items.sort(key=lambda item: ranks.get("/".join(Path(item.path).parts[-2:]), len(ranks)))


@pytest.fixture(scope="session")
def sample(pytestconfig: pytest.Config) -> Sampler:
    """`sample(everything, 200)`: the whole set with --prove, else 200 of its members."""
    return Sampler(pytestconfig.option.seed, whole=pytestconfig.option.prove)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of this run alone, thrown away at its end."""
    with throwaway_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A fresh, empty database for each test module, on both engines."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('database') / 'casework.sqlite'}"
    cluster: Cluster = request.getfixturevalue("postgres_cluster")
    return cluster.create_database()
