"""One index for what is owed and not done: what is due, how much, and what is in trouble."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNFINISHED = "ix_owed_effects_state_due_at"
DUE = "ix_owed_effects_due_at"


def upgrade() -> None:
    where = sa.text("state <> 'done'")
    op.create_index(UNFINISHED, "owed_effects", ["state", "due_at"], postgresql_where=where)
    op.drop_index(DUE, "owed_effects")


def downgrade() -> None:
    op.create_index(DUE, "owed_effects", ["due_at"], postgresql_where=sa.text("state = 'due'"))
    op.drop_index(UNFINISHED, "owed_effects")
