"""What the processes tell each other: who is alive, who has called how often."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

heartbeats = Table(
    "heartbeats",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("beat_at", INSTANT, nullable=False),
    Column("last_error", Text),
)

# Unlogged: a crash may forget who has called.
rate_limits = Table(
    "rate_limits",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("ends_at", INSTANT, nullable=False),
    CheckConstraint("hits >= 1", name="hits"),
    Index(None, "ends_at"),
    prefixes=["UNLOGGED"],
)
