"""Alembic's environment: migrates on the connection and in the transaction it is given."""

from alembic import context
from alembic.runtime.environment import NameFilterParentNames, NameFilterType

from totetaxi_adapters.postgres.tables import METADATA

NOT_OURS = ("procrastinate_", "alembic_")


def is_ours(name: str | None, kind: NameFilterType, _parents: NameFilterParentNames) -> bool:
    """Tell whether the tables of METADATA should say something about this."""
    return kind != "table" or not (name or "").startswith(NOT_OURS)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_name=is_ours,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
