"""The addresses customers keep."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)

from totetaxi_adapters.postgres.tables.customers import customers
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

# `door` is what makes two addresses the same place, as JSON.
saved_addresses = Table(
    "saved_addresses",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey(customers.c.id), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("address_line_1", Text, nullable=False),
    Column("address_line_2", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("zip_code", Text, nullable=False),
    Column("delivery_instructions", Text, nullable=False),
    Column("latitude", Double),
    Column("longitude", Double),
    Column("door", Text, nullable=False),
    Column("times_used", Integer, nullable=False),
    Column("last_used_at", INSTANT),
    Column("is_default", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    CheckConstraint("times_used >= 0", name="times_used"),
    CheckConstraint("(times_used = 0) = (last_used_at IS NULL)", name="last_used_at"),
    CheckConstraint("is_active OR NOT is_default", name="is_default"),
    CheckConstraint("num_nulls(latitude, longitude) IN (0, 2)", name="point"),
    Index("ix_saved_addresses_customer_id_created_at_id", "customer_id", "created_at", "id"),
    Index(
        "uq_saved_addresses_customer_id_default",
        "customer_id",
        unique=True,
        postgresql_where=text("is_default"),
    ),
    Index(
        "uq_saved_addresses_customer_id_door",
        "customer_id",
        "door",
        unique=True,
        postgresql_where=text("is_active"),
    ),
)
