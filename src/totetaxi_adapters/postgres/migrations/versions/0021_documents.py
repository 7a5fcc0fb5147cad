"""The files on bookings."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
KINDS = "'photo', 'certificate_of_insurance', 'floor_plan', 'proof_of_delivery', 'other'"


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("booking_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("storage_key", sa.Text, nullable=False),
        sa.Column("uploaded_by", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("stored_at", INSTANT),
        sa.Column("removed_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_documents_booking_id"),
        sa.UniqueConstraint("storage_key", name="uq_documents_storage_key"),
        sa.CheckConstraint(f"kind IN ({KINDS})", name=op.f("ck_documents_kind")),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_documents_size_bytes")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_documents_sha256")),
    )
    op.create_index(
        "uq_documents_booking_id_sha256_stored",
        "documents",
        ["booking_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("stored_at IS NOT NULL AND removed_at IS NULL"),
    )
    op.create_index(
        "ix_documents_booking_id_created_at_id", "documents", ["booking_id", "created_at", "id"]
    )
    op.create_index(
        "ix_documents_created_at_id_pending",
        "documents",
        ["created_at", "id"],
        postgresql_where=sa.text("stored_at IS NULL AND removed_at IS NULL"),
    )


def downgrade() -> None:
    op.execute("LOCK TABLE documents IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM documents)").scalar_one():
        raise CommandError("documents has rows, which this would lose")
    op.drop_table("documents")
