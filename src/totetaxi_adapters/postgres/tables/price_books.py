"""Published price books. A trigger refuses to change or delete one."""

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

price_books = Table(
    "price_books",
    METADATA,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("effective_at", INSTANT, nullable=False),
    Column("published_by", Text, nullable=False),
    Column("published_at", INSTANT, nullable=False),
    CheckConstraint("version >= 1", name="version"),
)
