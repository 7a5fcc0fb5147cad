import asyncio
from datetime import UTC, datetime, timedelta

import psycopg

from tests.adapters.sandbox.serving import DEADLINE_S
from tests.adapters.sandbox.stripe_server import ORDER, StripeServer, running_stripe

LOCK = "SELECT 1 FROM sandbox.stripe_objects WHERE id = %s FOR UPDATE"


async def test_given_a_key_when_used_twice_then_the_first_answer_is_repeated(
    stripe_server: StripeServer,
) -> None:
    first = await stripe_server.post("/v1/payment_intents", ORDER, key="k")

    second = await stripe_server.post("/v1/payment_intents", ORDER, key="k")

    assert second.json() == first.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert len((await stripe_server.get("/v1/payment_intents"))["data"]) == 1


async def test_given_a_key_when_used_with_other_parameters_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    await stripe_server.post("/v1/payment_intents", ORDER, key="k")

    answer = await stripe_server.post("/v1/payment_intents", ORDER | {"amount": "99"}, key="k")

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "idempotency_error"


async def test_given_a_validation_failure_when_corrected_then_the_same_key_works(
    stripe_server: StripeServer,
) -> None:
    refused = await stripe_server.post("/v1/payment_intents", ORDER | {"amount": "1"}, key="k")

    answer = await stripe_server.post("/v1/payment_intents", ORDER, key="k")

    assert (refused.status_code, answer.status_code) == (400, 200)


async def test_given_a_decline_when_its_key_is_repeated_then_so_is_the_decline(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]
    path, form = (
        f"/v1/payment_intents/{intent_id}/confirm",
        {"payment_method": "pm_card_radarBlock", "return_url": "https://totetaxi.example"},
    )
    first = await stripe_server.post(path, form, key="k")
    await stripe_server.pay(intent_id)

    second = await stripe_server.post(path, form, key="k")

    assert (first.status_code, second.status_code) == (402, 402)
    assert second.json() == first.json()


async def test_given_a_running_call_when_its_key_comes_again_then_it_is_a_409(
    stripe_server: StripeServer, sandbox_database: str
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]
    path = f"/v1/payment_intents/{intent_id}/cancel"
    with psycopg.connect(sandbox_database) as holder:
        holder.execute(LOCK, (intent_id,))
        running = asyncio.create_task(stripe_server.post(path, key="k"))
        await _until_waiting(sandbox_database)

        duplicate = await stripe_server.post(path, key="k")

    assert duplicate.status_code == 409
    assert duplicate.json()["error"]["type"] == "idempotency_error"
    assert (await running).json()["status"] == "canceled"
    assert (await stripe_server.post(path, key="k")).json() == (await running).json()


async def _until_waiting(database_url: str) -> None:
    """Return when the sandbox waits for our row lock."""
    query = """SELECT count(*) FROM pg_stat_activity
        WHERE application_name = 'totetaxi-sandbox' AND wait_event_type = 'Lock'"""
    async with asyncio.timeout(DEADLINE_S):
        with psycopg.connect(database_url, autocommit=True) as watcher:
            while watcher.execute(query).fetchone() != (1,):  # noqa: ASYNC110  the event is in another process
                await asyncio.sleep(0.01)


async def test_given_a_key_of_yesterday_when_used_then_it_executes_anew(
    sandbox_database: str,
) -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    async with running_stripe(sandbox_database, clock=lambda: now) as server:
        first = await server.post("/v1/payment_intents", ORDER, key="k")
        now += timedelta(hours=23, minutes=59)
        same = await server.post("/v1/payment_intents", ORDER, key="k")
        now += timedelta(minutes=1)

        other = await server.post("/v1/payment_intents", ORDER, key="k")

    assert same.json()["id"] == first.json()["id"] != other.json()["id"]
