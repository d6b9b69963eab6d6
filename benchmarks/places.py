"""Where a figure is taken: on both databases in turn, in a house of its own that is thrown away."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.report import Figure
from casework.cli.db import upgrade
from casework.services.offices.foundation import prepare_folder
from tests import house as houses
from tests.house import House
from tests.postgres import throwaway_cluster


def on_both(measured: Callable[[str, str | None], Iterable[Figure]]) -> list[Figure]:
    """The figures of `measured(name, address)`: first on SQLite, whose address is None, then on a PostgreSQL that writes to the disk."""
    found = list(measured("SQLite", None))
    with throwaway_cluster(fsync=True) as cluster:
        found += measured("PostgreSQL", cluster.create_database())
    return found


@contextmanager
def house_at(address: str | None) -> Iterator[House]:
    """A peopled house in that database, for the length of the block."""
    with tempfile.TemporaryDirectory() as folder:
        config = houses.config_for(Path(folder), address)
        prepare_folder(config)
        upgrade(config.database_url)
        house = houses.build(config)
        try:
            yield house
        finally:
            house.instance.close()
