"""Up, down and up again with rows in place; at head the database is what the models say; a broken migration leaves no mark."""

import shutil
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, Table, select, text
from sqlalchemy_continuum import versioning_manager

from casework.cli import db
from casework.errors import ConfigurationError
from casework.models import Base
from casework.models.base import recorded_models
from casework.models.database import Database
from casework.resources import resource_dir
from tests.house import House
from tests.migrations.schema import open_engine, shape, triggers

HISTORY = {
    f"{name}_version"
    for name in (
        "contact_point",
        "dossier",
        "entry",
        "extract_item",
        "measure",
        "person",
        "safe_contact",
        "schooling",
        "situation",
        "support_request",
    )
}
APPEND_ONLY = HISTORY | {"ledger_dossier", "ledger_leaf", "transaction"}

BROKEN = """
revision, down_revision, branch_labels, depends_on = "99990101_0000", "20261122_0603", None, None
from alembic import op
import sqlalchemy as sa
def upgrade():
    op.create_table("half", sa.Column("id", sa.Integer))
    raise RuntimeError("half way")
"""


Rows = dict[str, list[dict[str, object]]]


def rows(url: str) -> Rows:
    """Every row of every table there is."""
    found = MetaData()
    with open_engine(url).connect() as connection:
        found.reflect(connection)
        tables = [table for table in found.sorted_tables if table.name != "alembic_version"]
        return {table.name: sorted((dict(row._mapping) for row in connection.execute(select(table))), key=repr) for table in tables}


def told_by(kept: Rows, all_of_it: Rows) -> Rows:
    """Of all rows, what tables and columns that are still there can tell."""
    columns = {table: set(found[0]) if found else set() for table, found in kept.items()}
    told = {table: [{name: row[name] for name in row if name in columns[table]} for row in all_of_it[table]] for table in kept}
    return {table: sorted(found, key=repr) for table, found in told.items()}


def differences(url: str) -> list[object]:
    """What alembic would draft as the next migration."""
    with open_engine(url).connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata))


def test_up_and_down_and_up_again_with_rows(lone_house: House) -> None:
    """A second upgrade touches no row; down leaves nothing behind; up again makes the same tables."""
    lone_house.follow("Quibérac-Monte")
    url = lone_house.instance.config.database_url
    lone_house.instance.close()
    before, made = rows(url), shape(url)
    assert sum(map(len, before.values())) > 100
    db.upgrade(url)
    assert rows(url) == before
    db.downgrade(url, "20261122_0300")
    assert triggers(url) == set()
    assert rows(url) == told_by(rows(url), before)
    db.downgrade(url, "base")
    assert shape(url) == {"tables": {}, "sequences": []}
    db.upgrade(url)
    assert shape(url) == made
    assert not any(rows(url).values())


def test_head_is_what_the_models_say(migrated_url: str, database_url_beside: str) -> None:
    """By alembic's comparison, and by ours, which sees checks, sequences and the order of indexes as well."""
    assert differences(migrated_url) == []
    database = Database(database_url_beside)
    Base.metadata.create_all(database.engine)
    database.close()
    assert shape(migrated_url) == shape(database_url_beside)


def test_control_a_forgotten_column_is_found(migrated_url: str) -> None:
    """Positive control."""
    with open_engine(migrated_url).begin() as connection:
        connection.execute(text("ALTER TABLE cell ADD COLUMN forgotten INTEGER"))
    assert len(differences(migrated_url)) == 1


def test_content_and_nothing_else_has_a_history(migrated_url: str) -> None:
    """Boxes, keys, rings and the ledger have none: what is deleted there is gone."""
    versioned = {model.__table__.name for model in versioning_manager.version_class_map}
    declared = {mapper.class_.__table__.name for mapper in Base.registry.mappers if hasattr(mapper.class_, "__versioned__")} - HISTORY
    assert {f"{name}_version" for name in versioned} == HISTORY
    assert declared == versioned
    assert versioned <= {model.__tablename__ for model in recorded_models()}
    found = MetaData()
    with open_engine(migrated_url).connect() as connection:
        for name in sorted(versioned):
            table, history = (Table(each, found, autoload_with=connection) for each in (name, f"{name}_version"))
            assert {*table.columns.keys(), "transaction_id", "operation_type"} == {*history.columns.keys()}


def test_every_append_only_table_is_guarded(migrated_url: str) -> None:
    """The list of triggers, so that a table rebuilt by a later migration cannot lose them quietly."""
    extra = "INSERT" if migrated_url.startswith("sqlite") else "TRUNCATE"
    wanted = {(table, what) for table in APPEND_ONLY for what in ("UPDATE", "DELETE", extra)} | {("ledger_head", "DELETE")}
    assert triggers(migrated_url) == wanted | ({("ledger_head", "TRUNCATE")} if extra == "TRUNCATE" else set())


def test_a_migration_that_breaks_leaves_no_mark(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing, on both databases."""
    folder = tmp_path / "100 % migrations"
    shutil.copytree(resource_dir("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "99990101_0000_broken.py").write_text(BROKEN, encoding="utf-8")
    before = shape(migrated_url)
    with monkeypatch.context() as patched:
        patched.setattr(db, "resource_dir", lambda _name: folder)
        with pytest.raises(RuntimeError, match="half way"):
            db.upgrade(migrated_url)
        with pytest.raises(ConfigurationError, match="casework db upgrade"):
            db.require_head(migrated_url)
    db.require_head(migrated_url)
    assert shape(migrated_url) == before


def test_a_new_sqlite_file_is_ours_alone(tmp_path: Path) -> None:
    """0600, and the journals beside it with it, whatever the umask says."""
    path = tmp_path / "casework.db"
    db.upgrade(f"sqlite:///{path}")
    assert {stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()} == {0o600}


def test_asking_makes_no_file(tmp_path: Path) -> None:
    """A wrong path must not become an empty database."""
    path = tmp_path / "nothing.db"
    with pytest.raises(ConfigurationError, match="no database"):
        db.require_head(f"sqlite:///{path}")
    assert not path.exists()
