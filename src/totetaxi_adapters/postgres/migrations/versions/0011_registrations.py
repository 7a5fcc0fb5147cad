"""Registrations and password resets; kept messages hold no token any more."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_registrations()
    _create_password_resets()
    op.add_column("messages", sa.Column("token_id", sa.Uuid))
    op.execute(
        "UPDATE messages SET text ="
        " regexp_replace(text, 'manage_token=[A-Za-z0-9_.-]+', 'manage_token={manage_token}', 'g')"
        " WHERE booking_id IS NOT NULL AND text LIKE '%manage_token=%'"
    )


def downgrade() -> None:
    """Leave the messages without tokens: no longer any secret is in reach here."""
    op.execute("LOCK TABLE registrations, password_resets IN ACCESS EXCLUSIVE MODE")
    for name in ("registrations", "password_resets"):
        rows = sa.select(sa.literal(1)).select_from(sa.table(name)).limit(1)
        if op.get_bind().execute(rows).first():
            raise CommandError(f"{name} has rows, which this would lose")
    op.drop_column("messages", "token_id")
    op.drop_table("password_resets")
    op.drop_table("registrations")


def _create_registrations() -> None:
    op.create_table(
        "registrations",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
    )
    op.create_index("ix_registrations_expires_at", "registrations", ["expires_at"])
    op.create_index(
        "ix_registrations_email_created_at_id",
        "registrations",
        [sa.text("lower(email)"), "created_at", "id"],
    )


def _create_password_resets() -> None:
    op.create_table(
        "password_resets",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("customer_id", sa.Uuid, nullable=False),
        sa.Column("account_version", sa.Integer, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_password_resets"),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_password_resets_customer_id"
        ),
    )
    for name in ("customer_id", "expires_at"):
        op.create_index(f"ix_password_resets_{name}", "password_resets", [name])
