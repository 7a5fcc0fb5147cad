import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any, LiteralString

import psycopg

from tests.adapters.sandbox.onfleet.onfleet_server import (
    SECRET,
    OnfleetServer,
    refusal,
    running_onfleet,
)
from tests.adapters.sandbox.serving import DEADLINE_S, RecordingWebhook, serving
from totetaxi_adapters.sandbox.onfleet.events import manner_of

COMPLETED = [
    "taskCreated",
    "taskAssigned",
    "taskStarted",
    "taskEta",
    "taskArrival",
    "taskCompleted",
]
UNPROVEN: tuple[tuple[bytes, dict[str, Any], int], ...] = (
    (b"application/json", {}, 1008),
    (b"text/plain", {"url": "http://127.0.0.1:9"}, 1008),
    (b"text/plain", {"url": "http://example.com"}, 1008),
    (b"text/plain", {"url": "nothing"}, 1008),
    (b"text/plain", {"trigger": 11}, 1000),
    (b"text/plain", {"trigger": True}, 1000),
    (b"text/plain", {"name": ""}, 1000),
)
UNDELIVERED = "SELECT count(*) FROM sandbox.onfleet_events WHERE delivered_at IS NULL"


async def test_given_no_registration_when_a_task_is_driven_then_the_service_gets_signed_events(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_onfleet(sandbox_database, webhook_url=url) as server,
    ):
        task = await server.create()
        await server.move(task["id"], "completed")
        await webhook.wait_until(lambda: len(webhook.deliveries) == len(COMPLETED))

    assert sorted(webhook.kinds) == sorted(COMPLETED)
    done = next(event for event in webhook.events if event["triggerId"] == 3)
    assert done["taskId"] == task["id"]
    assert done["actionContext"] == {"type": "WORKER", "id": done["workerId"]}
    assert done["data"]["task"]["state"] == 3
    assert done["data"]["task"]["completionDetails"]["success"] is True
    assert done["data"]["task"]["metadata"] == task["metadata"]
    sign = manner_of(SECRET, failures_allowed=0).headers
    for body, signature in webhook.deliveries:
        assert sign(body.decode())["X-Onfleet-Signature"] == signature


def test_given_the_fixed_vector_when_signed_then_the_key_is_the_decoded_secret() -> None:
    # Of Onfleet's way to sign: HMAC-SHA512 in hexadecimal, by the bytes the secret stands for.
    signature = manner_of("aa" * 32, failures_allowed=0).headers('{"taskId": "abc"}')

    assert signature["X-Onfleet-Signature"] == (
        "d886510dd192feb322f716ae7f7d3e8f84d6313c7d692d7c748ac268d0c65fd3"
        "df797af2f8fd10c415cdc271eafee35f6dd7474d868596077eb61f685f3a1e9a"
    )


async def test_given_every_other_act_when_done_then_its_event_is_sent(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_onfleet(sandbox_database, webhook_url=url) as server,
    ):
        deleted, failed = (await server.create())["id"], (await server.create())["id"]
        await server.ask("PUT", f"/tasks/{deleted}", {"notes": "new"})
        await server.move(deleted, "assigned")
        await server.move(deleted, "unassigned")
        await server.ask("DELETE", f"/tasks/{deleted}")
        await server.move(failed, "failed", failure_reason="WRONG_ADDRESS")
        await webhook.wait_until(lambda: "taskFailed" in webhook.kinds)
        await webhook.wait_until(lambda: "taskDeleted" in webhook.kinds)

    assert {"taskUpdated", "taskAssigned", "taskUnassigned"} <= set(webhook.kinds)
    assert "taskCompleted" not in webhook.kinds
    told = next(event for event in webhook.events if event["triggerId"] == 4)
    details = told["data"]["task"]["completionDetails"]
    assert (details["success"], details["failureReason"]) == (False, "WRONG_ADDRESS")


