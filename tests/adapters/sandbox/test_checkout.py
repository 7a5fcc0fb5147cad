from datetime import UTC, datetime, timedelta

import httpx
import pytest

from tests.adapters.sandbox.serving import RecordingWebhook, serving
from tests.adapters.sandbox.stripe_server import SECRET, StripeServer, running_stripe
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.stripe import StripeEventReader

SESSIONS = "/v1/checkout/sessions"
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
HALF_HOUR = timedelta(minutes=30)
ASKS, TAKES_TIME, DECLINES = "4000002760003184", "4000000000008880", "4000000000000002"
ORDER = {
    "mode": "payment",
    "line_items[0][quantity]": "1",
    "line_items[0][price_data][currency]": "usd",
    "line_items[0][price_data][unit_amount]": "12500",
    "line_items[0][price_data][product_data][name]": "ToteTaxi booking TT-1",
    "payment_intent_data[metadata][payment_id]": "one of ours",
    "success_url": "https://totetaxi.example/success",
    "cancel_url": "https://totetaxi.example/cancel",
}


async def create_session(server: StripeServer, **fields: str) -> str:
    answer = await server.post(SESSIONS, ORDER | fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def test_given_an_order_when_a_session_is_made_then_its_address_is_here_and_no_intent_yet(
    stripe_server: StripeServer,
) -> None:
    answer = await stripe_server.post(SESSIONS, ORDER)

    made = answer.json()
    page = await stripe_server.http.get(made["url"])
    assert made["url"] == f"{stripe_server.url}/checkout/{made['id']}"
    assert (made["status"], made["payment_intent"], made["amount_total"]) == ("open", None, 12_500)
    assert made["expires_at"] - made["created"] == 24 * 60 * 60
    assert "payment_intent_data" not in made
    assert "$125.00" in page.text
    assert (await stripe_server.get("/v1/payment_intents"))["data"] == []


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"expires_at": "1"}, "expires_at"),
        ({"mode": "subscription"}, "mode"),
        ({"line_items[0][quantity]": "0"}, "line_items"),
        ({"success_url": "javascript:alert(1)"}, "success_url"),
        ({"customer_email": "nobody"}, "customer_email"),
        ({"idempotency_key": "one"}, "idempotency_key"),
        ({"line_items[0][price_data][unit_amount]": "12.5"}, "unit_amount"),
    ],
)
async def test_given_a_bad_order_when_a_session_is_made_then_the_parameter_is_blamed(
    stripe_server: StripeServer, changes: dict[str, str], param: str
) -> None:
    answer = await stripe_server.post(SESSIONS, ORDER | changes)

    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


async def test_given_a_page_when_a_browser_pays_then_it_comes_back_to_a_page_that_is_complete(
    stripe_server: StripeServer,
) -> None:
    session_id = await create_session(stripe_server)
    form = {"checkout_session_id": session_id, "card": "4242424242424242"}

    answer = await stripe_server.http.post(
        f"{stripe_server.url}/pay", data=form, follow_redirects=True
    )

    assert answer.history[0].status_code == 303
    assert "<strong>complete</strong>" in answer.text
    assert 'href="https://totetaxi.example/success"' in answer.text
    assert 'name="card"' not in answer.text


async def test_given_a_declined_card_when_a_browser_pays_then_the_page_says_why_and_stays_open(
    stripe_server: StripeServer,
) -> None:
    session_id = await create_session(stripe_server)
    form = {"checkout_session_id": session_id, "card": DECLINES}

    answer = await stripe_server.http.post(
        f"{stripe_server.url}/pay", data=form, follow_redirects=True
    )

    assert "Your card was declined." in answer.text
    assert 'name="card"' in answer.text


async def test_given_a_payer_who_approves_when_decided_then_the_page_is_complete(
    stripe_server: StripeServer,
) -> None:
    session_id = await create_session(stripe_server)
    waiting = (await stripe_server.pay_session(session_id, ASKS)).json()
    page = await stripe_server.http.get(f"{stripe_server.url}/checkout/{session_id}")

    await stripe_server.authenticate(waiting["payment_intent_id"], "approve")

    session = await stripe_server.get(f"{SESSIONS}/{session_id}")
    assert (waiting["checkout_session_id"], waiting["status"]) == (session_id, "requires_action")
    assert "Approve" in page.text
    assert (session["status"], session["payment_status"]) == ("complete", "paid")


