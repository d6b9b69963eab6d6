"""The signed attendance sheet of a meeting: its reference, its scan, and who was ticked from it.

Written out, and never derived from the models. The scan lies in a table without history, so that destroying it destroys it.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0603"
down_revision = "20261122_0602"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables and one column."""
    op.add_column("meeting_seat", sa.Column("signed", sa.Boolean(), nullable=True))
    op.create_table(
        "signed_sheet",
        sa.Column("meeting_id", sa.String(32), sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(32), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True, nullable=False),
        sa.UniqueConstraint("meeting_id"),
    )
    op.create_table(
        "sheet_scan",
        sa.Column("sheet_id", sa.String(32), sa.ForeignKey("signed_sheet.id"), nullable=False),
        sa.Column("epoch_id", sa.String(32), sa.ForeignKey("ring_epoch.id"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True, nullable=False),
        sa.UniqueConstraint("sheet_id"),
    )


def downgrade() -> None:
    """As before; sheets, scans and ticks are lost."""
    op.drop_table("sheet_scan")
    op.drop_table("signed_sheet")
    op.drop_column("meeting_seat", "signed")
