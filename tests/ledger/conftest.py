"""A small log on each database: genesis, reads, writes of notes."""

from collections.abc import Iterator

import pytest

from casework import ledger
from casework.models.base import Base
from casework.models.database import Database
from tests.ledger.model import GENESIS, START, TestBase, leaf, write_notes

LEAVES = 120


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    """An empty ledger with its tables and its first leaf."""
    opened = Database(database_url)
    Base.metadata.create_all(opened.engine)
    TestBase.metadata.create_all(opened.engine)
    with opened.writing() as session:
        assert ledger.genesis(session, GENESIS, at=START, charter="2026-1") == 0
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def filled(database: Database) -> Database:
    """A log of LEAVES leaves, every third of which wrote rows."""
    for number in range(1, LEAVES):
        with database.writing() as session:
            if number % 3 == 0:
                write_notes(session, number)
            else:
                ledger.append(session, leaf(number))
    return database
