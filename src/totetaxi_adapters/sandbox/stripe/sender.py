"""Delivers owed events to the webhook, and does what the banks do when its time has come."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import httpx
import psycopg
import stripe

from totetaxi_adapters.sandbox.database import SandboxDatabase
from totetaxi_adapters.sandbox.stripe import webhook_queue
from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.disputes import open_next
from totetaxi_adapters.sandbox.stripe.refunds import settle_next
from totetaxi_adapters.sandbox.stripe.sessions import lapse_next

LINES: Final = 2  # events under way at once
POLL_S: Final = 0.5  # how late we notice what another process owes
TIMEOUT_S: Final = 10.0

logger = logging.getLogger(__name__)


class WebhookSender:
    """Sends at least once, until answered 2xx.

    The row stays locked while its event is under way, so that several processes never send it at
    the same time, and a killed one leaves it due.
    """

    def __init__(
        self,
        database: SandboxDatabase,
        *,
        webhook_url: str | None,
        webhook_secret: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._database, self._clock = database, clock
        self._url, self._secret = webhook_url, webhook_secret
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
                lines.create_task(self._repeat(lambda: self._move_on(settle_next)))
                lines.create_task(self._repeat(lambda: self._move_on(open_next)))
                lines.create_task(self._repeat(lambda: self._move_on(lapse_next)))
                if self._url is not None:
                    for _ in range(LINES):
                        lines.create_task(self._repeat(lambda: self._deliver_next(http)))

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
                await webhook_queue.hurry(connection)
        except psycopg.Error:
            logger.warning("postponed events keep their pauses", exc_info=True)

    async def _move_on(self, step: Callable[[Account], Awaitable[bool]]) -> bool:
        async with self._database.transaction() as connection:
            worked = await step(Account(connection=connection, now=self._clock()))
        if worked:
            self.wake()
        return worked

    async def _deliver_next(self, http: httpx.AsyncClient) -> bool:
        async with self._database.transaction() as connection:
            event = await webhook_queue.next_due(connection)
            if event is None:
                return False
            sent = [await self._post(http, event.body) for _ in range(event.copies)]
            if all(sent):
                await webhook_queue.mark_delivered(connection, event)
            else:
                await webhook_queue.postpone(connection, event)
        return True

    async def _post(self, http: httpx.AsyncClient, body: str) -> bool:
        """Send once, signed as of now by the machine's own clock, which is what readers check."""
        signature = stripe.WebhookSignature.generate_signature_header(body, self._secret)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            answer = await http.post(self._url or "", content=body.encode(), headers=headers)
        except httpx.HTTPError as error:
            logger.info("webhook not delivered: %s", type(error).__name__)
            return False
        return answer.is_success


async def _wait(wake: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(POLL_S):
            await wake.wait()
    except TimeoutError:
        return
