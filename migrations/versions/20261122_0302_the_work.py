"""The work: rings and acts, safe contacts, extracts, accès urgent, conflicts, alerts, drafts.

Written out, and never derived from the models. Columns added later carry no foreign key: SQLite would rebuild the table for one.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_0302"
down_revision = "20261122_0301"
branch_labels = None
depends_on = None

SEALED = {
    "measure": ("label", "obligations", "since", "until"),
    "safe_contact": ("channel", "value", "hours", "code_word", "limits", "address", "not_to_inform"),
    "extract_item": ("label", "text"),
}
"""Content tables with their confidential columns."""

ADDED: dict[str, dict[str, sa.types.TypeEngine[Any]]] = {
    "dossier": {
        "outcome": sa.String(24),
        "redirected_to": sa.String(32),
        "closing_reason": sa.String(24),
        "service_ring_id": sa.String(32),
    },
    "ring": {"institution_id": sa.String(32), "dossier_id": sa.String(32)},
    "ring_member": {"starts": sa.DateTime(timezone=True)},
}
"""Nullable columns added to tables that exist."""


def upgrade() -> None:
    """New tables and columns; histories are append-only from the start."""
    for table, columns in ADDED.items():
        for name, kind in columns.items():
            op.add_column(table, sa.Column(name, kind))
    for name, kind in ADDED["dossier"].items():
        op.add_column("dossier_version", sa.Column(name, kind))
    op.create_index("ix_ring_dossier_id", "ring", ["dossier_id"])
    op.add_column("entry_key", sa.Column("key_version", sa.Integer(), nullable=False, server_default="1"))
    for table, names in SEALED.items():
        op.create_table(table, *_bytes(*names), *_sealed_row())
        _history(table, names)
    _acts()
    _attention()


def downgrade() -> None:
    """As before; what these tables held is lost."""
    for table in ("last_look", "draft", "alert", "urgent_access", "conflict", *(f"{table}_version" for table in SEALED), *SEALED):
        op.drop_table(table)
    op.drop_column("entry_key", "key_version")
    op.drop_index("ix_ring_dossier_id", "ring")
    for name in ADDED["dossier"]:
        op.drop_column("dossier_version", name)
    for table, columns in ADDED.items():
        for name in columns:
            op.drop_column(table, name)


def _acts() -> None:
    op.create_table(
        "conflict",
        _text("dossier_id", 32, "dossier.id"),
        _text("user_id", 32, "user_account.id", index=True),
        _moment("declared_at"),
        _moment("settled_at", null=True),
        *_row(),
        sa.UniqueConstraint("dossier_id", "user_id"),
    )
    op.create_table(
        "urgent_access",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("user_id", 32, "user_account.id", index=True),
        _text("reason", 32),
        _moment("opened_at"),
        _moment("until"),
        _text("epoch_id", 32, "ring_epoch.id"),
        *_bytes("for_oversight", "for_author"),
        _moment("reviewed_at", null=True),
        _text("reviewer_id", 32, null=True),
        _text("finding", 24, null=True),
        *_row(),
    )


def _attention() -> None:
    op.create_table(
        "alert",
        _text("recipient_id", 32, "user_account.id", index=True),
        _text("kind", 32),
        _text("number", 16),
        _text("reference", 32),
        _moment("created_at"),
        _moment("seen_at", null=True),
        _id(),
    )
    op.create_table(
        "draft",
        _text("user_id", 32, "user_account.id"),
        _text("form", 24),
        _text("place", 32),
        _moment("saved_at"),
        _moment("until"),
        *_bytes("sealed"),
        _id(),
        sa.UniqueConstraint("user_id", "form", "place"),
    )
    op.create_table(
        "last_look",
        _text("user_id", 32, "user_account.id", primary_key=True),
        _text("dossier_id", 32, "dossier.id", primary_key=True),
        _moment("at"),
    )


def _history(table: str, names: tuple[str, ...]) -> None:
    """SQLAlchemy-Continuum's: each row as each write left it, never changed and never deleted."""
    name = f"{table}_version"
    op.create_table(
        name,
        *_bytes(*names, null=True),
        sa.Column("key_version", sa.Integer()),
        _text("compartment_id", 32, null=True, index=True),
        sa.Column("version", sa.Integer()),
        _id(),
        sa.Column(
            "transaction_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            primary_key=True,
            autoincrement=False,
            nullable=False,
            index=True,
        ),
        sa.Column("operation_type", sa.SmallInteger(), nullable=False, index=True),
    )
    op.create_index(f"ix_{name}_pk_transaction_id", name, ["id", sa.text("transaction_id DESC")])
    if op.get_bind().dialect.name == "sqlite":
        _refuse_sqlite(name, "UPDATE")
        _refuse_sqlite(name, "DELETE")
        _refuse_sqlite(name, "INSERT", f'WHEN EXISTS (SELECT 1 FROM "{name}" WHERE id = NEW.id AND transaction_id = NEW.transaction_id)')  # noqa: S608  # names are written above
    else:
        op.execute(f'CREATE TRIGGER refuse_{name} BEFORE UPDATE OR DELETE ON "{name}" FOR EACH ROW EXECUTE FUNCTION casework_refuse()')
        op.execute(f'CREATE TRIGGER refuse_{name}_truncate BEFORE TRUNCATE ON "{name}" EXECUTE FUNCTION casework_refuse()')


def _refuse_sqlite(table: str, verb: str, when: str = "") -> None:
    says = f"{table} is append-only: {verb} refused"
    op.execute(f"CREATE TRIGGER refuse_{table}_{verb.lower()} BEFORE {verb} ON \"{table}\" {when} BEGIN SELECT RAISE(ABORT, '{says}'); END")


def _text(name: str, length: int, to: str | None = None, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), *([sa.ForeignKey(to)] if to else []), nullable=null, **more)


def _bytes(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=null) for name in names]


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id() -> sa.Column[Any]:
    return _text("id", 32, primary_key=True)


def _row() -> list[sa.Column[Any]]:
    return [sa.Column("version", sa.Integer(), nullable=False), _id()]


def _sealed_row() -> list[sa.Column[Any]]:
    return [
        sa.Column("key_version", sa.Integer(), nullable=False),
        _text("compartment_id", 32, "compartment.id", index=True),
        *_row(),
    ]
