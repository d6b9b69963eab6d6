"""The meeting room: meetings, seats, agendas, hearings, decisions, tasks, relevés.

Written out, and never derived from the models. An item is tied to a meeting that may name dossiers by a key of two columns.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261122_0401"
down_revision = "20261122_0302"
branch_labels = None
depends_on = None

TABLES = (
    "meeting",
    "meeting_seat",
    "meeting_item",
    "item_seat",
    "item_hearing",
    "meeting_note",
    "meeting_point",
    "decision",
    "task",
    "referral_out",
    "minutes",
    "minutes_copy",
    "core_member",
)
"""In the order of their keys."""


def upgrade() -> None:
    """New tables, two columns of reference data, and two that say whose departure turns a key."""
    op.add_column("institution", sa.Column("sector", sa.String(40)))
    op.add_column("user_account", sa.Column("email", sa.String(120)))
    op.add_column("ring_epoch", sa.Column("reached", sa.Text()))
    op.add_column("compartment", sa.Column("turn_due", sa.Boolean()))
    _sitting()
    _agenda()
    _outcome()
    _minutes()


def downgrade() -> None:
    """As before; what these tables held is lost."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("compartment", "turn_due")
    op.drop_column("ring_epoch", "reached")
    op.drop_column("user_account", "email")
    op.drop_column("institution", "sector")


def _sitting() -> None:
    """Meetings and seats."""
    op.create_table(
        "meeting",
        _text("cell_id", 32, "cell.id", index=True),
        _text("kind", 16),
        sa.Column("nominative", sa.Boolean(), nullable=False),
        _text("status", 12),
        _moment("starts_at"),
        _text("place", 120),
        _text("sector", 40, null=True),
        _text("caller", 24, null=True),
        _text("reason", 24, null=True),
        _text("author_id", 32, "user_account.id"),
        _moment("convened_at", null=True),
        _moment("opened_at", null=True),
        _text("opened_by", 32, null=True),
        _moment("closed_at", null=True),
        _text("current_item_id", 32, null=True),
        *_row(),
        sa.UniqueConstraint("id", "nominative"),
    )
    op.create_table(
        "meeting_seat",
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("user_id", 32, "user_account.id", null=True, index=True),
        _text("institution_id", 32, "institution.id", null=True),
        _text("profession", 32),
        _text("status", 12),
        _text("replaces_id", 32, null=True),
        _text("proposed_id", 32, null=True),
        _moment("arrived_at", null=True),
        _moment("left_at", null=True),
        _moment("reached_at", null=True),
        _text("charter_reference", 80, null=True),
        sa.Column("charter_date", sa.Date(), nullable=True),
        _text("epoch_id", 32, null=True),
        _bytes("name_sealed", null=True),
        *_row(),
        sa.UniqueConstraint("meeting_id", "user_id"),
    )


def _agenda() -> None:
    """Items, who is concerned, who heard them, and what was noted beforehand."""
    op.create_table(
        "meeting_item",
        _text("meeting_id", 32, index=True),
        sa.Column("nominative", sa.Boolean(), nullable=False),
        _text("dossier_id", 32, "dossier.id", index=True),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("origin", 16),
        _text("status", 12),
        _text("shown", 8),
        _text("informed", 12, null=True),
        _text("deferral", 24, null=True),
        _text("author_id", 32, "user_account.id"),
        _moment("called_at", null=True),
        _moment("withdrawn_at", null=True),
        *_row(),
        sa.ForeignKeyConstraint(["meeting_id", "nominative"], ["meeting.id", "meeting.nominative"]),
        sa.CheckConstraint("nominative", name="nominative"),
        sa.UniqueConstraint("meeting_id", "dossier_id"),
    )
    op.create_table(
        "item_seat",
        _text("item_id", 32, "meeting_item.id", index=True),
        _text("seat_id", 32, "meeting_seat.id", index=True),
        _text("origin", 12),
        *_row(),
        sa.UniqueConstraint("item_id", "seat_id"),
    )
    op.create_table(
        "item_hearing",
        _text("item_id", 32, "meeting_item.id", index=True),
        _text("seat_id", 32, "meeting_seat.id", index=True),
        _moment("heard_at"),
        _text("kinds", 160),
        *_row(),
    )
    op.create_table(
        "meeting_note",
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("item_id", 32, "meeting_item.id", index=True),
        _text("kind", 12),
        _text("author_id", 32, "user_account.id"),
        sa.Column("key_version", sa.Integer(), nullable=False),
        _text("epoch_id", 32, null=True),
        _moment("written_at"),
        _bytes("sealed"),
        _bytes("for_author", null=True),
        _id(),
    )
    op.create_table(
        "meeting_point",
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("author_id", 32, "user_account.id"),
        _moment("written_at"),
        _text("epoch_id", 32, "ring_epoch.id"),
        _bytes("sealed"),
        *_row(),
    )


