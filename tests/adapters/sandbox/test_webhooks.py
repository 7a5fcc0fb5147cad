import asyncio
from collections import Counter
from typing import LiteralString

import psycopg

from tests.adapters.sandbox.serving import RecordingWebhook, serving
from tests.adapters.sandbox.stripe_server import SECRET, running_stripe
from totetaxi_adapters.stripe import StripeEventReader

HELD = "SELECT count(*) FROM sandbox.stripe_events WHERE due_at = 'infinity'"
UNDELIVERED = "SELECT count(*) FROM sandbox.stripe_events WHERE delivered_at IS NULL"


async def test_given_a_webhook_when_an_intent_is_paid_then_signed_events_arrive(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        intent_id = await server.create_paid_intent()
        await webhook.wait_until(lambda: "payment_intent.succeeded" in webhook.kinds)

    read = [StripeEventReader(SECRET, livemode=False).read(*sent) for sent in webhook.deliveries]

    assert {event.intent_id for event in read if event.kind.startswith("payment_")} == {intent_id}
    paid = next(event for event in webhook.events if event["type"] == "payment_intent.succeeded")
    assert paid["data"]["object"]["status"] == "succeeded"
    assert paid["api_version"] == "2026-10-28.endive"


async def test_given_a_refund_that_fails_later_when_made_then_each_step_has_its_event(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_stripe(sandbox_database, webhook_url=url, refund_settle_s=0.1) as server,
    ):
        intent_id = await server.create_paid_intent("4000000000005126")
        await server.post("/v1/refunds", {"payment_intent": intent_id})

        await webhook.wait_until(lambda: "charge.refund.updated" in webhook.kinds)
        await webhook.wait_until(lambda: "refund.failed" in webhook.kinds)

    assert {"refund.created", "charge.refunded"} <= set(webhook.kinds)


async def test_given_a_webhook_that_fails_when_sent_then_the_same_event_comes_again(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook(500, 302)
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        await server.create_intent()

        await webhook.wait_until(lambda: len(webhook.deliveries) == 3)

    assert len({event["id"] for event in webhook.events}) == 1


async def test_given_nobody_listening_when_restarted_then_the_events_are_sent(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with running_stripe(sandbox_database, webhook_url="http://127.0.0.1:9") as server:
        intent_id = await server.create_paid_intent()

    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url):
        await webhook.wait_until(lambda: len(webhook.deliveries) == 3)

    assert set(webhook.kinds) == {
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    }
    assert intent_id in {event["data"]["object"]["id"] for event in webhook.events}


async def test_given_two_senders_when_events_are_owed_then_each_is_delivered_once(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_stripe(sandbox_database, webhook_url=url) as one,
        running_stripe(sandbox_database, webhook_url=url) as two,
    ):
        await asyncio.gather(*(server.create_intent() for server in (one, two) for _ in range(15)))
        await webhook.wait_until(lambda: len(webhook.deliveries) >= 30)

    assert set(Counter(event["id"] for event in webhook.events).values()) == {1}
    assert count(sandbox_database, UNDELIVERED) == 0


async def test_given_a_duplicate_fault_when_an_event_is_sent_then_it_arrives_twice(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        rule = {"action": "duplicate", "event": "payment_intent.*", "times": 1}
        await server.plan_faults(rule)
        await server.create_paid_intent()

        await webhook.wait_until(lambda: len(webhook.deliveries) == 4)

    counts = Counter(event["id"] for event in webhook.events)
    twice = [event["type"] for event in webhook.events if counts[event["id"]] == 2]
    assert twice == ["payment_intent.created"] * 2


async def test_given_a_reorder_fault_when_events_are_sent_then_later_ones_overtake(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        rule = {"action": "reorder", "event": "payment_intent.created", "delay_s": 0.5}
        await server.plan_faults(rule)
        await server.create_paid_intent()

        await webhook.wait_until(lambda: len(webhook.deliveries) == 3)

    assert webhook.kinds[-1] == "payment_intent.created"


async def test_given_a_hold_fault_when_cleared_then_the_event_leaves(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        await server.plan_faults({"action": "hold", "event": "payment_intent.succeeded"})
        await server.create_paid_intent()
        await webhook.wait_until(lambda: len(webhook.deliveries) == 2)
        held = count(sandbox_database, HELD)

        await server.http.delete(f"{server.url}/faults")
        await webhook.wait_until(lambda: len(webhook.deliveries) == 3)

    assert held == 1
    assert webhook.kinds[-1] == "payment_intent.succeeded"


async def test_given_a_queue_of_an_older_version_when_opened_then_events_are_sent(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with running_stripe(sandbox_database):
        pass
    with psycopg.connect(sandbox_database) as connection:
        connection.execute("ALTER TABLE sandbox.stripe_events DROP COLUMN url")

    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        await server.create_intent()
        await webhook.wait_until(lambda: len(webhook.deliveries) == 1)

    assert webhook.kinds == ["payment_intent.created"]


def count(database_url: str, query: LiteralString) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    counted: int = row[0]
    return counted