async def test_given_an_intent_of_a_session_when_cancelled_or_confirmed_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    session_id = await create_session(stripe_server)
    intent_id = (await stripe_server.pay_session(session_id, DECLINES)).json()["payment_intent_id"]

    answers = [
        await stripe_server.post(f"/v1/payment_intents/{intent_id}/cancel"),
        await stripe_server.post(
            f"/v1/payment_intents/{intent_id}/confirm", {"payment_method": "pm_card_visa"}
        ),
    ]

    assert [answer.status_code for answer in answers] == [400, 400]
    assert all("Checkout Session" in answer.json()["error"]["message"] for answer in answers)
    assert (await stripe_server.get(f"{SESSIONS}/{session_id}"))["status"] == "open"


async def test_given_an_intent_of_a_session_when_paid_by_its_id_then_the_session_goes_along(
    stripe_server: StripeServer,
) -> None:
    session_id = await create_session(stripe_server)
    intent_id = (await stripe_server.pay_session(session_id, DECLINES)).json()["payment_intent_id"]

    paid = await stripe_server.pay(intent_id)

    assert paid.json()["status"] == "succeeded"
    assert (await stripe_server.get(f"{SESSIONS}/{session_id}"))["status"] == "complete"


@pytest.mark.parametrize("body", [{}, {"payment_intent_id": "pi_1", "checkout_session_id": "cs_1"}])
async def test_given_none_or_both_ids_when_paid_then_it_is_refused(
    stripe_server: StripeServer, body: dict[str, str]
) -> None:
    answer = await stripe_server.http.post(f"{stripe_server.url}/pay", json=body | {"card": "4242"})

    assert answer.status_code == 400
    assert "Name one of" in answer.json()["error"]["message"]


async def test_given_an_expired_or_paid_session_when_expired_again_then_it_is_refused(
    stripe_server: StripeServer,
) -> None:
    paid = await create_session(stripe_server)
    await stripe_server.pay_session(paid)
    gone = await create_session(stripe_server)
    first = await stripe_server.post(f"{SESSIONS}/{gone}/expire")

    answers = [await stripe_server.post(f"{SESSIONS}/{one}/expire") for one in (gone, paid)]

    assert (first.status_code, first.json()["status"]) == (200, "expired")
    assert [answer.status_code for answer in answers] == [400, 400]
    assert (await stripe_server.pay_session(gone)).status_code == 400


async def test_given_a_session_when_its_time_is_over_then_it_lapses_and_tells_so_by_itself(
    sandbox_database: str,
) -> None:
    clock, webhook = SettableClock(START), RecordingWebhook()
    async with (
        serving(webhook) as url,
        running_stripe(sandbox_database, webhook_url=url, clock=clock) as server,
    ):
        ends = str(int((START + HALF_HOUR).timestamp()))
        session_id = await create_session(server, expires_at=ends)
        clock.advance(HALF_HOUR)

        await webhook.wait_until(lambda: "checkout.session.expired" in webhook.kinds)

    [event] = [StripeEventReader(SECRET, livemode=False).read(*sent) for sent in webhook.deliveries]
    assert event.session_id == session_id


@pytest.mark.parametrize(
    ("outcome", "told"),
    [("approve", "async_payment_succeeded"), ("deny", "async_payment_failed")],
)
async def test_given_a_slow_bank_when_it_decides_then_the_session_s_events_say_so(
    sandbox_database: str, outcome: str, told: str
) -> None:
    webhook = RecordingWebhook()
    async with serving(webhook) as url, running_stripe(sandbox_database, webhook_url=url) as server:
        session_id = await create_session(server)
        intent_id = (await server.pay_session(session_id, TAKES_TIME)).json()["payment_intent_id"]
        await webhook.wait_until(lambda: "checkout.session.completed" in webhook.kinds)

        answer = await server.authenticate(intent_id, outcome)
        await webhook.wait_until(lambda: f"checkout.session.{told}" in webhook.kinds)

    completed = next(one for one in webhook.events if one["type"] == "checkout.session.completed")
    assert completed["data"]["object"]["payment_status"] == "unpaid"
    assert completed["data"]["object"]["payment_intent"] == intent_id
    assert answer.status_code in (httpx.codes.OK, httpx.codes.PAYMENT_REQUIRED)
