"""The drifts left to a person, and the index by which reconciliation finds what changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "open_drifts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("booking_id", sa.Uuid),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_open_drifts"),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_open_drifts_booking_id"),
    )
    op.create_index("ix_bookings_updated_at_id", "bookings", ["updated_at", "id"])


def downgrade() -> None:
    """Drop what the next periodic look would find again."""
    op.drop_index("ix_bookings_updated_at_id", "bookings")
    op.drop_table("open_drifts")
