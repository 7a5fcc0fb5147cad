"""The tables of quoting, booking, paying and settling."""

from pathlib import Path

from alembic import op
from alembic.util import CommandError

from totetaxi_adapters.postgres.migrations.sql_file import execute_file

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# In the order they can be dropped. What the last two hold is worth nothing a minute later.
TABLES = (
    "refunds",
    "payment_attempts",
    "payments",
    "discount_uses",
    "idempotency_records",
    "messages",
    "staff_acts",
    "quote_lines",
    "bookings",
    "crew_half_hours",
    "crew_dates",
    "owed_effects",
    "provider_events",
    "price_books",
)
FLEETING = ("heartbeats", "rate_limits")


def upgrade() -> None:
    execute_file(op.get_bind(), Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    bind = op.get_bind()
    for table in TABLES:
        op.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        if bind.exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first():  # noqa: S608  our names
            raise CommandError(f"{table} has rows, which this would lose")
    for table in (*TABLES, *FLEETING):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_price_book_change(), refuse_refund_beyond_payment()")
