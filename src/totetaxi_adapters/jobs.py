"""The job queue, in the same database: who defers a job does it in the open transaction.

A job carries the id of an owed effect and nothing else; `owed_effects` says what to do.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.types import JSONDict

from totetaxi_adapters.postgres.bounded_connection import KEEPALIVES
from totetaxi_adapters.postgres.cancellable_pool import CancellablePool
from totetaxi_adapters.postgres.engine import libpq_url
from totetaxi_adapters.postgres.outbox import DueEffect
from totetaxi_core.notifications.message import Channel
from totetaxi_core.outbox.owed_effect import EffectKind

CONNECT_TIMEOUT_S: Final = 5
PERFORM_EFFECT: Final = "perform_effect"
MESSAGES_QUEUE: Final = "messages"
MAILS_QUEUE: Final = "mails"
TEXTS_QUEUE: Final = "texts"
PROVIDERS_QUEUE: Final = "providers"
EFFECT_QUEUES: Final = (MESSAGES_QUEUE, MAILS_QUEUE, TEXTS_QUEUE, PROVIDERS_QUEUE)


def queue_of(due: DueEffect) -> str:
    """Return an effect's queue: none waits behind another's provider that is silent.

    `messages` is for writing them, which asks nobody.
    """
    match due.kind:
        case EffectKind.SEND_MESSAGE:
            return MESSAGES_QUEUE
        case EffectKind.DELIVER_MESSAGE:
            return TEXTS_QUEUE if due.channel == Channel.SMS else MAILS_QUEUE
        case _:
            return PROVIDERS_QUEUE


def create_job_app(
    database_url: str, *, max_connections: int = 6, application_name: str = "totetaxi-jobs"
) -> procrastinate.App:
    """Return the app, not open: only a worker opens it, deferring here needs no pool of its own.

    Each worker of it keeps one more connection, on which it listens.
    """
    connector = procrastinate.PsycopgConnector(
        conninfo=libpq_url(database_url),
        pool_factory=CancellablePool,
        min_size=1,
        max_size=max_connections,
        kwargs={
            "application_name": application_name,
            "connect_timeout": CONNECT_TIMEOUT_S,
            **KEEPALIVES,
        },
    )
    return procrastinate.App(connector=connector)


class EffectJobs:
    """Defers `perform_effect(effect_id)`, a task known here by its name alone."""

    def __init__(self, app: procrastinate.App) -> None:
        self._app = app

    async def defer(
        self, effects: Mapping[UUID, DueEffect], *, connection: psycopg.AsyncConnection[Any]
    ) -> Mapping[UUID, int]:
        """Give each effect a job, in the connection's transaction; return the jobs' ids.

        Raises:
            procrastinate.exceptions.ConnectorException: the database refused; its cause says why.
        """
        jobs: dict[UUID, int] = {}
        for queue in EFFECT_QUEUES:
            effect_ids = [one for one, due in effects.items() if queue_of(due) == queue]
            if effect_ids:
                deferrer = self._app.configure_task(
                    PERFORM_EFFECT, queue=queue, connection=connection
                )
                arguments: list[JSONDict] = [{"effect_id": str(one)} for one in effect_ids]
                numbers = await deferrer.batch_defer_async(*arguments)
                jobs.update(zip(effect_ids, numbers, strict=True))
        return jobs
