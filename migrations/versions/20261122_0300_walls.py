"""The walls: every table of the first issue, with its change history. Triggers come with the next revision.

Written out, and never derived from the models: it must say the same in ten years. Names follow the naming convention of the metadata.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_0300"
down_revision = None
branch_labels = None
depends_on = None

SEALED = {
    "person": ("first_name", "last_name", "sex", "birth_date", "commune"),
    "contact_point": ("label", "value"),
    "situation": ("origin", "motives", "facts", "reported_by", "informed"),
    "schooling": ("establishment", "level", "absences"),
}
"""Content tables that hold nothing else, with their confidential columns."""

UNDELETABLE = "ledger_head"


def upgrade() -> None:
    """All tables."""
    _people()
    _cells()
    _dossiers()
    _content()
    _history()
    _ledger()


def downgrade() -> None:
    """An empty database. Everything in it is lost: there is no command for this, only the tests do it."""
    versioned = (*SEALED, "entry", "dossier")
    tables = (
        "ledger_head", "ledger_dossier", "ledger_leaf", "transaction", *(f"{table}_version" for table in versioned), "entry_key", "entry",
        *SEALED, "box", "compartment_version", "compartment", "dossier", "dossier_counter", "ring_member", "ring_epoch", "ring",
        "charter_signature", "habilitation", "cell", "certificate", "enrolment", "one_time_step", "user_keys", "user_account",
        "institution",
    )  # fmt: skip
    for table in tables:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.DropSequence(sa.Sequence("transaction_id_seq")))


def _text(name: str, length: int, to: str | None = None, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), *([sa.ForeignKey(to)] if to else []), nullable=null, **more)


def _bytes(*names: str, null: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.LargeBinary(), nullable=null) for name in names]


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _number(name: str, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null, **more)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _big(name: str, **more: Any) -> sa.Column[Any]:
    """64 bits; on SQLite INTEGER, which alone can be the row's own number."""
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False, **more)


def _id() -> sa.Column[Any]:
    return _text("id", 32, primary_key=True)


def _row() -> list[sa.Column[Any]]:
    """What every recorded row has."""
    return [_number("version"), _id()]


def _sealed_row() -> list[sa.Column[Any]]:
    """What every content row has."""
    return [_number("key_version"), _text("compartment_id", 32, "compartment.id", index=True), *_row()]


def _people() -> None:
    op.create_table("institution", _text("name", 120, unique=True), _text("kind", 32), *_row())
    op.create_table(
        "user_account",
        _text("username", 64, unique=True),
        _text("name", 120),
        _text("gender", 1),
        _text("function", 120),
        _text("profession", 32),
        _text("institution_id", 32, "institution.id"),
        _moment("created_at"),
        _moment("deactivated_at", null=True),
        _text("opener_id", 32, null=True),
        *_bytes("statement", "signature", null=True),
        *_row(),
    )
    op.create_table(
        "user_keys",
        _text("user_id", 32, "user_account.id", primary_key=True),
        _number("memory_kib"),
        _number("iterations"),
        _number("lanes"),
        *_bytes("salt", "auth_hash", "by_passphrase", "by_sheet", "public", "private", "signing_public", "signing_private"),
        *_bytes("totp_seed", "recovery_box"),
    )
    op.create_table("one_time_step", _text("user_id", 32, "user_account.id", primary_key=True), _number("step"))
    op.create_table("enrolment", _text("user_id", 32, "user_account.id", primary_key=True), *_bytes("code_hash"), _moment("until"))
    op.create_table(
        "certificate",
        _text("subject_id", 32, "user_account.id"),
        _text("issuer_id", 32, "certificate.id", null=True),
        *_bytes("statement", "signature"),
        _moment("created_at"),
        *_row(),
    )


def _cells() -> None:
    op.create_table(
        "cell",
        _text("code", 32, unique=True),
        _text("name", 120),
        _text("programme", 32),
        _text("commune", 80),
        _text("founder_id", 32, "certificate.id"),
        *_bytes("statement", "signature"),
        _moment("founded_at"),
        *_row(),
    )
    op.create_table(
        "habilitation",
        _text("user_id", 32, "user_account.id", index=True),
        _text("cell_id", 32, "cell.id", null=True, index=True),
        _text("role", 16),
        _moment("starts"),
        _moment("until"),
        _moment("ended_at", null=True),
        _text("act", 80),
        _text("signer_id", 32, "certificate.id"),
        *_bytes("statement", "signature"),
        *_row(),
    )
    op.create_table(
        "charter_signature",
        _text("user_id", 32, "user_account.id", index=True),
        _text("charter", 32),
        _text("reference", 80),
        _text("recorded_by", 32, "user_account.id"),
        _moment("signed_at"),
        *_row(),
    )
    _rings()


def _rings() -> None:
    op.create_table("ring", _text("kind", 16), _text("cell_id", 32, "cell.id", null=True), _id())
    op.create_table(
        "ring_epoch",
        _text("ring_id", 32, "ring.id", index=True),
        _number("number"),
        _text("maker_id", 32, "certificate.id"),
        *_bytes("statement", "signature", "recovery_box"),
        *_row(),
    )
    op.create_table(
        "ring_member",
        _text("epoch_id", 32, "ring_epoch.id", index=True),
        _text("holder_id", 32, index=True),
        _flag("to_ring"),
        _moment("until", null=True),
        *_bytes("sealed"),
        _flag("rewrapped"),
        *_bytes("mac"),
        _id(),
    )


