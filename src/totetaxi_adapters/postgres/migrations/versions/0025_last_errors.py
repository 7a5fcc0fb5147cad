"""What the last round of a periodic task met: for the doctor."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("heartbeats", sa.Column("last_error", sa.Text))


def downgrade() -> None:
    op.drop_column("heartbeats", "last_error")
