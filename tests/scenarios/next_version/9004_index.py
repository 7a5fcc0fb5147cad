"""An index of a table in use."""

from totetaxi_adapters.postgres.migrations.concurrent_index import create_index

revision = "9004"
down_revision = "9003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_index("ix_bookings_van_id_pickup_date", "bookings", ["van_id", "pickup_date"])
