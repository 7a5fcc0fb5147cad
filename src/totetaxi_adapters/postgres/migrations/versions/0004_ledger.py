"""The ledger, with what was charged and refunded before it posted."""

from pathlib import Path

from alembic import op
from alembic.util import CommandError

from totetaxi_adapters.postgres.migrations.sql_file import execute_file

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    execute_file(op.get_bind(), Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    # What is recorded elsewhere could be posted again, but not when it was first posted.
    op.execute("LOCK TABLE ledger_entries IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql("SELECT 1 FROM ledger_entries LIMIT 1").first():
        raise CommandError("ledger_entries has rows, which this would lose")
    op.drop_table("ledger_postings")
    op.drop_table("ledger_entries")
    op.execute("DROP FUNCTION refuse_ledger_change(), refuse_unbalanced_ledger_entry()")
