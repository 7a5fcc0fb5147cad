"""The drifts that reconciliation leaves to a person."""

from sqlalchemy import Column, ForeignKey, Table, Text, Uuid

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

# What the latest periodic look found, and nothing of before: a table of few rows, made anew.
open_drifts = Table(
    "open_drifts",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id)),
    Column("detail", Text, nullable=False),
    Column("found_at", INSTANT, nullable=False),
    Column("seen_at", INSTANT, nullable=False),
)
