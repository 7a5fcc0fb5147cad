"""What staff write about bookings, and cash."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WITHOUT_CASH = (
    "account IN ('stripe', 'revenue', 'discounts', 'tax_payable', 'refunds', 'customer_money',"
    " 'dispute_losses')"
)
WITH_CASH = WITHOUT_CASH.replace("'stripe',", "'stripe', 'cash',")
PAYMENT_OR_FREE = "payment_id IS NOT NULL OR kind = 'charge'"
PAYMENT_OR_CASH = f"{PAYMENT_OR_FREE} OR starts_with(cause, 'cash_returned:')"
ROWS = """
    SELECT EXISTS (SELECT FROM booking_notes), EXISTS (SELECT FROM ledger_entries
    WHERE starts_with(cause, 'cash:') OR starts_with(cause, 'cash_returned:'))
"""


def upgrade() -> None:
    op.create_table(
        "booking_notes",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("staff_name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_booking_notes"),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name="fk_booking_notes_booking_id"
        ),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_booking_notes_text")),
    )
    op.create_index(
        "ix_booking_notes_booking_id_created_at_id",
        "booking_notes",
        ["booking_id", "created_at", "id"],
    )
    _check("ledger_postings", "account", WITH_CASH)
    _check("ledger_entries", "payment_id", PAYMENT_OR_CASH)


def downgrade() -> None:
    op.execute("LOCK TABLE booking_notes, ledger_entries IN ACCESS EXCLUSIVE MODE")
    noted, has_cash = op.get_bind().exec_driver_sql(ROWS).one()
    if noted or has_cash:
        table = "booking_notes" if noted else "ledger_entries"
        raise CommandError(f"{table} has rows, which this would lose")
    _check("ledger_entries", "payment_id", PAYMENT_OR_FREE)
    _check("ledger_postings", "account", WITHOUT_CASH)
    op.drop_table("booking_notes")


def _check(table: str, name: str, rule: str) -> None:
    op.drop_constraint(f"ck_{table}_{name}", table)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
