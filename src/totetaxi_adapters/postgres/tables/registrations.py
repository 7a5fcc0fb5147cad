"""Who asked for an account, and who asked for a new password."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, Uuid, func

from totetaxi_adapters.postgres.tables.customers import customers
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

registrations = Table(
    "registrations",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False, index=True),
)
Index("ix_registrations_email_created_at_id", func.lower(registrations.c.email), "created_at", "id")

password_resets = Table(
    "password_resets",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey(customers.c.id), nullable=False, index=True),
    Column("account_version", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False, index=True),
)