def _dossiers() -> None:
    op.create_table(
        "dossier",
        _text("number", 16, unique=True),
        _text("cell_id", 32, "cell.id", index=True),
        _text("programme", 32),
        _text("status", 16),
        _text("lead_id", 32, "user_account.id", null=True),
        *_lead_act(),
        sa.Column("next_date", sa.Date(), nullable=True),
        _moment("received_at"),
        _moment("opened_at", null=True),
        _moment("closed_at", null=True),
        _text("reporter_id", 32, "user_account.id"),
        _text("submission", 32, unique=True),
        *_row(),
    )
    op.create_table("dossier_counter", _number("year", primary_key=True, autoincrement=False), _number("last"))
    op.create_table(
        "compartment",
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("cell_id", 32, "cell.id"),
        _text("kind", 16),
        _text("owner_id", 32),
        *_row(),
        sa.UniqueConstraint("dossier_id", "kind", "owner_id"),
    )
    op.create_table(
        "compartment_version",
        _text("compartment_id", 32, "compartment.id", index=True),
        _number("number"),
        _text("maker_id", 32, "certificate.id"),
        *_bytes("statement", "signature"),
        *_bytes("previous", null=True),
        *_row(),
        sa.UniqueConstraint("compartment_id", "number"),
    )
    op.create_table(
        "box",
        _text("compartment_id", 32, "compartment.id", index=True),
        _number("key_version"),
        _text("holder_id", 32),
        _flag("to_ring"),
        _text("title", 16),
        _text("reference", 32),
        _moment("until", null=True),
        *_bytes("sealed"),
        _flag("rewrapped"),
        *_bytes("mac"),
        _id(),
        sa.UniqueConstraint("compartment_id", "holder_id", "title", "reference"),
    )
    op.create_index("ix_box_holder_id_title", "box", ["holder_id", "title"])


def _content() -> None:
    for table, columns in SEALED.items():
        op.create_table(table, *_bytes(*columns), *_sealed_row())
    op.create_table(
        "entry",
        _text("kind", 24),
        _text("author_id", 32, "user_account.id"),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        _moment("written_at"),
        _text("corrects_id", 32, "entry.id", null=True),
        _text("submission", 32, unique=True),
        *_bytes("body"),
        *_sealed_row(),
    )
    op.create_index("ix_entry_timeline", "entry", ["compartment_id", "written_at"])
    op.create_table(
        "entry_key",
        _text("entry_id", 32, "entry.id", primary_key=True),
        _text("holder", 12, primary_key=True),
        *_bytes("sealed", "signature"),
    )


def _history() -> None:
    """SQLAlchemy-Continuum's: who wrote under which action, and each row as that write left it. No foreign keys: history outlives."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(sa.schema.CreateSequence(sa.Sequence("transaction_id_seq")))
    op.create_table(
        "transaction",
        _big("id", primary_key=True, autoincrement=False),
        sa.Column("issued_at", sa.DateTime()),
        _text("actor", 32),
        _text("action", 64),
    )
    for table, columns in SEALED.items():
        _versions(table, *_bytes(*columns, null=True), *_sealed_version())
    _versions(
        "entry",
        _text("kind", 24, null=True),
        _text("author_id", 32, null=True),
        sa.Column("occurred_on", sa.Date()),
        _moment("written_at", null=True),
        _text("corrects_id", 32, null=True),
        _text("submission", 32, null=True),
        *_bytes("body", null=True),
        *_sealed_version(),
    )
    _versions(
        "dossier", _text("number", 16, null=True), _text("cell_id", 32, null=True, index=True), _text("programme", 32, null=True),
        _text("status", 16, null=True), _text("lead_id", 32, null=True), *_lead_act(), sa.Column("next_date", sa.Date()),
        _moment("received_at", null=True), _moment("opened_at", null=True), _moment("closed_at", null=True),
        _text("reporter_id", 32, null=True), _text("submission", 32, null=True),
    )  # fmt: skip


def _lead_act() -> list[sa.Column[Any]]:
    return [*_bytes("lead_statement", "lead_signature", null=True), _text("lead_signer_id", 32, null=True)]


def _sealed_version() -> list[sa.Column[Any]]:
    """What every history of a content row has."""
    return [_number("key_version", null=True), _text("compartment_id", 32, null=True, index=True)]


def _versions(table: str, *columns: sa.Column[Any]) -> None:
    name = f"{table}_version"
    op.create_table(
        name,
        *columns,
        _number("version", null=True),
        _id(),
        _big("transaction_id", primary_key=True, autoincrement=False, index=True),
        sa.Column("operation_type", sa.SmallInteger(), nullable=False, index=True),
    )
    op.create_index(f"ix_{name}_pk_transaction_id", name, ["id", sa.text("transaction_id DESC")])


def _ledger() -> None:
    op.create_table(
        "ledger_leaf",
        _big("seq", primary_key=True, autoincrement=False),
        *_bytes("body", "hash"),
        _text("at", 27),
        _text("actor", 128, null=True),
        _text("action", 128),
        _text("outcome", 16),
    )
    op.create_index("ix_ledger_leaf_at", "ledger_leaf", ["at"])
    op.create_index("ix_ledger_leaf_actor", "ledger_leaf", ["actor", "seq"])
    op.create_index("ix_ledger_leaf_outcome", "ledger_leaf", ["outcome", "seq"])
    op.create_table(
        "ledger_dossier",
        _big("seq", primary_key=True, autoincrement=False),
        _text("number", 128, primary_key=True),
        _text("compartments", 1024),
    )
    op.create_index("ix_ledger_dossier_number", "ledger_dossier", ["number", "seq"])
    op.create_table(
        "ledger_head",
        _number("id", primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        *_bytes("frontier", "root"),
        _text("at", 27),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
