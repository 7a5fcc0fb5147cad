"""The events owed to the webhook. A row waits until a sender has been answered 2xx."""

import json
from typing import Final

import attrs
import stripe

from totetaxi_adapters.sandbox.database import Connection
from totetaxi_adapters.sandbox.stripe import faults
from totetaxi_adapters.sandbox.stripe.ids import new_id
from totetaxi_adapters.sandbox.stripe.refusal import Json

FIRST_PAUSE_S: Final = 0.5
LONGEST_PAUSE_S: Final = 30.0
TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS sandbox.stripe_events (
        seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text NOT NULL UNIQUE,
        body text NOT NULL,
        copies integer NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL,
        delivered_at timestamptz
    )""",
    """CREATE INDEX IF NOT EXISTS stripe_events_due ON sandbox.stripe_events (due_at, seq)
        WHERE delivered_at IS NULL""",
)


@attrs.frozen
class OwedEvent:
    """A locked row of the queue; `copies` is how often a fault wants it sent."""

    seq: int
    body: str
    copies: int
    attempts: int


async def add(
    connection: Connection, kind: str, data: Json, *, created: int, request: Json
) -> None:
    """Owe one event with this `data`.

    A webhook fault that matches its kind decides when and how often it goes.
    """
    event_id = new_id("event")
    body = {
        "id": event_id,
        "object": "event",
        "api_version": stripe.api_version,
        "created": created,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": request,
        "type": kind,
    }
    delivery = await faults.take_delivery(connection, kind)
    await connection.execute(
        """INSERT INTO sandbox.stripe_events (id, body, copies, due_at)
        VALUES (%s, %s, %s, CASE WHEN %s THEN 'infinity'
            ELSE clock_timestamp() + %s * interval '1 second' END)""",
        (event_id, json.dumps(body), delivery.copies, delivery.held, delivery.delay_s),
    )


async def next_due(connection: Connection) -> OwedEvent | None:
    """Lock the event that is due the longest and that no other sender holds."""
    cursor = await connection.execute(
        """SELECT seq, body, copies, attempts FROM sandbox.stripe_events
        WHERE delivered_at IS NULL AND due_at <= clock_timestamp()
        ORDER BY due_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED"""
    )
    row = await cursor.fetchone()
    return OwedEvent(*row) if row else None


async def mark_delivered(connection: Connection, event: OwedEvent) -> None:
    await connection.execute(
        """UPDATE sandbox.stripe_events
        SET delivered_at = clock_timestamp(), attempts = attempts + 1 WHERE seq = %s""",
        (event.seq,),
    )


async def postpone(connection: Connection, event: OwedEvent) -> None:
    """Try again later, each time after twice the pause."""
    pause_s = min(FIRST_PAUSE_S * 2 ** min(event.attempts, 10), LONGEST_PAUSE_S)
    await connection.execute(
        """UPDATE sandbox.stripe_events SET attempts = attempts + 1,
        due_at = clock_timestamp() + %s * interval '1 second' WHERE seq = %s""",
        (pause_s, event.seq),
    )


async def hurry(connection: Connection) -> None:
    """Make every postponed event due now: a new sender starts without old pauses."""
    await connection.execute(
        """UPDATE sandbox.stripe_events SET due_at = clock_timestamp()
        WHERE seq IN (SELECT seq FROM sandbox.stripe_events
            WHERE delivered_at IS NULL AND attempts > 0 AND due_at < 'infinity'
            FOR UPDATE SKIP LOCKED)"""
    )


async def release_held(connection: Connection) -> None:
    await connection.execute(
        """UPDATE sandbox.stripe_events SET due_at = clock_timestamp()
        WHERE delivered_at IS NULL AND due_at = 'infinity'"""
    )
