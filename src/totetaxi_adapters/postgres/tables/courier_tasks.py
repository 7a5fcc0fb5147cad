"""What is driven, and how it stands at the courier."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg

# As the indexes have them: a statement that says the same finds by them.
NOT_DELETED = "status <> 'deleted'"
AT_COURIER = "status IN ('created', 'assigned', 'active')"

courier_tasks = Table(
    "courier_tasks",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id), nullable=False, index=True),
    Column("leg", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("window_start_at", INSTANT, nullable=False),
    Column("window_end_at", INSTANT, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("onfleet_task_id", Text, unique=True),
    Column("onfleet_short_id", Text, nullable=False),
    Column("tracking_url", Text, nullable=False),
    Column("worker_id", Text),
    Column("worker_name", Text, nullable=False),
    Column("estimated_arrival_at", INSTANT),
    Column("started_at", INSTANT),
    Column("completed_at", INSTANT),
    Column("failure_reason", Text, nullable=False),
    Column("driver_notes", Text, nullable=False),
    Column("photo_ids", ARRAY(Text), nullable=False),
    Column("signature_id", Text),
    Column("address_warnings", ARRAY(Text), nullable=False),
    Column("changed_at", INSTANT),
    Column("last_synced_at", INSTANT),
    Column("claimed_until", INSTANT),
    Column("asked_at", INSTANT),
    Column("refusal", Text, nullable=False),
    Column("look_again_at", INSTANT),
    one_of("leg", Leg),
    one_of("status", CourierTaskStatus),
    CheckConstraint("window_start_at < window_end_at", name="window"),
    CheckConstraint(
        "onfleet_task_id IS NOT NULL OR status IN ('waiting', 'deleted')", name="onfleet_task_id"
    ),
    Index(
        "uq_courier_tasks_booking_id_leg",
        "booking_id",
        "leg",
        unique=True,
        postgresql_where=text(NOT_DELETED),
    ),
    Index(
        "ix_courier_tasks_window_start_at",
        "window_start_at",
        "id",
        postgresql_where=text(NOT_DELETED),
    ),
    Index("ix_courier_tasks_status_window_start_at", "status", "window_start_at", "id"),
    Index("ix_courier_tasks_open", "last_synced_at", "id", postgresql_where=text(AT_COURIER)),
    Index(
        "ix_courier_tasks_look_again_at",
        "look_again_at",
        postgresql_where=text("look_again_at IS NOT NULL"),
    ),
)
