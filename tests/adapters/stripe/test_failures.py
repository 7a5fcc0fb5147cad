import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
import stripe

from tests.adapters.sandbox.serving import serving
from tests.adapters.sandbox.stripe_server import StripeServer
from tests.adapters.stripe.orders import gateway_to, intent_order, refund_order
from totetaxi_adapters.stripe import StripeBounds, StripePaymentGateway
from totetaxi_adapters.stripe.failures import refusal_of
from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)

# The SDK leaves these constructors untyped.
CARD_ERROR: Callable[..., stripe.CardError] = stripe.CardError
INVALID_REQUEST_ERROR: Callable[..., stripe.InvalidRequestError] = stripe.InvalidRequestError


async def test_given_an_answer_dropped_after_acting_when_retried_then_there_is_one_intent(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    await stripe_server.plan_faults(
        {"method": "POST", "path": "/v1/payment_intents", "action": "drop_after_acting", "times": 1}
    )

    made = await gateway.create_intent(intent_order())

    listed = (await stripe_server.get("/v1/payment_intents"))["data"]
    assert [intent["id"] for intent in listed] == [made.id]


async def test_given_every_answer_dropped_when_asked_later_then_the_same_refund_is_found(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    order = refund_order(await stripe_server.create_paid_intent(), 5_000)
    await stripe_server.plan_faults(
        {"path": "/v1/refunds", "action": "drop_after_acting", "times": 3}
    )

    with pytest.raises(PaymentUnavailableError):
        await gateway.create_refund(order)
    made = await gateway.create_refund(order)

    assert await gateway.find_refunds(order.intent_id) == (made,)


@pytest.mark.parametrize(("status", "tries"), [(500, 3), (429, 1)])
async def test_given_stripe_refuses_when_called_then_it_is_unavailable_until_it_no_longer_does(
    gateway: StripePaymentGateway, stripe_server: StripeServer, status: int, tries: int
) -> None:
    order = intent_order()
    await stripe_server.plan_faults({"action": "refuse", "status": status, "times": tries})

    with pytest.raises(PaymentUnavailableError):
        await gateway.create_intent(order)

    assert (await gateway.create_intent(order)).payment_id == order.payment_id


async def test_given_two_server_errors_when_called_then_the_retries_hide_them(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    await stripe_server.plan_faults({"action": "refuse", "status": 500, "times": 2})

    made = await gateway.create_intent(intent_order())

    assert made.amount_cents == 99_500


async def test_given_a_wrong_key_when_called_then_it_is_misconfigured(
    stripe_server: StripeServer,
) -> None:
    async with gateway_to(stripe_server.url, key="sk_wrong") as gateway:
        with pytest.raises(PaymentMisconfiguredError, match="AuthenticationError"):
            await gateway.create_intent(intent_order())


async def test_given_an_amount_stripe_refuses_when_created_then_it_is_misconfigured(
    gateway: StripePaymentGateway,
) -> None:
    with pytest.raises(PaymentMisconfiguredError, match="amount_too_small"):
        await gateway.create_intent(intent_order(amount_cents=49))


async def test_given_one_key_with_two_amounts_when_created_then_it_is_misconfigured(
    gateway: StripePaymentGateway,
) -> None:
    order = intent_order()
    await gateway.create_intent(order)
    other = replace(order, amount_cents=1_000)

    with pytest.raises(PaymentMisconfiguredError, match="IdempotencyError"):
        await gateway.create_intent(other)


async def test_given_nobody_listening_when_called_then_it_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    async with gateway_to(f"http://127.0.0.1:{port}") as gateway:
        with pytest.raises(PaymentUnavailableError, match="APIConnectionError"):
            await gateway.get_intent("pi_1")


async def test_given_a_server_that_never_answers_when_called_then_it_is_unavailable_in_time() -> (
    None
):
    bounds = StripeBounds(timeout_s=0.3)
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        async with gateway_to(f"http://127.0.0.1:{port}", bounds=bounds) as gateway:
            began = loop.time()

            with pytest.raises(PaymentUnavailableError, match=r"no answer within 0\.3 s"):
                await gateway.get_intent("pi_1")

    assert loop.time() - began < 2


async def test_given_something_else_at_the_address_when_called_then_it_is_misconfigured() -> None:
    async def not_found(_: object, __: object, send: object) -> None:
        assert callable(send)
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"<p>no such page"})

    async with serving(not_found) as url, gateway_to(url) as gateway:
        with pytest.raises(PaymentMisconfiguredError):
            await gateway.create_intent(intent_order())


def test_given_a_card_error_when_translated_then_its_sentence_is_kept_for_the_payer() -> None:
    error = CARD_ERROR("Your card was declined.", "", "card_declined", http_status=402)

    refusal = refusal_of(error)

    assert isinstance(refusal, PaymentDeclinedError)
    assert str(refusal) == "Your card was declined."


def test_given_an_error_whose_body_holds_a_secret_when_translated_then_it_is_left_out() -> None:
    body = '{"client_secret": "pi_1_secret_x"}'
    error = INVALID_REQUEST_ERROR(body, None, code="x", http_body=body, http_status=400)

    refusal = refusal_of(error)

    assert isinstance(refusal, PaymentMisconfiguredError)
    assert "secret" not in str(refusal)
