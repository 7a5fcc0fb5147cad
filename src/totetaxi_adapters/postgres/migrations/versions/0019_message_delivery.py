"""How messages leave, and where they must not go."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
CHANNELS = "channel IN ('email', 'sms')"
STATES = (
    "state IN ('kept', 'queued', 'sending', 'sent', 'delivered', 'refused', 'unknown', 'dropped')"
)
UNFINISHED = "state IN ('queued', 'sending', 'refused', 'unknown')"
PLACE = ["created_at", "id"]
ADDED = ("calendar", "sent_at", "last_error", "provider_id", "state", "channel")


def upgrade() -> None:
    op.add_column("messages", sa.Column("channel", sa.Text, nullable=False, server_default="email"))
    op.add_column("messages", sa.Column("state", sa.Text, nullable=False, server_default="kept"))
    op.add_column("messages", sa.Column("provider_id", sa.Text))
    op.add_column("messages", sa.Column("last_error", sa.Text))
    op.add_column("messages", sa.Column("sent_at", INSTANT))
    op.add_column("messages", sa.Column("calendar", JSONB))
    op.create_check_constraint(op.f("ck_messages_channel"), "messages", CHANNELS)
    op.create_check_constraint(op.f("ck_messages_state"), "messages", STATES)
    op.create_index("ix_messages_created_at_id", "messages", PLACE)
    op.create_index("ix_messages_kind_created_at_id", "messages", ["kind", *PLACE])
    op.create_index(
        "ix_messages_unfinished",
        "messages",
        ["state", *PLACE],
        postgresql_where=sa.text(UNFINISHED),
    )
    op.create_index(
        "ix_messages_provider_id",
        "messages",
        ["provider_id"],
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_table(
        "refused_addresses",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("booking_id", sa.Uuid),
        sa.Column("refused_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "address", name="pk_refused_addresses"),
        sa.UniqueConstraint("id", name="uq_refused_addresses_id"),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_refused_addresses_channel")),
    )
    op.create_index("ix_refused_addresses_refused_at_id", "refused_addresses", ["refused_at", "id"])
    op.create_index(
        "ix_refused_addresses_booking_id",
        "refused_addresses",
        ["booking_id"],
        postgresql_where=sa.text("booking_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("refused_addresses")
    op.drop_index("ix_messages_kind_created_at_id", "messages")
    op.drop_index("ix_messages_created_at_id", "messages")
    for column in ADDED:
        op.drop_column("messages", column)
