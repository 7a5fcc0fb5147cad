"""The files on bookings: what they are, and where they are kept."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.documents.document import DocumentKind

# `sha256` is in hexadecimal; a booking keeps the same content once.
documents = Table(
    "documents",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("content_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("storage_key", Text, nullable=False),
    Column("uploaded_by", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("stored_at", INSTANT),
    Column("removed_at", INSTANT),
    one_of("kind", DocumentKind),
    CheckConstraint("size_bytes > 0", name="size_bytes"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
    UniqueConstraint("storage_key"),
    Index(
        "uq_documents_booking_id_sha256_stored",
        "booking_id",
        "sha256",
        unique=True,
        postgresql_where=text("stored_at IS NOT NULL AND removed_at IS NULL"),
    ),
    Index("ix_documents_booking_id_created_at_id", "booking_id", "created_at", "id"),
    Index(
        "ix_documents_created_at_id_pending",
        "created_at",
        "id",
        postgresql_where=text("stored_at IS NULL AND removed_at IS NULL"),
    ),
)
