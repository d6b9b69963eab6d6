"""History and ledger become append-only: the database itself refuses what nobody should do, whoever asks.

A table that a later migration rebuilds on SQLite loses its triggers, and has to be given them again.
"""

from alembic import op

revision = "20261122_0301"
down_revision = "20261122_0300"
branch_labels = None
depends_on = None

VERSIONED = ("person", "contact_point", "situation", "schooling", "entry", "dossier")
"""Tables with a history. `compartment_version` is none of them: it holds key versions."""

APPEND_ONLY = {
    **{f"{table}_version": ("id", "transaction_id") for table in VERSIONED},
    "transaction": ("id",),
    "ledger_leaf": ("seq",),
    "ledger_dossier": ("seq", "number"),
}
"""Tables whose rows are never changed or deleted, with their primary keys."""

UNDELETABLE = "ledger_head"


def upgrade() -> None:
    """The triggers of this database."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def downgrade() -> None:
    """Without triggers."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION casework_refuse() CASCADE")
        return
    for table in APPEND_ONLY:
        for verb in ("update", "delete", "insert"):
            op.execute(f"DROP TRIGGER refuse_{table}_{verb}")
    op.execute(f"DROP TRIGGER refuse_{UNDELETABLE}_delete")


def _guard_sqlite() -> None:
    """REPLACE deletes without asking a DELETE trigger, so that a second row under a key is refused as well."""
    for table, keys in APPEND_ONLY.items():
        for verb in ("UPDATE", "DELETE"):
            _refuse_sqlite(table, verb)
        taken = " AND ".join(f"{key} = NEW.{key}" for key in keys)
        _refuse_sqlite(table, "INSERT", f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {taken})')  # noqa: S608  # names are written above
    _refuse_sqlite(UNDELETABLE, "DELETE")


def _refuse_sqlite(table: str, verb: str, when: str = "") -> None:
    says = f"{table} is append-only: {verb} refused"
    op.execute(f"CREATE TRIGGER refuse_{table}_{verb.lower()} BEFORE {verb} ON \"{table}\" {when} BEGIN SELECT RAISE(ABORT, '{says}'); END")


def _guard_postgresql() -> None:
    """Row triggers, and statement triggers for TRUNCATE, which asks no row."""
    op.execute(
        "CREATE FUNCTION casework_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in (*APPEND_ONLY, UNDELETABLE):
        verbs = "DELETE" if table == UNDELETABLE else "UPDATE OR DELETE"
        op.execute(f'CREATE TRIGGER refuse_{table} BEFORE {verbs} ON "{table}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()')
        op.execute(f'CREATE TRIGGER refuse_{table}_truncate BEFORE TRUNCATE ON "{table}" EXECUTE FUNCTION casework_refuse()')
