"""The job queue, in the same database: who defers a job does it in the open transaction.

A job carries the id of an owed effect and nothing else; `owed_effects` says what to do.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.types import JSONDict

from totetaxi_adapters.postgres.engine import libpq_url

PERFORM_EFFECT: Final = "perform_effect"
EFFECTS_QUEUE: Final = "effects"


def create_job_app(
    database_url: str, *, max_connections: int = 4, application_name: str = "totetaxi-jobs"
) -> procrastinate.App:
    """Return the app, not open: only a worker opens it, deferring here needs no pool of its own.

    A worker keeps one more connection, on which it listens.
    """
    connector = procrastinate.PsycopgConnector(
        conninfo=libpq_url(database_url),
        min_size=1,
        max_size=max_connections,
        kwargs={"application_name": application_name},
    )
    return procrastinate.App(connector=connector)


class EffectJobs:
    """Defers `perform_effect(effect_id)`, a task known here by its name alone."""

    def __init__(self, app: procrastinate.App) -> None:
        self._app = app

    async def defer(
        self, effect_ids: Sequence[UUID], *, connection: psycopg.AsyncConnection[Any]
    ) -> list[int]:
        """Give each effect a job, in the connection's transaction; return the jobs' ids in order.

        Raises:
            procrastinate.exceptions.ConnectorException: the database refused; its cause says why.
        """
        deferrer = self._app.configure_task(
            PERFORM_EFFECT, queue=EFFECTS_QUEUE, connection=connection
        )
        arguments: list[JSONDict] = [{"effect_id": str(effect_id)} for effect_id in effect_ids]
        return await deferrer.batch_defer_async(*arguments)
