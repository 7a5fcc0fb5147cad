import time
from typing import Any

import httpx
import pytest

from tests.adapters.sandbox.stripe_server import ORDER, StripeServer, running_stripe


@pytest.mark.parametrize("status", [429, 500])
async def test_given_a_refuse_fault_when_called_then_so_often_and_without_acting(
    stripe_server: StripeServer, status: int
) -> None:
    rule = {"method": "POST", "path": "/v1/payment_intents", "action": "refuse"}
    await stripe_server.plan_faults(rule | {"status": status, "times": 2})

    statuses = [
        (await stripe_server.post("/v1/payment_intents", ORDER, key="k")).status_code
        for _ in range(3)
    ]

    assert statuses == [status, status, 200]
    assert len((await stripe_server.get("/v1/payment_intents"))["data"]) == 1


@pytest.mark.parametrize(("action", "acted"), [("drop_after_acting", 1), ("drop_before_acting", 0)])
async def test_given_a_drop_fault_when_called_then_the_connection_breaks(
    stripe_server: StripeServer, action: str, acted: int
) -> None:
    await stripe_server.plan_faults({"method": "POST", "action": action, "times": 1})

    with pytest.raises(httpx.RemoteProtocolError):
        await stripe_server.post("/v1/payment_intents", ORDER)

    assert len((await stripe_server.get("/v1/payment_intents"))["data"]) == acted


@pytest.mark.parametrize("action", ["delay", "delay_after_acting"])
async def test_given_a_delay_fault_when_called_then_the_answer_takes_that_long(
    stripe_server: StripeServer, action: str
) -> None:
    path = "/v1/payment_intents/pi_*"
    await stripe_server.plan_faults({"action": action, "path": path, "delay_s": 0.3})
    intent_id = (await stripe_server.create_intent())["id"]
    began = time.monotonic()

    await stripe_server.get(f"/v1/payment_intents/{intent_id}")

    assert time.monotonic() - began >= 0.3


async def test_given_a_plan_when_another_process_serves_then_it_holds_there_too(
    sandbox_database: str,
) -> None:
    async with running_stripe(sandbox_database) as one, running_stripe(sandbox_database) as two:
        await one.plan_faults({"action": "refuse", "times": 1})

        answers = [await two.http.get(f"{two.url}/v1/payment_intents") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [500, 200]


async def test_given_a_plan_when_cleared_then_all_goes_well(stripe_server: StripeServer) -> None:
    await stripe_server.plan_faults({"action": "refuse"})

    cleared = await stripe_server.http.delete(f"{stripe_server.url}/faults")

    assert cleared.status_code == 204
    assert (await stripe_server.get("/v1/payment_intents"))["data"] == []


@pytest.mark.parametrize(
    "plan",
    [
        {},
        5,
        [{"action": "explode"}],
        [{"action": "refuse", "status": 418}],
        [{"action": "refuse", "times": 0}],
        [{"action": "delay", "delay_s": -1}],
        [{"action": "refuse", "unknown": 1}],
        [{"times": 1}],
    ],
)
async def test_given_a_plan_that_makes_no_sense_when_posted_then_nothing_is_planned(
    stripe_server: StripeServer,
    plan: Any,  # noqa: ANN401  any JSON
) -> None:
    answer = await stripe_server.http.post(f"{stripe_server.url}/faults", json=plan)

    assert answer.status_code == 400
    assert (await stripe_server.get("/v1/payment_intents"))["data"] == []
