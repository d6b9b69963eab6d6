"""The directory of services.

Written out, and never derived from the models.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0501"
down_revision = "20261122_0401"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table of reference data."""
    op.create_table(
        "service",
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("institution", sa.String(120), nullable=False),
        sa.Column("institution_id", sa.String(32), sa.ForeignKey("institution.id"), nullable=True),
        sa.Column("needs", sa.String(400), nullable=False),
        sa.Column("programmes", sa.String(200), nullable=False),
        sa.Column("age_min", sa.Integer(), nullable=True),
        sa.Column("age_max", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(300), nullable=False),
        sa.Column("address", sa.String(160), nullable=False),
        sa.Column("sector", sa.String(40), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(40), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("state_until", sa.Date(), nullable=True),
        sa.Column("state_on", sa.Date(), nullable=False),
        sa.Column("identity", sa.String(64), nullable=False),
        sa.Column("name_key", sa.String(240), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.String(32), sa.ForeignKey("user_account.id"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(32), primary_key=True, nullable=False),
        sa.UniqueConstraint("identity"),
    )
    op.create_index("ix_service_closed_at_name_key", "service", ["closed_at", "name_key"])


def downgrade() -> None:
    """As before; the directory is lost."""
    op.drop_table("service")
