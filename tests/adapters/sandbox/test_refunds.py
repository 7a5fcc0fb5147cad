import asyncio
from typing import Any

import pytest

from tests.adapters.sandbox.serving import DEADLINE_S
from tests.adapters.sandbox.stripe_server import StripeServer, running_stripe

PENDING_REFUND = "4000 0000 0000 7726"
FAILING_REFUND = "4000000000005126"


async def test_given_a_paid_intent_when_refunded_in_parts_then_the_last_takes_what_is_left(
    stripe_server: StripeServer,
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    part = await refund(stripe_server, intent_id, amount="4000")

    rest = await refund(stripe_server, intent_id)

    assert (part["amount"], rest["amount"]) == (4_000, 8_500)
    assert (part["status"], rest["status"]) == ("succeeded", "succeeded")
    charge = await stripe_server.get(f"/v1/charges/{rest['charge']}")
    assert (charge["amount_refunded"], charge["refunded"]) == (12_500, True)
    listed = await stripe_server.get(f"/v1/refunds?payment_intent={intent_id}")
    assert listed["data"] == [rest, part]


@pytest.mark.parametrize("first", ["1", "12499"])
async def test_given_a_part_refunded_when_more_than_the_rest_is_asked_then_it_is_refused(
    stripe_server: StripeServer, first: str
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    await refund(stripe_server, intent_id, amount=first)

    answer = await stripe_server.post(
        "/v1/refunds", {"payment_intent": intent_id, "amount": str(12_501 - int(first))}
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "amount"
    assert await refunded_cents(stripe_server, intent_id) == int(first)


async def test_given_all_refunded_when_refunded_again_then_its_code_says_so(
    stripe_server: StripeServer,
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    await refund(stripe_server, intent_id)

    answer = await stripe_server.post("/v1/refunds", {"payment_intent": intent_id})

    assert answer.json()["error"]["code"] == "charge_already_refunded"


async def test_given_an_unpaid_intent_when_refunded_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    intent_id = (await stripe_server.create_intent())["id"]

    answer = await stripe_server.post("/v1/refunds", {"payment_intent": intent_id})

    assert answer.status_code == 400
    assert await refunded_cents(stripe_server, intent_id) == 0


async def test_given_two_servers_on_one_database_when_refunds_race_then_the_charge_holds(
    sandbox_database: str,
) -> None:
    async with running_stripe(sandbox_database) as one, running_stripe(sandbox_database) as two:
        intent_id = await one.create_paid_intent()
        form = {"payment_intent": intent_id, "amount": "3000"}

        answers = await asyncio.gather(
            *(server.post("/v1/refunds", form) for server in (one, two) for _ in range(6))
        )

        assert sorted(answer.status_code for answer in answers) == [200] * 4 + [400] * 8
        assert await refunded_cents(two, intent_id) == 12_000


async def test_given_a_slow_bank_when_refunded_then_it_succeeds_later(
    sandbox_database: str,
) -> None:
    async with running_stripe(sandbox_database, refund_settle_s=0.2) as server:
        intent_id = await server.create_paid_intent(PENDING_REFUND)

        made = await refund(server, intent_id)
        settled = await until_status(server, made["id"], "succeeded")

    assert (made["status"], made["pending_reason"]) == ("pending", "processing")
    assert settled["pending_reason"] is None


async def test_given_a_bank_that_sends_it_back_when_refunded_then_the_charge_is_open_again(
    sandbox_database: str,
) -> None:
    async with running_stripe(sandbox_database, refund_settle_s=0.2) as server:
        intent_id = await server.create_paid_intent(FAILING_REFUND)

        made = await refund(server, intent_id, amount="5000")
        failed = await until_status(server, made["id"], "failed")

        assert made["status"] == "succeeded"
        assert failed["failure_reason"] == "expired_or_canceled_card"
        charge = await server.get(f"/v1/charges/{made['charge']}")
        assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
        assert (await refund(server, intent_id))["amount"] == 12_500


async def refund(server: StripeServer, intent_id: str, **fields: str) -> dict[str, Any]:
    answer = await server.post("/v1/refunds", {"payment_intent": intent_id} | fields)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def refunded_cents(server: StripeServer, intent_id: str) -> int:
    listed = await server.get(f"/v1/refunds?payment_intent={intent_id}&limit=100")
    return sum(entry["amount"] for entry in listed["data"])


async def until_status(server: StripeServer, refund_id: str, status: str) -> dict[str, Any]:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            found: dict[str, Any] = await server.get(f"/v1/refunds/{refund_id}")
            if found["status"] == status:
                return found
            await asyncio.sleep(0.02)
