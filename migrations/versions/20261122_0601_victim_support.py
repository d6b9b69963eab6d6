"""Victim support: orientations with a life of their own, sealed links, agreements, planned contacts, permanences, the wall.

Written out, and never derived from the models. An orientation may be given outside a meeting, and to a service that signed nothing:
two of its columns become optional.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_0601"
down_revision = "20261122_0501"
branch_labels = None
depends_on = None

SAFE = ("introduction", "must_not_answer", "interpreter", "release_wish")
REQUEST = ("needs", "oriented", "children")
TABLES = (
    "referral_step",
    "partner_link",
    "partner_answer",
    "agreement",
    "refusal_count",
    "planned_contact",
    "addressing_rule",
    "measure_end",
    "purge_review",
    "permanence",
    "permanence_slot",
    "dossier_link",
    "both_sides",
)
"""In the order of their keys."""

LIFE: dict[str, sa.types.TypeEngine[Any]] = {
    "service_id": sa.String(32),
    "channel": sa.String(8),
    "holder_id": sa.String(32),
    "extract_id": sa.String(32),
    "sent_at": sa.DateTime(timezone=True),
    "meets_at": sa.DateTime(timezone=True),
    "reason": sa.String(24),
    "ended_at": sa.DateTime(timezone=True),
}


def upgrade() -> None:
    """New tables and columns. A database that already holds safe contacts is refused: their seals do not cover the new columns."""
    if op.get_bind().execute(sa.text("SELECT count(*) FROM safe_contact")).scalar():
        raise RuntimeError("this database holds safe contacts sealed by an older draft of casework: build it anew")
    for name in SAFE:
        op.add_column("safe_contact", sa.Column(name, sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
        op.add_column("safe_contact_version", sa.Column(name, sa.LargeBinary(), server_default=sa.text("''")))
    op.create_table("support_request", *_bytes(*REQUEST), *_sealed_row())
    _history("support_request", REQUEST)
    op.add_column("conflict", sa.Column("origin", sa.String(12), nullable=False, server_default="declared"))
    op.add_column("conflict", sa.Column("author_id", sa.String(32)))
    _orientations()
    _links()
    _support()
    _contacts()
    _permanences()
    _walls()


def downgrade() -> None:
    """As before; what these tables held is lost."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_index("ix_referral_out_holder_id", "referral_out")
    op.drop_index("ix_referral_out_service_id", "referral_out")
    with op.batch_alter_table("referral_out") as batch:
        for name in LIFE:
            batch.drop_column(name)
        batch.alter_column("item_id", existing_type=sa.String(32), nullable=False)
        batch.alter_column("institution_id", existing_type=sa.String(32), nullable=False)
    op.drop_column("conflict", "author_id")
    op.drop_column("conflict", "origin")
    op.drop_table("support_request_version")
    op.drop_table("support_request")
    for name in SAFE:
        op.drop_column("safe_contact_version", name)
        op.drop_column("safe_contact", name)


def _orientations() -> None:
    with op.batch_alter_table("referral_out") as table:
        for name, kind in LIFE.items():
            table.add_column(sa.Column(name, kind))
        table.alter_column("item_id", existing_type=sa.String(32), nullable=True)
        table.alter_column("institution_id", existing_type=sa.String(32), nullable=True)
    op.create_index("ix_referral_out_holder_id", "referral_out", ["holder_id"])
    op.create_index("ix_referral_out_service_id", "referral_out", ["service_id"])
    op.create_table(
        "referral_step",
        _text("referral_id", 32, "referral_out.id", index=True),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("step", 16),
        _text("reason", 24, null=True),
        _moment("meets_at", null=True),
        _moment("recorded_at"),
        _text("actor_id", 32, null=True),
        _text("link_id", 32, null=True),
        *_row(),
        sa.UniqueConstraint("referral_id", "position"),
    )