def _outcome() -> None:
    """Decisions, tasks and orientations."""
    op.create_table(
        "decision",
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("item_id", 32, "meeting_item.id"),
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("outcome", 24),
        _text("lead_id", 32, null=True),
        _text("missing", 24, null=True),
        sa.Column("next_date", sa.Date(), nullable=True),
        _text("closing_reason", 24, null=True),
        _text("redirected_to", 24, null=True),
        _text("other_id", 32, null=True),
        _moment("applied_at", null=True),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _moment("entered_at"),
        _text("author_id", 32, "user_account.id"),
        _text("entry_id", 32, null=True),
        *_row(),
        sa.UniqueConstraint("item_id"),
    )
    op.create_table(
        "task",
        _text("kind", 12),
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("item_id", 32, "meeting_item.id", null=True, index=True),
        _text("point_id", 32, "meeting_point.id", null=True),
        _text("dossier_id", 32, "dossier.id", null=True, index=True),
        _text("owner_id", 32, "user_account.id", null=True),
        _text("institution_id", 32, "institution.id", null=True, index=True),
        sa.Column("due", sa.Date(), nullable=False),
        _text("status", 12),
        _text("author_id", 32, "user_account.id"),
        _moment("created_at"),
        _text("entry_id", 32, null=True),
        _text("extract_id", 32, null=True),
        _moment("reported_at", null=True),
        _text("reported_by", 32, null=True),
        _text("told_by", 16, null=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        _text("result_id", 32, null=True),
        *_row(),
    )
    op.create_index("ix_task_owner_id_status", "task", ["owner_id", "status"])
    op.create_table(
        "referral_out",
        _text("item_id", 32, "meeting_item.id", index=True),
        _text("dossier_id", 32, "dossier.id", index=True),
        _text("institution_id", 32, "institution.id"),
        _text("need", 24),
        _text("status", 16),
        _text("author_id", 32, "user_account.id"),
        _moment("created_at"),
        *_row(),
    )


def _minutes() -> None:
    """Relevés; and who is always convened."""
    op.create_table(
        "minutes",
        _text("meeting_id", 32, "meeting.id", index=True),
        _text("institution_id", 32, "institution.id", null=True),
        _moment("drawn_at"),
        *_row(),
        sa.UniqueConstraint("meeting_id", "institution_id"),
    )
    op.create_table(
        "minutes_copy",
        _text("minutes_id", 32, "minutes.id", index=True),
        _text("holder_id", 32, index=True),
        sa.Column("to_ring", sa.Boolean(), nullable=False),
        _bytes("sealed"),
        _id(),
        sa.UniqueConstraint("minutes_id", "holder_id"),
    )
    op.create_table(
        "core_member",
        _text("cell_id", 32, "cell.id", index=True),
        _text("user_id", 32, "user_account.id"),
        _moment("since"),
        *_row(),
        sa.UniqueConstraint("cell_id", "user_id"),
    )


def _text(name: str, length: int, to: str | None = None, *, null: bool = False, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), *([sa.ForeignKey(to)] if to else []), nullable=null, **more)


def _bytes(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _id() -> sa.Column[Any]:
    return _text("id", 32, primary_key=True)


def _row() -> list[sa.Column[Any]]:
    return [sa.Column("version", sa.Integer(), nullable=False), _id()]
