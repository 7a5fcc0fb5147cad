"""The same constraints, held against the rows there are: everybody reads and writes meanwhile."""

from alembic import op

revision = "9003"
down_revision = "9002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE bookings VALIDATE CONSTRAINT fk_bookings_van_id")
    op.execute("ALTER TABLE bookings VALIDATE CONSTRAINT ck_bookings_van_id")
