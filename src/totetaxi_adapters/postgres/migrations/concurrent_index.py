"""Indexes of tables in use, made and dropped while everybody writes.

A migration that does so does nothing else: what fails on the way is done from its beginning again.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

BROKEN: Final = sa.text(
    "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid)"
)


def create_index(
    name: str,
    table: str,
    columns: Sequence[str | sa.TextClause],
    *,
    is_unique: bool = False,
    where: str | None = None,
) -> None:
    """Build the index; one that a former try left half built is dropped first."""
    with op.get_context().autocommit_block():
        if op.get_bind().scalar(BROKEN, {"name": name}):
            op.drop_index(name, postgresql_concurrently=True)
        op.create_index(
            name,
            table,
            list(columns),
            unique=is_unique,
            postgresql_where=None if where is None else sa.text(where),
            postgresql_concurrently=True,
            if_not_exists=True,
        )


def drop_index(name: str) -> None:
    with op.get_context().autocommit_block():
        op.drop_index(name, postgresql_concurrently=True, if_exists=True)
