"""Saved addresses, and how what was written about a customer is found to be erased."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "saved_addresses",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("address_line_1", sa.Text, nullable=False),
        sa.Column("address_line_2", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("zip_code", sa.Text, nullable=False),
        sa.Column("delivery_instructions", sa.Text, nullable=False),
        sa.Column("latitude", sa.Double),
        sa.Column("longitude", sa.Double),
        sa.Column("door", sa.Text, nullable=False),
        sa.Column("times_used", sa.Integer, nullable=False),
        sa.Column("last_used_at", INSTANT),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_addresses"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_saved_addresses_customer_id"
        ),
        sa.CheckConstraint("times_used >= 0", name=op.f("ck_saved_addresses_times_used")),
        sa.CheckConstraint(
            "(times_used = 0) = (last_used_at IS NULL)",
            name=op.f("ck_saved_addresses_last_used_at"),
        ),
        sa.CheckConstraint(
            "is_active OR NOT is_default", name=op.f("ck_saved_addresses_is_default")
        ),
        sa.CheckConstraint(
            "num_nulls(latitude, longitude) IN (0, 2)", name=op.f("ck_saved_addresses_point")
        ),
    )
    _create_indexes()
    op.create_index(
        "ix_messages_booking_id",
        "messages",
        ["booking_id"],
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )
    op.create_index(
        "ix_staff_acts_customer_id_position",
        "staff_acts",
        ["customer_id", "position"],
        postgresql_where=sa.text("customer_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.execute("LOCK TABLE saved_addresses IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql("SELECT 1 FROM saved_addresses LIMIT 1").first():
        raise CommandError("saved_addresses has rows, which this would lose")
    op.drop_index("ix_staff_acts_customer_id_position", "staff_acts")
    op.drop_index("ix_messages_booking_id", "messages")
    op.drop_table("saved_addresses")


def _create_indexes() -> None:
    op.create_index(
        "ix_saved_addresses_customer_id_created_at_id",
        "saved_addresses",
        ["customer_id", "created_at", "id"],
    )
    op.create_index(
        "uq_saved_addresses_customer_id_default",
        "saved_addresses",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_index(
        "uq_saved_addresses_customer_id_door",
        "saved_addresses",
        ["customer_id", "door"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
