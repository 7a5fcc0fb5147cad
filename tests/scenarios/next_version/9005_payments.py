"""A column on another table in use."""

import sqlalchemy as sa
from alembic import op

revision = "9005"
down_revision = "9004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seen_at = sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"))
    op.add_column("payments", seen_at)
