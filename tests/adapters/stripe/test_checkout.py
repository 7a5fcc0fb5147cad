from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer
from tests.adapters.stripe.orders import session_order
from totetaxi_adapters.stripe import StripeCheckoutGateway, StripePaymentGateway
from totetaxi_core.payments.checkout import SessionEndError, SessionStatus
from totetaxi_core.payments.gateway import PaymentMisconfiguredError, PaymentUnavailableError

SUCCESS_URL = "https://totetaxi.example/success?session={CHECKOUT_SESSION_ID}"
CANCEL_URL = "https://totetaxi.example/cancel"


def in_an_hour() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


@pytest.fixture
async def checkout(gateway: StripePaymentGateway) -> StripeCheckoutGateway:
    return StripeCheckoutGateway(gateway.connection, success_url=SUCCESS_URL, cancel_url=CANCEL_URL)


async def test_given_an_order_when_created_then_session_and_intent_both_carry_our_ids(
    checkout: StripeCheckoutGateway, stripe_server: StripeServer
) -> None:
    order = session_order(expires_at=in_an_hour())

    made = await checkout.create_session(order)
    await stripe_server.pay_session(made.id)

    raw = await stripe_server.get(f"/v1/checkout/sessions/{made.id}")
    intent = await stripe_server.get(f"/v1/payment_intents/{raw['payment_intent']}")
    marks = {
        "booking_id": str(order.booking_id),
        "booking_number": "TT-7K3M9QXA",
        "payment_id": str(order.payment_id),
        "attempt": "1",
    }
    assert raw["metadata"] == intent["metadata"] == marks
    assert raw["client_reference_id"] == str(order.booking_id)
    assert raw["customer_email"] == intent["receipt_email"] == "ann@example.com"
    assert (raw["success_url"], raw["cancel_url"]) == (SUCCESS_URL, CANCEL_URL)
    assert (raw["mode"], intent["amount"]) == ("payment", 99_500)
    assert raw["expires_at"] == int(order.expires_at.timestamp())


async def test_given_a_failure_stripe_keeps_when_created_then_it_says_that_it_answered(
    checkout: StripeCheckoutGateway, stripe_server: StripeServer
) -> None:
    rule = {"action": "refuse", "status": 500, "path": "/v1/checkout/*", "times": 3}
    await stripe_server.plan_faults(rule)

    with pytest.raises(PaymentUnavailableError) as refusal:
        await checkout.create_session(session_order(expires_at=in_an_hour()))

    assert refusal.value.answered


async def test_given_an_end_in_the_past_when_created_then_it_is_refused_for_that(
    checkout: StripeCheckoutGateway,
) -> None:
    gone = in_an_hour() - timedelta(hours=2)

    with pytest.raises(SessionEndError):
        await checkout.create_session(session_order(expires_at=gone))


async def test_given_too_little_money_when_created_then_a_person_must_look(
    checkout: StripeCheckoutGateway,
) -> None:
    with pytest.raises(PaymentMisconfiguredError):
        await checkout.create_session(session_order(expires_at=in_an_hour(), amount_cents=49))


async def test_given_a_page_paid_before_a_replay_when_created_again_then_it_is_read_as_paid(
    checkout: StripeCheckoutGateway, stripe_server: StripeServer
) -> None:
    order = session_order(expires_at=in_an_hour())
    made = await checkout.create_session(order)
    await stripe_server.pay_session(made.id)

    again = await checkout.create_session(order)
    other = await checkout.create_session(replace(order, attempt=2))

    assert (again.id, again.status) == (made.id, SessionStatus.COMPLETE)
    assert other.id != made.id
