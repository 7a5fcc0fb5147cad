"""Published price books, and those taken back. Triggers refuse to change or delete any."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text
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
    Column("based_on", Integer),
    Column("reason", Text),
    Column("source_text", Text),
    Column("source_format", Text),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("source_format IN ('yaml', 'json')", name="source_format"),
    CheckConstraint("(source_text IS NULL) = (source_format IS NULL)", name="source_text"),
)

price_book_withdrawals = Table(
    "price_book_withdrawals",
    METADATA,
    Column("version", ForeignKey("price_books.version"), primary_key=True, autoincrement=False),
    Column("withdrawn_by", Text, nullable=False),
    Column("withdrawn_at", INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
)
