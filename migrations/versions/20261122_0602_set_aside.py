"""Which rules of the safe contact were set aside for a planned contact, and no other.

Written out, and never derived from the models. What was planned before keeps none: a rule that stands in its way is to be set aside anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_0602"
down_revision = "20261122_0601"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("planned_contact", sa.Column("set_aside", sa.String(80), nullable=True))


def downgrade() -> None:
    """As before; which rules were set aside is lost."""
    op.drop_column("planned_contact", "set_aside")
