"""What is driven, and how it stands at the courier."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STATUSES = "'waiting', 'created', 'assigned', 'active', 'completed', 'failed', 'deleted'"
ROWS = "SELECT EXISTS (SELECT FROM courier_tasks)"


def upgrade() -> None:
    """Make its table. What rests since before is taken up by the worker, a piece at a time."""
    op.create_table(
        "courier_tasks",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("leg", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("window_start_at", INSTANT, nullable=False),
        sa.Column("window_end_at", INSTANT, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("onfleet_task_id", sa.Text),
        sa.Column("onfleet_short_id", sa.Text, nullable=False),
        sa.Column("tracking_url", sa.Text, nullable=False),
        sa.Column("worker_id", sa.Text),
        sa.Column("worker_name", sa.Text, nullable=False),
        sa.Column("estimated_arrival_at", INSTANT),
        sa.Column("started_at", INSTANT),
        sa.Column("completed_at", INSTANT),
        sa.Column("failure_reason", sa.Text, nullable=False),
        sa.Column("driver_notes", sa.Text, nullable=False),
        sa.Column("photo_ids", ARRAY(sa.Text), nullable=False),
        sa.Column("signature_id", sa.Text),
        sa.Column("address_warnings", ARRAY(sa.Text), nullable=False),
        sa.Column("changed_at", INSTANT),
        sa.Column("last_synced_at", INSTANT),
        sa.Column("claimed_until", INSTANT),
        sa.Column("asked_at", INSTANT),
        sa.Column("refusal", sa.Text, nullable=False),
        sa.Column("look_again_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_courier_tasks"),
        sa.UniqueConstraint("onfleet_task_id", name="uq_courier_tasks_onfleet_task_id"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name="fk_courier_tasks_booking_id"
        ),
        sa.CheckConstraint("leg IN ('pickup', 'dropoff')", name=op.f("ck_courier_tasks_leg")),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_courier_tasks_status")),
        sa.CheckConstraint("window_start_at < window_end_at", name=op.f("ck_courier_tasks_window")),
        sa.CheckConstraint(
            "onfleet_task_id IS NOT NULL OR status IN ('waiting', 'deleted')",
            name=op.f("ck_courier_tasks_onfleet_task_id"),
        ),
    )
    _create_indexes()


def downgrade() -> None:
    """Take it away.

    Raises:
        CommandError: it has rows, without which every drive would be ordered anew.
    """
    op.execute("LOCK TABLE courier_tasks IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql(ROWS).scalar_one():
        raise CommandError("courier_tasks has rows, which this would lose")
    op.drop_table("courier_tasks")


def _create_indexes() -> None:
    op.create_index("ix_courier_tasks_booking_id", "courier_tasks", ["booking_id"])
    not_deleted = sa.text("status <> 'deleted'")
    op.create_index(
        "uq_courier_tasks_booking_id_leg",
        "courier_tasks",
        ["booking_id", "leg"],
        unique=True,
        postgresql_where=not_deleted,
    )
    op.create_index(
        "ix_courier_tasks_window_start_at",
        "courier_tasks",
        ["window_start_at", "id"],
        postgresql_where=not_deleted,
    )
    op.create_index(
        "ix_courier_tasks_status_window_start_at",
        "courier_tasks",
        ["status", "window_start_at", "id"],
    )
    op.create_index(
        "ix_courier_tasks_open",
        "courier_tasks",
        ["last_synced_at", "id"],
        postgresql_where=sa.text("status IN ('created', 'assigned', 'active')"),
    )
    op.create_index(
        "ix_courier_tasks_look_again_at",
        "courier_tasks",
        ["look_again_at"],
        postgresql_where=sa.text("look_again_at IS NOT NULL"),
    )
