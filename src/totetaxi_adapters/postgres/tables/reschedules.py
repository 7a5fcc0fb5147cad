"""Bookings on their way to a dearer slot, whose crews are held until the difference is paid."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_adapters.postgres.tables.payments import payments
from totetaxi_core.bookings.reschedule import RescheduleState

# `quote` is the whole price in the new slot, with its date and time.
reschedules = Table(
    "reschedules",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, nullable=False),
    Column("payment_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("quote", JSONB, nullable=False),
    Column("pickup_at", INSTANT, nullable=False),
    Column("previous_pickup_at", INSTANT, nullable=False),
    Column("difference_cents", BigInteger, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("crew_day_ends_at", Time, nullable=False, server_default="20:00"),
    ForeignKeyConstraint(["booking_id", "payment_id"], [payments.c.booking_id, payments.c.id]),
    UniqueConstraint("payment_id"),
    one_of("state", RescheduleState),
    CheckConstraint("difference_cents > 0", name="difference_cents"),
    Index(
        "uq_reschedules_booking_id_pending",
        "booking_id",
        unique=True,
        postgresql_where=text("state = 'pending'"),
    ),
    Index(
        "ix_reschedules_expires_at",
        "expires_at",
        postgresql_where=text("state = 'pending'"),
    ),
)
