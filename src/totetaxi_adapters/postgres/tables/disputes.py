"""Disputes. What they withdrew, the trigger on refunds counts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    Uuid,
)

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_adapters.postgres.tables.payments import payments
from totetaxi_core.payments.dispute import DisputeStatus

disputes = Table(
    "disputes",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("payment_id", Uuid, nullable=False),
    Column("booking_id", Uuid, nullable=False),
    Column("stripe_dispute_id", Text, nullable=False, unique=True),
    Column("amount_cents", BigInteger, nullable=False),
    Column("withdrawn_cents", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("due_by", INSTANT),
    Column("is_refundable", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    ForeignKeyConstraint(["booking_id", "payment_id"], [payments.c.booking_id, payments.c.id]),
    one_of("status", DisputeStatus),
    CheckConstraint("amount_cents > 0", name="amount_cents"),
    CheckConstraint("withdrawn_cents BETWEEN 0 AND amount_cents", name="withdrawn_cents"),
    Index(None, "booking_id"),
)
