"""Customers; every booking has a contact, also one that is in an account."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
CONTACT = ("first_name", "last_name", "email", "phone")
SEARCHED = ("email", "first_name", "last_name")


def upgrade() -> None:
    _create_customers()
    op.drop_constraint("ck_bookings_guest_or_customer", "bookings")
    op.drop_constraint("ck_bookings_whole_guest", "bookings")
    for name in CONTACT:
        op.alter_column("bookings", f"guest_{name}", new_column_name=f"contact_{name}")
        op.alter_column("bookings", f"contact_{name}", nullable=False)
    for name in (*(f"{each}_search" for each in SEARCHED), "phone"):
        op.execute(f"ALTER INDEX ix_bookings_guest_{name} RENAME TO ix_bookings_contact_{name}")
    op.create_foreign_key(
        "fk_bookings_customer_id", "bookings", "customers", ["customer_id"], ["id"]
    )


def downgrade() -> None:
    op.execute("LOCK TABLE customers IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql("SELECT 1 FROM customers LIMIT 1").first():
        raise CommandError("customers has rows, which this would lose")
    op.drop_constraint("fk_bookings_customer_id", "bookings")
    for name in (*(f"{each}_search" for each in SEARCHED), "phone"):
        op.execute(f"ALTER INDEX ix_bookings_contact_{name} RENAME TO ix_bookings_guest_{name}")
    for name in CONTACT:
        op.alter_column("bookings", f"contact_{name}", nullable=True)
        op.alter_column("bookings", f"contact_{name}", new_column_name=f"guest_{name}")
    op.create_check_constraint(
        op.f("ck_bookings_guest_or_customer"),
        "bookings",
        "num_nonnulls(guest_email, customer_id) = 1",
    )
    op.create_check_constraint(
        op.f("ck_bookings_whole_guest"),
        "bookings",
        "num_nulls(guest_first_name, guest_last_name, guest_email, guest_phone) IN (0, 4)",
    )
    op.drop_table("customers")


def _create_customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("preferred_pickup_time", sa.Text, nullable=False),
        sa.Column("email_notifications", sa.Boolean, nullable=False),
        sa.Column("sms_notifications", sa.Boolean, nullable=False),
        sa.Column("total_bookings", sa.Integer, nullable=False),
        sa.Column("total_spent_cents", sa.BigInteger, nullable=False),
        sa.Column("last_booking_at", INSTANT),
        sa.Column("is_vip", sa.Boolean, nullable=False),
        sa.Column("stripe_customer_id", sa.Text),
        sa.Column("token_version", sa.Integer, nullable=False),
        sa.Column("deleted_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("stripe_customer_id", name="uq_customers_stripe_customer_id"),
        sa.CheckConstraint(
            "preferred_pickup_time IN ('early_morning', 'mid_morning', 'late_morning')",
            name=op.f("ck_customers_preferred_pickup_time"),
        ),
        sa.CheckConstraint("total_bookings >= 0", name=op.f("ck_customers_total_bookings")),
        sa.CheckConstraint(
            "deleted_at IS NULL OR"
            " (email || first_name || last_name || phone || password_hash) = ''",
            name=op.f("ck_customers_erased"),
        ),
    )
    op.create_index("ix_customers_created_at_id", "customers", ["created_at", "id"])
    op.create_index(
        "ix_customers_created_at_id_vip",
        "customers",
        ["created_at", "id"],
        postgresql_where=sa.text("is_vip"),
    )
    op.create_index("ix_customers_phone", "customers", ["phone"])
    op.create_index(
        "uq_customers_email",
        "customers",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    for name in SEARCHED:
        how = sa.text(f"lower({name}) text_pattern_ops")
        op.create_index(f"ix_customers_{name}_search", "customers", [how])
