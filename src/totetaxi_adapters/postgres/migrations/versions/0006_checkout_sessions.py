"""An attempt to collect a payment may be a Checkout session."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = "payment_attempts"


def upgrade() -> None:
    # The default is for processes of the version before, which know no other kind.
    op.add_column(TABLE, sa.Column("kind", sa.Text, nullable=False, server_default="intent"))
    op.add_column(TABLE, sa.Column("session_id", sa.Text))
    op.add_column(TABLE, sa.Column("expires_at", sa.DateTime(timezone=True)))
    op.create_unique_constraint("uq_payment_attempts_session_id", TABLE, ["session_id"])
    op.create_check_constraint(
        op.f("ck_payment_attempts_kind"), TABLE, "kind IN ('intent', 'checkout')"
    )
    op.create_check_constraint(
        op.f("ck_payment_attempts_session_id"), TABLE, "kind = 'checkout' OR session_id IS NULL"
    )
    op.create_check_constraint(
        op.f("ck_payment_attempts_expires_at"),
        TABLE,
        "(kind = 'checkout') = (expires_at IS NOT NULL)",
    )


def downgrade() -> None:
    # Without their sessions' ids, payments on their way could not be told from strangers'.
    op.execute("LOCK TABLE payment_attempts IN ACCESS EXCLUSIVE MODE")
    sessions = "SELECT 1 FROM payment_attempts WHERE kind = 'checkout' LIMIT 1"
    if op.get_bind().exec_driver_sql(sessions).first():
        raise CommandError("payment_attempts has rows of Checkout sessions, which this would lose")
    op.drop_column(TABLE, "expires_at")
    op.drop_column(TABLE, "session_id")
    op.drop_column(TABLE, "kind")
