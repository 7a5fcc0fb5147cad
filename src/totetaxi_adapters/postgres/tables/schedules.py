"""Schedules staff have made. A trigger refuses to change or delete one."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

schedules = Table(
    "schedules",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("document", JSONB, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("version >= 1", name="version"),
)
