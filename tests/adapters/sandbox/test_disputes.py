import asyncio
from typing import Any

import httpx
import pytest

from tests.adapters.sandbox.serving import RecordingWebhook, serving
from tests.adapters.sandbox.stripe_server import SECRET, StripeServer, running_stripe
from totetaxi_adapters.stripe import StripeEventReader

DISPUTES = "4000000000000259"
INQUIRES = "4000 0000 0000 1976"


async def disputed(server: StripeServer, card: str = DISPUTES) -> dict[str, Any]:
    return await server.wait_for_dispute(await server.create_paid_intent(card))


async def refund(server: StripeServer, dispute: dict[str, Any], **fields: str) -> httpx.Response:
    return await server.post("/v1/refunds", {"charge": dispute["charge"]} | fields)


async def test_given_a_card_that_disputes_when_it_paid_then_the_charge_says_so(
    stripe_server: StripeServer,
) -> None:
    dispute = await disputed(stripe_server)

    charge = await stripe_server.get(f"/v1/charges/{dispute['charge']}")
    again = await stripe_server.get(f"/v1/disputes/{dispute['id']}")

    [movement] = dispute["balance_transactions"]
    assert (charge["disputed"], again) == (True, dispute)
    assert (dispute["status"], dispute["is_charge_refundable"]) == ("needs_response", False)
    assert (movement["amount"], movement["fee"], movement["net"]) == (-12_500, 1_500, -14_000)


async def test_given_a_disputed_charge_when_refunded_then_it_is_refused_until_it_is_won(
    stripe_server: StripeServer,
) -> None:
    dispute = await disputed(stripe_server)

    refused = await refund(stripe_server, dispute, amount="1")
    won = await stripe_server.close_dispute(dispute["id"], "won")
    refunded = await refund(stripe_server, dispute)

    assert refused.status_code == 400
    assert refused.json()["error"]["code"] == "charge_disputed"
    assert won.json() == {"dispute_id": dispute["id"], "status": "won"}
    assert refunded.json()["amount"] == 12_500


async def test_given_a_part_refunded_when_the_rest_is_lost_then_nothing_is_left(
    stripe_server: StripeServer,
) -> None:
    intent_id = await stripe_server.create_paid_intent(INQUIRES)
    inquiry = await stripe_server.wait_for_dispute(intent_id)
    await refund(stripe_server, inquiry, amount="2500")

    too_much = await stripe_server.close_dispute(inquiry["id"], "lost")
    won = await stripe_server.close_dispute(inquiry["id"], "won")

    assert "nothing is left to take" in too_much.json()["error"]["message"]
    assert won.json()["status"] == "warning_closed"


async def test_given_a_lost_dispute_when_closed_again_or_refunded_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    dispute = await disputed(stripe_server)
    await stripe_server.close_dispute(dispute["id"], "lost")

    again = await stripe_server.close_dispute(dispute["id"], "won")
    refused = await refund(stripe_server, dispute)

    assert "already closed" in again.json()["error"]["message"]
    assert refused.json()["error"]["code"] == "charge_disputed"


async def test_given_disputes_when_listed_then_by_intent_by_charge_and_by_time(
    stripe_server: StripeServer,
) -> None:
    first = await disputed(stripe_server)
    second = await disputed(stripe_server)
    created = second["created"]

    by_charge = await stripe_server.get(f"/v1/disputes?charge={first['charge']}")
    page = await stripe_server.get("/v1/disputes?limit=1")
    rest = await stripe_server.get(f"/v1/disputes?starting_after={second['id']}")
    later = await stripe_server.get(f"/v1/disputes?created[gt]={created}")

    assert by_charge["data"] == [first]
    assert (page["data"], page["has_more"]) == ([second], True)
    assert (rest["data"], later["data"]) == ([first], [])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/disputes?status=won", 400, "parameter_unknown"),
        ("/v1/disputes?payment_intent=pi_none", 404, "resource_missing"),
        ("/v1/disputes/dp_none", 404, "resource_missing"),
    ],
)
async def test_given_a_bad_question_when_asked_then_it_is_refused(
    stripe_server: StripeServer, path: str, status: int, code: str
) -> None:
    answer = await stripe_server.http.get(f"{stripe_server.url}{path}")

    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code


async def test_given_a_browser_when_it_decides_then_it_comes_back_to_the_page(
    stripe_server: StripeServer,
) -> None:
    dispute = await disputed(stripe_server)
    page = f"{stripe_server.url}/pay/{dispute['payment_intent']}"
    before = (await stripe_server.http.get(page)).text

    answer = await stripe_server.http.post(
        f"{stripe_server.url}/disputes/close",
        data={"dispute_id": dispute["id"], "outcome": "lost"},
        follow_redirects=True,
    )

    assert "We win" in before
    assert (answer.history[0].status_code, str(answer.url)) == (303, page)
    assert "<strong>lost</strong>" in answer.text
    assert "We win" not in answer.text


async def test_given_a_webhook_when_a_dispute_opens_and_is_won_then_each_step_has_its_event(
    sandbox_database: str,
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        dispute = await disputed(server)
        await server.close_dispute(dispute["id"], "won")

        await webhook.wait_until(lambda: "charge.dispute.closed" in webhook.kinds)
        await webhook.wait_until(lambda: "charge.dispute.funds_reinstated" in webhook.kinds)

    read = [StripeEventReader(SECRET, livemode=False).read(*sent) for sent in webhook.deliveries]
    told = {event.kind for event in read if event.provider_dispute_id == dispute["id"]}
    assert told == {
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    }


async def test_given_refunds_when_a_dispute_is_decided_at_once_then_never_both_take_the_money(
    stripe_server: StripeServer,
) -> None:
    inquiry = await disputed(stripe_server, INQUIRES)

    lost, *refunds = await asyncio.gather(
        stripe_server.close_dispute(inquiry["id"], "lost"),
        *(refund(stripe_server, inquiry, amount="12500") for _ in range(3)),
    )

    charge = await stripe_server.get(f"/v1/charges/{inquiry['charge']}")
    after = await stripe_server.get(f"/v1/disputes/{inquiry['id']}")
    taken = -sum(one["amount"] for one in after["balance_transactions"])
    assert charge["amount_refunded"] + taken == 12_500
    assert [answer.status_code for answer in (lost, *refunds)].count(200) == 1
