"""Delivers events to client systems, beside the job queue: who is silent holds up nobody else.

What is due stands in `webhook_deliveries`; a claim there leases a subscription, so that any number
of processes may do this. A subscriber has one call at a time, and each call a slot.
"""

import asyncio
from typing import Final

import structlog

from totetaxi_adapters.origin import at_work
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError
from totetaxi_core.webhooks.deliver_events import claim_deliveries, deliver
from totetaxi_core.webhooks.repositories import Claim

SLOTS: Final = 8
PAUSE_S: Final = 1.0
GRACE_S: Final = 13  # a call under way ends by itself before that
_LOG = structlog.get_logger(__name__)


async def keep_delivering(ports: Ports, terms: Terms) -> None:
    """Deliver whatever is due, until cancelled; the calls under way are then waited for."""
    running: set[asyncio.Task[None]] = set()
    try:
        while True:
            for claim in await _claims(ports, limit=SLOTS - len(running)):
                running.add(asyncio.create_task(_deliver(claim, ports, terms)))
            running -= await _first_done(running)
    finally:
        if running:
            _, late = await asyncio.wait(running, timeout=GRACE_S)
            for task in late:
                task.cancel()


async def _claims(ports: Ports, *, limit: int) -> tuple[Claim, ...]:
    if not limit:
        return ()
    try:
        return await claim_deliveries(ports, limit=limit)
    except DomainError as error:
        _LOG.warning("events_not_claimed", code=error.code)
        return ()


async def _first_done(running: set[asyncio.Task[None]]) -> set[asyncio.Task[None]]:
    """Wait for a call to end, for a moment at most, in which new events may have come."""
    if not running:
        await asyncio.sleep(PAUSE_S)
        return set()
    done, _ = await asyncio.wait(running, timeout=PAUSE_S, return_when=asyncio.FIRST_COMPLETED)
    return done


async def _deliver(claim: Claim, ports: Ports, terms: Terms) -> None:
    """Deliver one; whatever goes wrong is written down, or its lease runs out."""
    event = claim.delivery.event
    try:
        with at_work(event_id=str(event.id), booking_id=event.booking_id and str(event.booking_id)):
            await deliver(claim, ports, terms)
    except DomainError as error:
        _LOG.warning("delivery_not_kept", code=error.code)
    except Exception as error:  # noqa: BLE001  one event must not end the delivery of others
        _LOG.exception("delivery_failed", error=type(error).__name__)