async def test_given_webhooks_when_registered_then_each_gets_its_trigger_alone_and_twice_is_twice(
    sandbox_database: str,
) -> None:
    own, theirs = RecordingWebhook(), RecordingWebhook()
    async with (
        serving(own) as own_url,
        serving(theirs) as url,
        running_onfleet(sandbox_database, webhook_url=own_url) as server,
    ):
        registered = [await register(server, f"{url}/?a=1", trigger) for trigger in (6, 8, 8)]
        task_id = (await server.create())["id"]
        await server.ask("DELETE", f"/tasks/{task_id}")
        await theirs.wait_until(lambda: len(theirs.deliveries) == 3)
        listed = await server.ask("GET", "/webhooks")
        for one in registered:
            await server.ask("DELETE", f"/webhooks/{one['id']}")
        await server.create()
        await own.wait_until(lambda: own.kinds == ["taskCreated"])

    assert Counter(theirs.kinds) == {"taskCreated": 1, "taskDeleted": 2}
    assert [(one["trigger"], one["isEnabled"]) for one in listed] == [
        (6, True),
        (8, True),
        (8, True),
    ]


async def test_given_addresses_that_prove_nothing_when_registered_then_refused(
    onfleet: OnfleetServer,
) -> None:
    webhook, answers = RecordingWebhook(), []

    async with serving(webhook) as url:
        for handshake, body, _ in UNPROVEN:
            webhook.handshake_type = handshake
            sent = {"url": url, "name": "ours", "trigger": 0} | body
            answers.append(await onfleet.call("POST", "/webhooks", sent))

    told = [refusal(answer) for answer in answers]
    assert told == [(400, "InvalidContent", subcode) for _, _, subcode in UNPROVEN]
    assert await onfleet.ask("GET", "/webhooks") == []


async def test_given_any_answer_but_200_when_sent_then_the_same_body_comes_again(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook(500, 204)
    async with (
        serving(webhook) as url,
        running_onfleet(sandbox_database, webhook_url=url) as server,
    ):
        await server.create()
        await webhook.wait_until(lambda: len(webhook.deliveries) == 3)

    assert len({body for body, _ in webhook.deliveries}) == 1


async def test_given_a_webhook_that_keeps_failing_when_sent_to_then_it_is_switched_off(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook(*[500] * 3)
    async with (
        serving(webhook) as url,
        running_onfleet(sandbox_database, failures_allowed=2) as server,
    ):
        await register(server, url, 6)
        tasks = [await server.create() for _ in range(3)]
        await webhook.wait_until(lambda: len(webhook.deliveries) >= len(tasks))
        async with asyncio.timeout(DEADLINE_S):
            while (listed := await server.ask("GET", "/webhooks"))[0]["isEnabled"]:  # noqa: ASYNC110  it is another process's state
                await asyncio.sleep(0.05)

    assert listed[0]["isEnabled"] is False


async def test_given_two_processes_when_events_are_owed_then_each_is_sent_once(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(serving(webhook))
        one, two, silent = [
            await stack.enter_async_context(running_onfleet(sandbox_database, webhook_url=where))
            for where in (url, url, None)
        ]
        await asyncio.gather(*(server.create() for server in (one, two, silent) for _ in range(5)))
        await webhook.wait_until(lambda: len(webhook.deliveries) >= 15)

    assert set(Counter(event["taskId"] for event in webhook.events).values()) == {1}
    assert count(sandbox_database, UNDELIVERED) == 0


async def test_given_a_fault_plan_when_events_leave_then_twice_late_or_when_let_go(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_onfleet(sandbox_database, webhook_url=url) as server,
    ):
        await server.plan_faults(
            {"action": "duplicate", "event": "taskCreated"},
            {"action": "reorder", "event": "taskStarted", "delay_s": 0.6},
            {"action": "hold", "event": "taskAssigned"},
        )
        task_id = (await server.create())["id"]
        await server.move(task_id, "completed")
        await webhook.wait_until(lambda: "taskStarted" in webhook.kinds)
        before = list(webhook.kinds)
        await server.http.delete(f"{server.url}/faults")
        await webhook.wait_until(lambda: "taskAssigned" in webhook.kinds)

    assert before.count("taskCreated") == 2
    assert before.index("taskStarted") > before.index("taskCompleted")
    assert webhook.kinds[-1] == "taskAssigned"


async def register(server: OnfleetServer, url: str, trigger: int) -> dict[str, Any]:
    body = {"url": url, "name": f"ours {trigger}", "trigger": trigger}
    registered: dict[str, Any] = await server.ask("POST", "/webhooks", body)
    return registered


def count(database_url: str, query: LiteralString) -> int:
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    counted: int = row[0]
    return counted
