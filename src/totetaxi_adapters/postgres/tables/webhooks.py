"""Who subscribes to our events, and what they are owed and got."""

from sqlalchemy import (
    ARRAY,
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
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.webhooks.delivery import DeliveryState
from totetaxi_core.webhooks.subscription import SubscriptionState

webhook_subscriptions = Table(
    "webhook_subscriptions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("url", Text, nullable=False),
    Column("event_types", ARRAY(Text), nullable=False),
    Column("description", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("pause_reason", Text),
    Column("secret_version", Integer, nullable=False),
    Column("previous_secret_until", INSTANT),
    Column("failing_since", INSTANT),
    Column("last_success_at", INSTANT),
    Column("rests_until", INSTANT),
    Column("leased_until", INSTANT),
    one_of("state", SubscriptionState),
    CheckConstraint("(state = 'paused') = (pause_reason IS NOT NULL)", name="pause_reason"),
)

# Only events that somebody wanted. `sequence` counts those of a booking.
webhook_events = Table(
    "webhook_events",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id)),
    Column("sequence", Integer, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Index(None, "booking_id", "sequence"),
    Index(None, "created_at"),
)

# `booking_id`, `sequence` and `created_at` are the event's, for the indexes.
webhook_deliveries = Table(
    "webhook_deliveries",
    METADATA,
    Column("subscription_id", Uuid, ForeignKey(webhook_subscriptions.c.id), primary_key=True),
    Column("event_id", Uuid, ForeignKey(webhook_events.c.id), primary_key=True),
    Column("booking_id", Uuid),
    Column("sequence", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_since", INSTANT, nullable=False),
    Column("next_at", INSTANT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("done_at", INSTANT),
    Column("last_status", Integer),
    Column("last_error", Text),
    Column("last_answer", Text, nullable=False),
    one_of("state", DeliveryState),
    CheckConstraint("(state = 'due') = (done_at IS NULL)", name="done_at"),
    Index(None, "subscription_id", "created_at", "event_id"),
    Index(None, "event_id"),
    Index(None, "done_at"),
    Index(
        "ix_webhook_deliveries_next_at_due",
        "subscription_id",
        "next_at",
        "event_id",
        postgresql_where=text("state = 'due'"),
    ),
    Index(
        "ix_webhook_deliveries_booking_id_due",
        "subscription_id",
        "booking_id",
        "sequence",
        postgresql_where=text("state = 'due'"),
    ),
)
