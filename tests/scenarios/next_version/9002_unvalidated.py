"""Constraints on tables in use, for new rows at once."""

from alembic import op

revision = "9002"
down_revision = "9001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_check_constraint(
        op.f("ck_bookings_van_id"),
        "bookings",
        "van_id IS NULL OR status <> 'pending'",
        postgresql_not_valid=True,
    )
    op.create_foreign_key(
        "fk_bookings_van_id", "bookings", "vans", ["van_id"], ["id"], postgresql_not_valid=True
    )
