"""What staff write about a booking."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, Uuid

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

booking_notes = Table(
    "booking_notes",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
    Index(None, "booking_id", "created_at", "id"),
)
