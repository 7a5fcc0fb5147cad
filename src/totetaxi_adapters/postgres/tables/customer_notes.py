"""What staff write about customers, and when they spoke with them."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Table, Text, Uuid

from totetaxi_adapters.postgres.tables.customers import customers
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.customers.customer_contact import ContactChannel, ContactDirection

customer_notes = Table(
    "customer_notes",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey(customers.c.id), nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    CheckConstraint("length(text) BETWEEN 1 AND 2000", name="text"),
    Index(None, "customer_id", "created_at", "id"),
)

customer_contacts = Table(
    "customer_contacts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("customer_id", Uuid, ForeignKey(customers.c.id), nullable=False),
    Column("channel", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    one_of("channel", ContactChannel),
    one_of("direction", ContactDirection),
    CheckConstraint("length(summary) BETWEEN 1 AND 2000", name="summary"),
    Index(None, "customer_id", "created_at", "id"),
)
