"""What members of staff did."""

from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

staff_acts = Table(
    "staff_acts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("staff_name", Text, nullable=False),
    Column("action_type", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id)),
    Column("created_at", INSTANT, nullable=False),
    Index(None, "booking_id", "created_at", "id"),
)
