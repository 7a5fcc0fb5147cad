"""Onfleet's events: which there are, what they hold, how they are signed, where they wait."""

import hmac
import json
from enum import IntEnum
from typing import Final
from uuid import uuid4

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.faults import FaultPlan
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import Json
from totetaxi_adapters.sandbox.sender import Manner
from totetaxi_adapters.sandbox.webhook_queue import OwedEvent, WebhookQueue

PLAN: Final = FaultPlan("onfleet")
EVENTS: Final = WebhookQueue("onfleet", PLAN)
WEBHOOK: Final = "webhook"
MOST_ATTEMPTS: Final = 49  # every half hour of a day there, much quicker here
OK: Final = 200


class Trigger(IntEnum):
    """The numbers are Onfleet's, the gap at 11 too."""

    TASK_STARTED = 0
    TASK_ETA = 1
    TASK_ARRIVAL = 2
    TASK_COMPLETED = 3
    TASK_FAILED = 4
    WORKER_DUTY = 5
    TASK_CREATED = 6
    TASK_UPDATED = 7
    TASK_DELETED = 8
    TASK_ASSIGNED = 9
    TASK_UNASSIGNED = 10
    TASK_DELAYED = 12
    TASK_CLONED = 13

    @property
    def label(self) -> str:
        """The name in payloads, such as `taskStarted`."""
        first, *rest = self.name.lower().split("_")
        return first + "".join(word.capitalize() for word in rest)


async def emit(
    organization: Organization,
    trigger: Trigger,
    *,
    task: Json | None = None,
    worker: Json | None = None,
    **facts: object,
) -> None:
    """Owe the event to each webhook of its trigger; while none is registered, to the service."""
    body = json.dumps(_envelope(organization, trigger, task, worker) | facts)
    for url in await _asking(organization, trigger):
        await EVENTS.add(
            organization.connection, trigger.label, body, event_id=str(uuid4()), url=url
        )


def manner_of(secret: str, *, failures_allowed: int) -> Manner:
    """Return how Onfleet sends: 200 alone will do. `secret` is hexadecimal.

    A webhook that failed more than `failures_allowed` times in a row is switched off.
    """
    key = bytes.fromhex(secret)

    def headers(body: str) -> dict[str, str]:
        signature = hmac.new(key, body.encode(), "sha512").hexdigest()
        return {"Content-Type": "application/json", "X-Onfleet-Signature": signature}

    async def settle(connection: Connection, event: OwedEvent, *, accepted: bool) -> bool:
        if event.url is not None:
            await _count(connection, event.url, accepted=accepted, allowed=failures_allowed)
        return not accepted and event.attempts + 1 < MOST_ATTEMPTS

    return Manner(
        headers=headers, accepts=lambda status: status == OK, settle=settle, has_subscribers=True
    )


def _envelope(
    organization: Organization, trigger: Trigger, task: Json | None, worker: Json | None
) -> Json:
    actor = organization.actor
    data = {"task": task, "worker": worker}
    return {
        "taskId": task["id"] if task else None,
        "workerId": actor["id"] if actor["type"] == "WORKER" else None,
        "adminId": actor["id"] if actor["type"] == "ADMIN" else None,
        "actionContext": actor,
        "triggerId": trigger.value,
        "triggerName": trigger.label,
        # Of a repeated event and of no other: also where the clock stands still.
        "time": max(organization.now_ms, task["timeLastModified"] if task else 0),
        "data": {name: value for name, value in data.items() if value is not None},
    }


async def _asking(organization: Organization, trigger: Trigger) -> list[str | None]:
    webhooks = await organization.select(WEBHOOK)
    if not webhooks:
        return [None]
    return [
        webhook["url"]
        for webhook in webhooks
        if webhook["trigger"] == trigger and webhook["isEnabled"]
    ]


async def _count(connection: Connection, url: str, *, accepted: bool, allowed: int) -> None:
    """Keep how often in a row the address failed."""
    await connection.execute(
        """UPDATE sandbox.onfleet_objects SET body = body || jsonb_build_object(
            'count', CASE WHEN %(accepted)s THEN 0 ELSE (body->>'count')::integer + 1 END,
            'isEnabled', (body->>'isEnabled')::boolean
                AND (%(accepted)s OR (body->>'count')::integer + 1 <= %(allowed)s))
        WHERE id IN (SELECT id FROM sandbox.onfleet_objects
            WHERE kind = 'webhook' AND body->>'url' = %(url)s
                AND NOT (%(accepted)s AND body->>'count' = '0') ORDER BY seq FOR UPDATE)""",
        {"accepted": accepted, "allowed": allowed, "url": url},
    )
