"""Bookings and what belongs to one: quote lines, discount use, idempotency record."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Time,
    Uuid,
    func,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import LineKind

# `pricing_fields` are those of the quote that no column shows. `price_book_version`
# has no foreign key: every booking at work would share a lock on the one current row. Versions
# are never deleted, and a booking reads its own in its own transaction.
bookings = Table(
    "bookings",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_number", Text, nullable=False, unique=True),
    Column("status", Text, nullable=False),
    Column("service_type", Text, nullable=False),
    Column("pickup_date", Date, nullable=False),
    Column("pickup_time", Time, nullable=False),
    Column("pickup_at", INSTANT, nullable=False),
    Column("estimated_hours", Integer, nullable=False),
    Column("price_book_version", Integer, nullable=False),
    Column("total_cents", BigInteger, nullable=False),
    Column("pricing_fields", JSONB, nullable=False),
    Column("contact_first_name", Text, nullable=False),
    Column("contact_last_name", Text, nullable=False),
    Column("contact_email", Text, nullable=False),
    Column("contact_phone", Text, nullable=False),
    Column("customer_id", Uuid, ForeignKey("customers.id")),
    Column("pickup_address", JSONB, nullable=False),
    Column("delivery_address", JSONB(none_as_null=True)),
    Column("item_description", Text, nullable=False),
    Column("special_instructions", Text, nullable=False),
    Column("cart_key", Text, nullable=False),
    Column("placed_by", Text, nullable=False),
    Column("hold_expires_at", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("confirmed_at", INSTANT),
    Column("started_at", INSTANT),
    Column("completed_at", INSTANT),
    Column("cancelled_at", INSTANT),
    Column("cancellation_reason", Text),
    Column("version", Integer, nullable=False),
    Column("deleted_at", INSTANT),
    Column("crew_day_ends_at", Time, nullable=False, server_default="20:00"),
    one_of("status", BookingStatus),
    one_of("service_type", ServiceType),
    one_of("cancellation_reason", CancellationReason),
    CheckConstraint("pickup_time < crew_day_ends_at", name="pickup_time"),
    CheckConstraint("estimated_hours >= 1", name="estimated_hours"),
    CheckConstraint("total_cents >= 0", name="total_cents"),
    CheckConstraint("(status = 'pending') = (hold_expires_at IS NOT NULL)", name="hold_expires_at"),
    CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_at"),
    CheckConstraint("num_nulls(cancelled_at, cancellation_reason) IN (0, 2)", name="why_cancelled"),
    CheckConstraint("version >= 1", name="version"),
    Index(
        "uq_bookings_cart_key_pending",
        "cart_key",
        unique=True,
        postgresql_where=text("status = 'pending' AND deleted_at IS NULL"),
    ),
    Index(
        "ix_bookings_cart_key_standing",
        "cart_key",
        postgresql_where=text("status IN ('pending', 'confirmed', 'in_progress')"),
    ),
    Index(
        "ix_bookings_hold_expires_at",
        "hold_expires_at",
        postgresql_where=text("status = 'pending'"),
    ),
    Index("ix_bookings_created_at_id", "created_at", "id"),
    Index("ix_bookings_updated_at_id", "updated_at", "id"),
    Index("ix_bookings_status_created_at_id", "status", "created_at", "id"),
    Index(
        "ix_bookings_customer_id_created_at_id",
        "customer_id",
        "created_at",
        "id",
        postgresql_where=text("customer_id IS NOT NULL"),
    ),
    Index("ix_bookings_pickup_date_pickup_time", "pickup_date", "pickup_time"),
    Index("ix_bookings_contact_phone", "contact_phone"),
    Index(
        "ix_bookings_contact_full_name_search",
        # Grouped as the server tells it back, to be compared with that.
        literal_column("lower((contact_first_name || ' ') || contact_last_name)").label(
            "full_name"
        ),
        postgresql_ops={"full_name": "text_pattern_ops"},
    ),
)
# By bytes, whatever the language sorts by: so an index finds how a text begins.
for _name in ("contact_email", "contact_last_name"):
    Index(
        f"ix_bookings_{_name}_search",
        func.lower(bookings.c[_name]).label(_name),
        postgresql_ops={_name: "text_pattern_ops"},
    )

quote_lines = Table(
    "quote_lines",
    METADATA,
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("rule_id", Uuid),
    Column("quantity", Integer, nullable=False),
    Column("unit_cents", BigInteger),
    Column("rate_bp", Integer),
    PrimaryKeyConstraint("booking_id", "position"),
    one_of("kind", LineKind),
    CheckConstraint("quantity >= 1", name="quantity"),
    CheckConstraint("position >= 0", name="position"),
)

discount_uses = Table(
    "discount_uses",
    METADATA,
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), primary_key=True),
    Column("code_id", Uuid, nullable=False),
    Column("email_key", Text, nullable=False),
    Index(None, "code_id", "email_key"),
)

# The record is stored before its booking, so that a second request of its key waits there.
idempotency_records = Table(
    "idempotency_records",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("body_hash", Text, nullable=False),
    Column(
        "booking_id",
        Uuid,
        ForeignKey(bookings.c.id, deferrable=True, initially="DEFERRED"),
        nullable=False,
    ),
    Column("leased_until", INSTANT),
    Column("created_at", INSTANT, nullable=False),
    PrimaryKeyConstraint("scope", "key"),
    Index(None, "created_at"),
)
