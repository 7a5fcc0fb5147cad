"""Payments, their attempts, refunds, and the events Stripe has sent."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import RefundStatus

payments = Table(
    "payments",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("customer_email", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("completed_at", INSTANT),
    Column("stripe_charge_id", Text, unique=True),
    Column("card_brand", Text),
    Column("card_last_four", Text),
    one_of("purpose", PaymentPurpose),
    one_of("status", PaymentStatus),
    CheckConstraint("amount_cents >= 0", name="amount_cents"),
    UniqueConstraint("booking_id", "id"),
    Index(None, "created_at", "id"),
    Index(None, "status", "created_at", "id"),
    Index(None, "purpose", "created_at", "id"),
)

# The keys over both columns keep an attempt and a refund with their own payment's booking.
payment_attempts = Table(
    "payment_attempts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("booking_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("intent_id", Text, unique=True),
    Column("checked_at", INSTANT),
    Column("kind", Text, nullable=False, server_default="intent"),
    Column("session_id", Text, unique=True),
    Column("expires_at", INSTANT),
    Column("stripe_customer_id", Text),
    ForeignKeyConstraint(["booking_id", "payment_id"], [payments.c.booking_id, payments.c.id]),
    one_of("state", AttemptState),
    one_of("kind", AttemptKind),
    CheckConstraint("kind = 'checkout' OR session_id IS NULL", name="session_id"),
    CheckConstraint("kind = 'intent' OR stripe_customer_id IS NULL", name="stripe_customer_id"),
    CheckConstraint("(kind = 'checkout') = (expires_at IS NOT NULL)", name="expires_at"),
    CheckConstraint("number >= 1", name="number"),
    UniqueConstraint("payment_id", "number"),
    Index(None, "booking_id"),
    Index(
        "uq_payment_attempts_booking_id_live",
        "booking_id",
        unique=True,
        postgresql_where=text("state = 'live'"),
    ),
)
Index(
    "ix_payment_attempts_unchecked_since",
    func.coalesce(payment_attempts.c.checked_at, payment_attempts.c.created_at),
    postgresql_where=text("state = 'live'"),
)

refunds = Table(
    "refunds",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("booking_id", Uuid, nullable=False),
    Column("amount_cents", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("stripe_refund_id", Text, unique=True),
    Column("failure_reason", Text),
    Column("decided_by", Text),
    ForeignKeyConstraint(["booking_id", "payment_id"], [payments.c.booking_id, payments.c.id]),
    one_of("status", RefundStatus),
    CheckConstraint("amount_cents > 0", name="amount_cents"),
    Index(None, "booking_id"),
    Index(None, "created_at", "id"),
    Index(None, "status", "created_at", "id"),
)

provider_events = Table(
    "provider_events",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("received_at", INSTANT, nullable=False),
)
