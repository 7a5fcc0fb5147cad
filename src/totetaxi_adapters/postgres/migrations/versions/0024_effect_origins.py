"""Which request owed an effect: for the log lines and traces of whoever does it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("owed_effects", sa.Column("origin", postgresql.JSONB))


def downgrade() -> None:
    op.drop_column("owed_effects", "origin")
