"""Alembic's environment: migrates on the connection it is given.

Each migration is a transaction of its own, unless the connection is in one for all of them.
"""

from collections.abc import Collection, Mapping
from typing import Any

import structlog
from alembic import context
from alembic.runtime.environment import NameFilterParentNames, NameFilterType
from alembic.runtime.migration import MigrationContext, MigrationInfo

from totetaxi_adapters.postgres.tables import METADATA

NOT_OURS = ("procrastinate_", "alembic_")


def is_ours(name: str | None, kind: NameFilterType, _parents: NameFilterParentNames) -> bool:
    """Tell whether the tables of METADATA should say something about this."""
    return kind != "table" or not (name or "").startswith(NOT_OURS)


def tell(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    """Log one line a migration; Alembic names these arguments."""
    del ctx, heads, run_args
    revision = step.up_revision_id if step.is_upgrade else step.down_revision_ids
    told = structlog.get_logger(__name__)
    told.info("migrated", revision=revision, is_upgrade=step.is_upgrade)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_name=is_ours,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=True,
    on_version_apply=tell,
)
with context.begin_transaction():
    context.run_migrations()
