"""Customers with an account, and who is about to be one."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    literal_column,
    text,
)

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.customers.customer import PreferredPickupTime

customers = Table(
    "customers",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("email", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("preferred_pickup_time", Text, nullable=False),
    Column("email_notifications", Boolean, nullable=False),
    Column("sms_notifications", Boolean, nullable=False),
    Column("total_bookings", Integer, nullable=False),
    Column("total_spent_cents", BigInteger, nullable=False),
    Column("last_booking_at", INSTANT),
    Column("is_vip", Boolean, nullable=False),
    Column("stripe_customer_id", Text, unique=True),
    Column("token_version", Integer, nullable=False),
    Column("deleted_at", INSTANT),
    one_of("preferred_pickup_time", PreferredPickupTime),
    CheckConstraint("total_bookings >= 0", name="total_bookings"),
    CheckConstraint(
        "deleted_at IS NULL OR (email || first_name || last_name || phone || password_hash) = ''",
        name="erased",
    ),
    Index("ix_customers_created_at_id", "created_at", "id"),
    Index("ix_customers_created_at_id_vip", "created_at", "id", postgresql_where=text("is_vip")),
    Index("ix_customers_phone", "phone"),
    Index(
        "ix_customers_full_name_search",
        # Grouped as the server tells it back, to be compared with that.
        literal_column("lower((first_name || ' ') || last_name)").label("full_name"),
        postgresql_ops={"full_name": "text_pattern_ops"},
    ),
)
Index(
    "uq_customers_email",
    func.lower(customers.c.email),
    unique=True,
    postgresql_where=text("deleted_at IS NULL"),
)
# By bytes, whatever the language sorts by: so an index finds how a text begins.
for _name in ("email", "last_name"):
    Index(
        f"ix_customers_{_name}_search",
        func.lower(customers.c[_name]).label(_name),
        postgresql_ops={_name: "text_pattern_ops"},
    )
