"""What staff write about customers, and the whole name to find them by."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
FIRST_NAME = "lower(first_name) text_pattern_ops"
FULL_NAME = "lower(first_name || ' ' || last_name) text_pattern_ops"


def upgrade() -> None:
    op.create_table(
        "customer_notes",
        *_facts("customer_notes"),
        sa.Column("text", sa.Text, nullable=False),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 2000", name=op.f("ck_customer_notes_text")),
    )
    op.create_table(
        "customer_contacts",
        *_facts("customer_contacts"),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("direction", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.CheckConstraint(
            "channel IN ('phone', 'email', 'sms', 'in_person')",
            name=op.f("ck_customer_contacts_channel"),
        ),
        sa.CheckConstraint(
            "direction IN ('inbound', 'outbound')", name=op.f("ck_customer_contacts_direction")
        ),
        sa.CheckConstraint(
            "length(summary) BETWEEN 1 AND 2000", name=op.f("ck_customer_contacts_summary")
        ),
    )
    for table in ("customer_notes", "customer_contacts"):
        place = ["customer_id", "created_at", "id"]
        op.create_index(f"ix_{table}_customer_id_created_at_id", table, place)
    op.drop_index("ix_customers_first_name_search", "customers")
    op.create_index("ix_customers_full_name_search", "customers", [sa.text(FULL_NAME)])


def downgrade() -> None:
    for table in ("customer_notes", "customer_contacts"):
        op.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        if op.get_bind().exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first():  # noqa: S608
            raise CommandError(f"{table} has rows, which this would lose")
    op.drop_index("ix_customers_full_name_search", "customers")
    op.create_index("ix_customers_first_name_search", "customers", [sa.text(FIRST_NAME)])
    op.drop_table("customer_contacts")
    op.drop_table("customer_notes")


def _facts(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """Return what both tables have: whose it is, who wrote it and when."""
    return (
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("staff_name", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=f"fk_{table}_customer_id"),
    )
