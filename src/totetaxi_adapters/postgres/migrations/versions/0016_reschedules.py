"""Reschedules: their payments, the slots they hold, and prices that change in the ledger."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
PURPOSES = "purpose IN ('booking', 'duplicate')"
PURPOSES_AND_RESCHEDULE = "purpose IN ('booking', 'reschedule', 'duplicate')"
KINDS = "kind IN ('charge', 'refund', 'refund_failed', 'dispute', 'dispute_returned')"
KINDS_AND_REPRICED = KINDS.replace("'charge',", "'charge', 'repriced',")
PAYMENT_OR_CASH = (
    "payment_id IS NOT NULL OR kind = 'charge' OR starts_with(cause, 'cash_returned:')"
)
PAYMENT_OR_REPRICED = PAYMENT_OR_CASH.replace("= 'charge'", "IN ('charge', 'repriced')")
ROWS = """
    SELECT EXISTS (SELECT FROM reschedules),
        EXISTS (SELECT FROM ledger_entries WHERE kind = 'repriced')
"""


def upgrade() -> None:
    _check("payments", "purpose", PURPOSES_AND_RESCHEDULE)
    _check("ledger_entries", "kind", KINDS_AND_REPRICED)
    _check("ledger_entries", "payment_id", PAYMENT_OR_REPRICED)
    _create_reschedules()


def downgrade() -> None:
    op.execute("LOCK TABLE reschedules, ledger_entries IN ACCESS EXCLUSIVE MODE")
    moved, repriced = op.get_bind().exec_driver_sql(ROWS).one()
    if moved or repriced:
        table = "reschedules" if moved else "ledger_entries"
        raise CommandError(f"{table} has rows, which this would lose")
    op.drop_table("reschedules")
    _check("ledger_entries", "payment_id", PAYMENT_OR_CASH)
    _check("ledger_entries", "kind", KINDS)
    _check("payments", "purpose", PURPOSES)


def _create_reschedules() -> None:
    op.create_table(
        "reschedules",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("payment_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("quote", JSONB, nullable=False),
        sa.Column("pickup_at", INSTANT, nullable=False),
        sa.Column("previous_pickup_at", INSTANT, nullable=False),
        sa.Column("difference_cents", sa.BigInteger, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reschedules"),
        sa.UniqueConstraint("payment_id", name="uq_reschedules_payment_id"),
        sa.ForeignKeyConstraint(
            ["booking_id", "payment_id"],
            ["payments.booking_id", "payments.id"],
            name="fk_reschedules_booking_id_payment_id",
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'ended')", name=op.f("ck_reschedules_state")
        ),
        sa.CheckConstraint("difference_cents > 0", name=op.f("ck_reschedules_difference_cents")),
    )
    pending = sa.text("state = 'pending'")
    op.create_index(
        "uq_reschedules_booking_id_pending",
        "reschedules",
        ["booking_id"],
        unique=True,
        postgresql_where=pending,
    )
    op.create_index(
        "ix_reschedules_expires_at", "reschedules", ["expires_at"], postgresql_where=pending
    )


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
