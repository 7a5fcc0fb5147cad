"""Saved cards, and whose of them an attempt to collect a payment may charge."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLE = "payment_methods"
ATTEMPTS = "payment_attempts"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("stripe_payment_method_id", sa.Text, nullable=False),
        sa.Column("card_brand", sa.Text, nullable=False),
        sa.Column("card_last_four", sa.Text, nullable=False),
        sa.Column("card_exp_month", sa.Integer, nullable=False),
        sa.Column("card_exp_year", sa.Integer, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{TABLE}"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=f"fk_{TABLE}_customer_id"),
        sa.UniqueConstraint(
            "stripe_payment_method_id", name=f"uq_{TABLE}_stripe_payment_method_id"
        ),
        sa.CheckConstraint("is_active OR NOT is_default", name=op.f(f"ck_{TABLE}_is_default")),
    )
    op.create_index(
        f"uq_{TABLE}_customer_id_default",
        TABLE,
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("is_default"),
    )
    op.create_index(
        f"ix_{TABLE}_customer_id_created_at_id",
        TABLE,
        ["customer_id", "created_at", "id"],
        postgresql_where=sa.text("is_active"),
    )
    op.add_column(ATTEMPTS, sa.Column("stripe_customer_id", sa.Text))
    op.create_check_constraint(
        op.f(f"ck_{ATTEMPTS}_stripe_customer_id"),
        ATTEMPTS,
        "kind = 'intent' OR stripe_customer_id IS NULL",
    )


def downgrade() -> None:
    for table, kept in ((TABLE, "true"), (ATTEMPTS, "stripe_customer_id IS NOT NULL")):
        op.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        rows = f"SELECT 1 FROM {table} WHERE {kept} LIMIT 1"  # noqa: S608  our own names
        if op.get_bind().exec_driver_sql(rows).first():
            raise CommandError(f"{table} has rows of saved cards, which this would lose")
    op.drop_column(ATTEMPTS, "stripe_customer_id")
    op.drop_table(TABLE)