def _links() -> None:
    op.create_table(
        "partner_link",
        _text("referral_id", 32, "referral_out.id", null=True, index=True),
        _text("task_id", 32, "task.id", null=True, index=True),
        _text("compartment_id", 32, "compartment.id", index=True),
        sa.Column("key_version", sa.Integer(), nullable=False),
        _text("author_id", 32, "user_account.id"),
        _moment("made_at"),
        _moment("until"),
        sa.Column("failures", sa.Integer(), nullable=False),
        _text("secret_hash", 64, unique=True),
        *_bytes("salt", "wrapped"),
        _moment("opened_at", null=True),
        _text("visit_hash", 64, null=True, unique=True),
        *_bytes("visit_wrapped", null=True),
        _moment("visit_until", null=True),
        _id(),
    )
    op.create_table(
        "partner_answer",
        _text("referral_id", 32, "referral_out.id", null=True, index=True),
        _text("task_id", 32, "task.id", null=True, index=True),
        _text("link_id", 32),
        _text("compartment_id", 32, "compartment.id", index=True),
        sa.Column("key_version", sa.Integer(), nullable=False),
        *_bytes("sealed"),
        _moment("received_at"),
        *_row(),
    )


def _support() -> None:
    op.create_table(
        "agreement",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("referral_id", 32, "referral_out.id", null=True, index=True),
        _text("state", 12),
        _text("reason", 24, null=True),
        _day("due", null=True),
        _moment("recorded_at"),
        _text("author_id", 32, "user_account.id"),
        *_row(),
    )
    op.create_table(
        "refusal_count",
        _text("cell_id", 32, "cell.id"),
        _day("month"),
        sa.Column("count", sa.Integer(), nullable=False),
        _id(),
        sa.UniqueConstraint("cell_id", "month"),
    )
    op.create_table(
        "purge_review",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("reason", 24),
        _moment("opened_at"),
        _day("due"),
        _moment("decided_at", null=True),
        _text("decided_by", 32, null=True),
        _text("finding", 24, null=True),
        *_row(),
    )
    op.create_table(
        "measure_end",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("measure_id", 32),
        _day("due"),
        *_row(),
        sa.UniqueConstraint("measure_id"),
    )


def _contacts() -> None:
    op.create_table(
        "planned_contact",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("channel", 8),
        _text("purpose", 24),
        _text("recipient", 8),
        _moment("planned_for"),
        _text("author_id", 32, "user_account.id", index=True),
        _text("state", 12),
        _moment("created_at"),
        _text("override", 24, null=True),
        _text("epoch_id", 32, null=True),
        *_bytes("for_oversight", "for_author", null=True),
        *_row(),
    )
    op.create_table(
        "addressing_rule",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("entry_id", 32),
        _moment("set_at"),
        _moment("lifted_at", null=True),
        *_row(),
    )


def _permanences() -> None:
    op.create_table(
        "permanence",
        _text("cell_id", 32, "cell.id", index=True),
        _text("institution_id", 32, "institution.id"),
        _text("place", 120),
        sa.Column("weekday", sa.Integer(), nullable=False),
        _text("starts", 5),
        _text("ends", 5),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _day("since"),
        _day("until", null=True),
        _text("author_id", 32, "user_account.id"),
        *_row(),
    )
    op.create_table(
        "permanence_slot",
        _text("permanence_id", 32, "permanence.id"),
        _moment("starts_at"),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _text("state", 12),
        _text("moved_to_id", 32, null=True),
        _text("epoch_id", 32, null=True),
        *_bytes("link", null=True),
        _text("author_id", 32, "user_account.id"),
        _moment("updated_at"),
        *_row(),
        sa.UniqueConstraint("permanence_id", "starts_at"),
    )
    op.create_index("ix_permanence_slot_starts_at", "permanence_slot", ["starts_at"])


def _walls() -> None:
    op.create_table(
        "dossier_link",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("other_id", 32, "dossier.id", index=True),
        _text("author_id", 32, "user_account.id"),
        _moment("made_at"),
        _moment("ended_at", null=True),
        *_row(),
        sa.UniqueConstraint("dossier_id", "other_id"),
    )
    op.create_table(
        "both_sides",
        _text("link_id", 32, "dossier_link.id", index=True),
        _text("user_id", 32, "user_account.id", index=True),
        _text("listed_id", 32),
        _text("reason", 24),
        _moment("made_at"),
        _text("epoch_id", 32),
        *_bytes("for_oversight", "for_author"),
        *_row(),
        sa.UniqueConstraint("link_id", "user_id"),
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


def _day(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=null)


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
