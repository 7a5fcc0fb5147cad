"""Delivers owed events to webhooks, and does what happens at a provider when its time has come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

import attrs
import httpx
import psycopg

from totetaxi_adapters.sandbox.database import Connection, SandboxDatabase
from totetaxi_adapters.sandbox.webhook_queue import OwedEvent, WebhookQueue

LINES: Final = 2  # events under way at once
POLL_S: Final = 0.5  # how late we notice what another process owes
TIMEOUT_S: Final = 10.0

Step: TypeAlias = Callable[[Connection], Awaitable[bool]]

logger = logging.getLogger(__name__)


async def _until_accepted(_: Connection, __: OwedEvent, *, accepted: bool) -> bool:
    return not accepted


@attrs.frozen(kw_only=True)
class Manner:
    """How a provider sends.

    `headers` signs a body; `accepts` tells whether a status is an answer as it must be. `settle`
    is told of each attempt in its transaction, and tells whether the event is to be sent again.
    `has_subscribers` where events may name their webhook themselves.
    """

    headers: Callable[[str], Mapping[str, str]]
    accepts: Callable[[int], bool]
    settle: Callable[..., Awaitable[bool]] = _until_accepted
    has_subscribers: bool = False


class WebhookSender:
    """Sends at least once, until accepted or given up.

    The row stays locked while its event is under way, so that several processes never send it at
    the same time, and a killed one leaves it due. `steps` are what else happens by itself: each
    does one thing that is due, and tells whether there was one.
    """

    def __init__(
        self,
        database: SandboxDatabase,
        queue: WebhookQueue,
        manner: Manner,
        *,
        webhook_url: str | None,
        steps: Sequence[Step] = (),
    ) -> None:
        self._database, self._queue, self._manner = database, queue, manner
        self._url, self._steps = webhook_url, steps
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look for due events now."""
        self._wake.set()
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled."""
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http:
            await self._hurry()
            async with asyncio.TaskGroup() as lines:
                for step in self._steps:
                    lines.create_task(self._repeat(partial(self._move_on, step)))
                if self._url is not None or self._manner.has_subscribers:
                    for _ in range(LINES):
                        lines.create_task(self._repeat(partial(self._deliver_next, http)))

    async def _repeat(self, step: Callable[[], Awaitable[bool]]) -> None:
        """Repeat a step at once while it finds work; else when woken, or after the poll."""
        while True:
            wake = self._wake
            try:
                worked = await step()
            except Exception:
                logger.exception("the sandbox's sender failed; it goes on")
                worked = False
            if not worked:
                await _wait(wake)

    async def _hurry(self) -> None:
        try:
            async with self._database.transaction() as connection:
                await self._queue.hurry(connection)
        except psycopg.Error:
            logger.warning("postponed events keep their pauses", exc_info=True)

    async def _move_on(self, step: Step) -> bool:
        async with self._database.transaction() as connection:
            worked = await step(connection)
        if worked:
            self.wake()
        return worked

    async def _deliver_next(self, http: httpx.AsyncClient) -> bool:
        async with self._database.transaction() as connection:
            event = await self._queue.next_due(connection, with_own=self._url is not None)
            if event is None:
                return False
            sent = [await self._post(http, event) for _ in range(event.copies)]
            if await self._manner.settle(connection, event, accepted=all(sent)):
                await self._queue.postpone(connection, event)
            else:
                await self._queue.mark_delivered(connection, event)
        return True

    async def _post(self, http: httpx.AsyncClient, event: OwedEvent) -> bool:
        headers = self._manner.headers(event.body)
        url = event.url or self._url or ""
        try:
            answer = await http.post(url, content=event.body.encode(), headers=dict(headers))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            logger.info("webhook not delivered: %s", type(error).__name__)
            return False
        return self._manner.accepts(answer.status_code)


async def _wait(wake: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(POLL_S):
            await wake.wait()
    except TimeoutError:
        return
