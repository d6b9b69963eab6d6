"""Deleting a box is real: its bytes are in no table, and on SQLite in no file."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, make_url, select

from casework import services
from casework.models import Base
from casework.models.dossiers import Box
from tests.house import House
from tests.migrations.schema import open_engine


def tables_with(url: str, needle: bytes) -> Iterator[str]:
    """The tables that have these bytes in any value, of any column, as they are or as text."""
    with open_engine(url).connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                if any(needle in (value if isinstance(value, bytes) else repr(value).encode()) for value in row):
                    yield table.name


def files_with(folder: Path, needle: bytes) -> list[str]:
    """The files under a folder that have these bytes."""
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


@pytest.fixture
def shared(lone_house: House) -> tuple[str, str, bytes]:
    """A share that Alice gave to Bob: dossier, share and the sealed bytes of Bob's box."""
    number = lone_house.follow("Quibérac-Partage")
    share = services.shares.give(lone_house.alice, number, ["confidential"], "bob", until=None)
    with lone_house.instance.database.reading() as session:
        sealed = session.scalars(select(Box.sealed).where(Box.reference == share)).one()
    return number, share, sealed


def test_the_bytes_of_a_box_that_ended_are_gone(lone_house: House, shared: tuple[str, str, bytes]) -> None:
    """Before, they are in one table (which shows that the scan sees them); afterwards nowhere."""
    number, share, sealed = shared
    url = make_url(lone_house.instance.config.database_url)
    assert list(tables_with(url.render_as_string(hide_password=False), sealed)) == ["box"]
    services.shares.end(lone_house.alice, number, share)
    assert list(tables_with(url.render_as_string(hide_password=False), sealed)) == []
    if url.get_backend_name() == "sqlite":
        lone_house.instance.close()
        assert files_with(Path(str(url.database)).parent, sealed) == []


def test_the_scan_sees_every_column_of_bytes() -> None:
    """Nothing is stored as a type the scan would not look into."""
    kinds = {type(column.type) for table in Base.metadata.sorted_tables for column in table.columns if "bytes" in str(column.type).lower()}
    assert not kinds - {LargeBinary}
