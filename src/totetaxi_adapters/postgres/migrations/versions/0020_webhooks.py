"""Who subscribes to our events, and what they have got."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IS_DUE = sa.text("state = 'due'")


def upgrade() -> None:
    _make_subscriptions()
    _make_events()
    _make_deliveries()


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhook_events", "webhook_subscriptions"):
        op.drop_table(table)


def _make_subscriptions() -> None:
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("event_types", ARRAY(sa.Text), nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("pause_reason", sa.Text),
        sa.Column("secret_version", sa.Integer, nullable=False),
        sa.Column("previous_secret_until", INSTANT),
        sa.Column("failing_since", INSTANT),
        sa.Column("last_success_at", INSTANT),
        sa.Column("rests_until", INSTANT),
        sa.Column("leased_until", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_subscriptions"),
        _check("webhook_subscriptions", "state", "state IN ('active', 'paused', 'removed')"),
        _check(
            "webhook_subscriptions",
            "pause_reason",
            "(state = 'paused') = (pause_reason IS NOT NULL)",
        ),
    )


def _make_events() -> None:
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("booking_id", sa.Uuid),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("payload", JSONB, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_events"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name="fk_webhook_events_booking_id"
        ),
    )
    _index("webhook_events", "booking_id", "sequence")
    _index("webhook_events", "created_at")


def _make_deliveries() -> None:
    op.create_table(
        "webhook_deliveries",
        sa.Column("subscription_id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("booking_id", sa.Uuid),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_since", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done_at", INSTANT),
        sa.Column("last_status", sa.Integer),
        sa.Column("last_error", sa.Text),
        sa.Column("last_answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subscription_id", "event_id", name="pk_webhook_deliveries"),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhook_subscriptions.id"],
            name="fk_webhook_deliveries_subscription_id",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["webhook_events.id"], name="fk_webhook_deliveries_event_id"
        ),
        _check("webhook_deliveries", "state", "state IN ('due', 'delivered', 'failed', 'skipped')"),
        _check("webhook_deliveries", "done_at", "(state = 'due') = (done_at IS NULL)"),
    )
    _index("webhook_deliveries", "subscription_id", "created_at", "event_id")
    _index("webhook_deliveries", "event_id")
    _index("webhook_deliveries", "done_at")
    for name, columns in (
        ("next_at", ["subscription_id", "next_at", "event_id"]),
        ("booking_id", ["subscription_id", "booking_id", "sequence"]),
    ):
        op.create_index(
            f"ix_webhook_deliveries_{name}_due",
            "webhook_deliveries",
            columns,
            postgresql_where=IS_DUE,
        )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))
