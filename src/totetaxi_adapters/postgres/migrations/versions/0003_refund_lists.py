"""Indexes for the lists of refunds."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_refunds_created_at_id", "refunds", ["created_at", "id"])
    op.create_index("ix_refunds_status_created_at_id", "refunds", ["status", "created_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_refunds_status_created_at_id", "refunds")
    op.drop_index("ix_refunds_created_at_id", "refunds")
