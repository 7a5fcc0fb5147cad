"""What the next version adds: columns on a table in use, and a table that refers to them."""

import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "NEWEST"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bookings", sa.Column("van_id", sa.Uuid))
    fragile = sa.Column("is_fragile", sa.Boolean, nullable=False, server_default=sa.text("false"))
    op.add_column("bookings", fragile)
    op.create_table(
        "vans",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("first_booking_id", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_vans"),
        sa.ForeignKeyConstraint(["first_booking_id"], ["bookings.id"], name="fk_vans_booking"),
    )
