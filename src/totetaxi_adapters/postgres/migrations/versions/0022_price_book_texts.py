"""Why a price book was published and from which file; versions taken back while they waited."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
ADDED = ("source_format", "source_text", "reason", "based_on")
CHECKS = {
    "source_format": "source_format IN ('yaml', 'json')",
    "source_text": "(source_text IS NULL) = (source_format IS NULL)",
}
KEPT = """
    SELECT FROM price_books WHERE reason IS NOT NULL OR source_text IS NOT NULL
    UNION ALL SELECT FROM price_book_withdrawals
"""


def upgrade() -> None:
    op.add_column("price_books", sa.Column("based_on", sa.Integer))
    op.add_column("price_books", sa.Column("reason", sa.Text))
    op.add_column("price_books", sa.Column("source_text", sa.Text))
    op.add_column("price_books", sa.Column("source_format", sa.Text))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_price_books_{name}"), "price_books", rule)
    op.create_table(
        "price_book_withdrawals",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("withdrawn_by", sa.Text, nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_price_book_withdrawals"),
        sa.ForeignKeyConstraint(
            ["version"], ["price_books.version"], name="fk_price_book_withdrawals_version"
        ),
    )
    op.execute(
        "CREATE TRIGGER price_book_withdrawals_immutable"
        " BEFORE UPDATE OR DELETE OR TRUNCATE ON price_book_withdrawals"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_price_book_change()"
    )


def downgrade() -> None:
    op.execute("LOCK TABLE price_books, price_book_withdrawals IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql(f"SELECT EXISTS ({KEPT})").scalar_one():
        raise CommandError("price_books has reasons, texts or withdrawals, which this would lose")
    op.drop_table("price_book_withdrawals")
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_price_books_{name}"), "price_books")
    for column in ADDED:
        op.drop_column("price_books", column)
