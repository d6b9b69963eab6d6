"""`casework db`: the tables of the database, brought to what this version of the application expects."""

from datetime import UTC, datetime
from pathlib import Path

import click
from alembic import command
from alembic.config import Config as Alembic
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from casework.config import load_config, private_dir
from casework.errors import ConfigurationError
from casework.resources import resource_dir

NO_ANSWER = "The database does not answer: check CASEWORK_DATABASE_URL and that its server runs."


def upgrade(database_url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, in one transaction. A SQLite file is made, with mode 0600, when there is none.

    Raises ConfigurationError when the database does not answer, or somebody holds its tables for too long.
    """
    try:
        command.upgrade(_alembic(database_url), revision)
    except OperationalError as problem:
        raise ConfigurationError(f"{NO_ANSWER} Nothing was changed.") from problem


def downgrade(database_url: str, revision: str) -> None:
    """Back to an older revision ("base": an empty database). What later revisions added is lost. For tests: no command does it."""
    command.downgrade(_alembic(database_url), revision)


def require_head(database_url: str) -> None:
    """Raise ConfigurationError, with the command to run, unless the database is at the newest revision. Makes and changes nothing."""
    address = make_url(database_url)
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise ConfigurationError("There is no database yet: check CASEWORK_INSTANCE, or run casework db upgrade to make one.")
    wanted = set(ScriptDirectory.from_config(_alembic(database_url)).get_heads())
    if _revisions(database_url) != wanted:
        raise ConfigurationError("The database is not at the version this program expects: make a backup, then run casework db upgrade.")


@click.group()
def db() -> None:
    """The database's tables."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Make the tables, or bring them to this version. Safe to repeat."""
    config = load_config()
    if make_url(config.database_url).database == str(config.instance / "casework.db"):
        private_dir(config.instance)  # the first thing ever done to an instance: its folder may not be there
    upgrade(config.database_url)
    click.echo("The database is at the version this program expects.")


@db.command("revision")
@click.argument("message")
def revision_command(message: str) -> None:
    """For developers: draft a migration from the difference between the models and the database."""
    now = datetime.now(UTC)
    command.revision(_alembic(load_config().database_url), message, autogenerate=True, rev_id=f"{now:%Y%m%d_%H%M}")


def _alembic(database_url: str) -> Alembic:
    """Alembic's configuration, without a file."""
    config = Alembic()
    config.set_main_option("script_location", str(resource_dir("migrations")).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["database_url"] = database_url
    return config


def _revisions(database_url: str) -> set[str]:
    """The revisions the database says it is at; none for one without tables."""
    engine = create_engine(database_url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return set(MigrationContext.configure(connection).get_current_heads())
    except OperationalError as problem:
        raise ConfigurationError(NO_ANSWER) from problem
    finally:
        engine.dispose()
