"""Disputes, which count against what is left of a payment to refund."""

from pathlib import Path

from alembic import op
from alembic.util import CommandError

from totetaxi_adapters.postgres.migrations.sql_file import execute_file

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REFUNDS_ALONE = """
    CREATE OR REPLACE FUNCTION refuse_refund_beyond_payment() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        paid_cents bigint;
        refunded_cents bigint;
    BEGIN
        SELECT amount_cents INTO paid_cents FROM payments WHERE id = NEW.payment_id FOR UPDATE;
        SELECT COALESCE(sum(amount_cents), 0) INTO refunded_cents FROM refunds
            WHERE payment_id = NEW.payment_id AND status NOT IN ('rejected', 'failed');
        IF NEW.status NOT IN ('rejected', 'failed')
            AND refunded_cents + NEW.amount_cents > paid_cents THEN
            RAISE EXCEPTION 'refunds of payment % would exceed it', NEW.payment_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'refunds_within_payment';
        END IF;
        RETURN NEW;
    END;
    $$
"""


def upgrade() -> None:
    execute_file(op.get_bind(), Path(__file__).with_suffix(".sql").read_text("utf-8"))


def downgrade() -> None:
    op.execute("LOCK TABLE disputes IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql("SELECT 1 FROM disputes LIMIT 1").first():
        raise CommandError("disputes has rows, which this would lose")
    op.execute(REFUNDS_ALONE)
    op.drop_table("disputes")
