"""Saved cards; removed ones stay, so that a late word of Stripe's about them is understood."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
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

payment_methods = Table(
    "payment_methods",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey(customers.c.id), nullable=False),
    Column("stripe_payment_method_id", Text, nullable=False, unique=True),
    Column("card_brand", Text, nullable=False),
    Column("card_last_four", Text, nullable=False),
    Column("card_exp_month", Integer, nullable=False),
    Column("card_exp_year", Integer, nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    CheckConstraint("is_active OR NOT is_default", name="is_default"),
    Index(
        "uq_payment_methods_customer_id_default",
        "customer_id",
        unique=True,
        postgresql_where=text("is_default"),
    ),
    Index(
        "ix_payment_methods_customer_id_created_at_id",
        "customer_id",
        "created_at",
        "id",
        postgresql_where=text("is_active"),
    ),
)
