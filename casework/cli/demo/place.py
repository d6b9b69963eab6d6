"""Where the town stands: what an instance folder and its database hold, and emptying both when they are a demo town's, never otherwise."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url, text

from casework import ledger
from casework.cli.demo.papers import ACCOUNTS, TRUTH
from casework.config import Config, private_dir
from casework.errors import ConfigurationError, LedgerUnavailable
from casework.ledger import Genesis
from casework.models.database import Database
from casework.services.instance import INSTANCE_FILE, read_instance_file

MARKER = "building"
"""Stands in the folder from before the first act until after the last: a town beside it is not finished."""

FOREIGN = (
    "Ce dossier ou sa base de données contient autre chose qu’une ville fictive : rien n’y a été changé. "
    "Choisissez un autre dossier avec CASEWORK_INSTANCE, ou une base vide avec CASEWORK_DATABASE_URL."
)
BUSY = "Une autre construction de la ville est en cours dans ce dossier : attendez qu’elle se termine."
_FILES = (ACCOUNTS, TRUTH, INSTANCE_FILE, "ledger-head.json")
_LISTS = {
    "TABLE": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    "SEQUENCE": "SELECT sequencename FROM pg_sequences WHERE schemaname = current_schema()",
    "ROUTINE": "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
}


class State(Enum):
    """What was found in a place."""

    EMPTY = "empty"
    UNFINISHED = "unfinished"
    FINISHED = "finished"


def survey(config: Config) -> State:
    """What stands there. Raises ConfigurationError for anything that is not a demo town of ours."""
    genesis = _genesis(config.database_url)
    marked = (config.instance / MARKER).exists()
    if genesis is None and not (config.instance / INSTANCE_FILE).exists() and _is_bare(config.database_url):
        return State.UNFINISHED if marked else State.EMPTY
    if not _is_ours(config, genesis):
        raise ConfigurationError(FOREIGN)
    papers = all((config.instance / name).exists() for name in _FILES)
    return State.FINISHED if papers and not marked else State.UNFINISHED


@contextmanager
def under_construction(config: Config) -> Iterator[None]:
    """Mark the place, clear it, and unmark it when the block ends well.

    Raises ConfigurationError while somebody else builds there, or when what stands there is no demo town.
    """
    survey(config)
    private_dir(config.instance)
    marker = config.instance / MARKER
    handle = os.open(marker, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise ConfigurationError(BUSY) from problem
        _clear(config)
        os.ftruncate(handle, 0)
        os.write(handle, _digest(config.database_url).encode())
        os.fsync(handle)
        yield
        marker.unlink()
    finally:
        os.close(handle)


def _clear(config: Config) -> None:
    """Empty database and folder, of what a town put there and of nothing else."""
    if make_url(config.database_url).get_backend_name() == "sqlite":
        database = Path(make_url(config.database_url).database or "")
        for suffix in ("", "-wal", "-shm", "-journal", ".lock"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    elif not _is_bare(config.database_url):
        _drop_everything(config.database_url)
    for name in _FILES:
        (config.instance / name).unlink(missing_ok=True)
        (config.instance / (name + ".new")).unlink(missing_ok=True)
    shutil.rmtree(config.instance / "secrets", ignore_errors=True)
    shutil.rmtree(config.instance / "mail", ignore_errors=True)
    (config.runtime_dir / "sessions.db").unlink(missing_ok=True)


def _is_ours(config: Config, genesis: Genesis | None) -> bool:
    """A demo town by its own first leaf, pinned in this folder; or what our marker says was being built in this very database."""
    marker = config.instance / MARKER
    begun_here = marker.exists() and marker.read_text(encoding="utf-8") == _digest(config.database_url)
    if genesis is None:
        return begun_here
    if not (config.instance / INSTANCE_FILE).exists():
        return genesis.demo and begun_here
    return genesis.demo and read_instance_file(config.instance)[1].instance == genesis.instance


def _genesis(url: str) -> Genesis | None:
    """What the ledger's first leaf states, None where there is no ledger or no leaf yet."""
    if "ledger_leaf" not in _tables(url):
        return None
    database = Database(url)
    try:
        with database.reading() as session:
            return ledger.stated_genesis(session)
    except LedgerUnavailable:
        return None
    finally:
        database.close()


def _is_bare(url: str) -> bool:
    return not _tables(url)


def _tables(url: str) -> list[str]:
    """The tables of the database. Looking makes no file where there is none."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        return []
    engine = create_engine(address)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _drop_everything(url: str) -> None:
    """PostgreSQL: tables, sequences and functions of the current schema. The schema itself and what is granted on it stay."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            quote = connection.dialect.identifier_preparer.quote
            for what, query in _LISTS.items():
                for name in connection.scalars(text(query)).all():
                    connection.execute(text(f"DROP {what} IF EXISTS {name if what == 'ROUTINE' else quote(name)} CASCADE"))
    finally:
        engine.dispose()


def _digest(url: str) -> str:
    """Tells one database from another without writing down a password."""
    return hashlib.sha256(url.encode()).hexdigest()
