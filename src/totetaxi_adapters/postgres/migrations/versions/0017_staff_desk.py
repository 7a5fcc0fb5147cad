"""Wrong passwords by username, who decided on a refund, the list of payments, whole names."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
LOCKED = """
    INSERT INTO login_tries (name_key, failures, last_failed_at, locked_until)
    SELECT encode(sha256(convert_to(lower(username), 'UTF8')), 'hex'), failed_logins, now(),
        locked_until
    FROM staff_accounts WHERE failed_logins > 0 OR locked_until > now()
"""
PLACE = ["created_at", "id"]
FIRST_NAME = "lower(contact_first_name) text_pattern_ops"
FULL_NAME = "lower(contact_first_name || ' ' || contact_last_name) text_pattern_ops"


def upgrade() -> None:
    op.create_table(
        "login_tries",
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_failed_at", INSTANT, nullable=False),
        sa.Column("locked_until", INSTANT),
        sa.PrimaryKeyConstraint("name_key", name="pk_login_tries"),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_login_tries_failures")),
    )
    op.create_index("ix_login_tries_last_failed_at", "login_tries", ["last_failed_at"])
    op.execute(LOCKED)
    op.drop_column("staff_accounts", "failed_logins")
    op.drop_column("staff_accounts", "locked_until")
    op.add_column("refunds", sa.Column("decided_by", sa.Text))
    op.create_index("ix_payments_created_at_id", "payments", PLACE)
    op.create_index("ix_payments_status_created_at_id", "payments", ["status", *PLACE])
    op.create_index("ix_payments_purpose_created_at_id", "payments", ["purpose", *PLACE])
    op.drop_index("ix_bookings_contact_first_name_search", "bookings")
    op.create_index("ix_bookings_contact_full_name_search", "bookings", [sa.text(FULL_NAME)])


def downgrade() -> None:
    op.drop_index("ix_bookings_contact_full_name_search", "bookings")
    op.create_index("ix_bookings_contact_first_name_search", "bookings", [sa.text(FIRST_NAME)])
    op.drop_index("ix_payments_purpose_created_at_id", "payments")
    op.drop_index("ix_payments_status_created_at_id", "payments")
    op.drop_index("ix_payments_created_at_id", "payments")
    op.drop_column("refunds", "decided_by")
    op.add_column(
        "staff_accounts",
        sa.Column("failed_logins", sa.Integer, nullable=False, server_default="0"),
    )
    op.alter_column("staff_accounts", "failed_logins", server_default=None)
    op.create_check_constraint(
        op.f("ck_staff_accounts_failed_logins"), "staff_accounts", "failed_logins >= 0"
    )
    op.add_column("staff_accounts", sa.Column("locked_until", INSTANT))
    op.drop_table("login_tries")
