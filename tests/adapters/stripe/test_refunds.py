import asyncio
from uuid import uuid4

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer
from tests.adapters.stripe.orders import gateway_to, intent_order, refund_order
from totetaxi_adapters.stripe import StripePaymentGateway
from totetaxi_core.payments.gateway import (
    PaymentDeclinedError,
    PaymentMisconfiguredError,
    ProviderRefund,
    RefundState,
)


async def test_given_a_paid_intent_when_refunded_then_the_refund_carries_our_id(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    order = refund_order(intent_id, 5_000)

    made = await gateway.create_refund(order)

    assert (made.refund_id, made.intent_id) == (order.refund_id, intent_id)
    assert (made.state, made.amount_cents) == (RefundState.SUCCEEDED, 5_000)
    assert await gateway.get_refund(made.id) == made
    assert await gateway.find_refunds(intent_id) == (made,)


async def test_given_a_refund_when_its_order_is_repeated_then_no_money_leaves_again(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    order = refund_order(intent_id, 5_000)

    made = [await gateway.create_refund(order) for _ in range(3)]

    assert made == [made[0]] * 3
    assert len(await gateway.find_refunds(intent_id)) == 1


async def test_given_a_part_refunded_when_more_is_asked_then_it_is_declined_for_good(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    intent_id = await stripe_server.create_paid_intent()
    await gateway.create_refund(refund_order(intent_id, 12_000))

    with pytest.raises(PaymentDeclinedError, match="greater than unrefunded"):
        await gateway.create_refund(refund_order(intent_id, 501))
    await gateway.create_refund(refund_order(intent_id, 500))
    with pytest.raises(PaymentDeclinedError, match="already been refunded"):
        await gateway.create_refund(refund_order(intent_id, 1))

    assert sum(refund.amount_cents for refund in await gateway.find_refunds(intent_id)) == 12_500


async def test_given_an_unpaid_or_unknown_intent_when_refunded_then_it_is_refused(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    unpaid = (await stripe_server.create_intent())["id"]

    with pytest.raises(PaymentDeclinedError):
        await gateway.create_refund(refund_order(unpaid, 100))
    with pytest.raises(PaymentMisconfiguredError):
        await gateway.create_refund(refund_order("pi_none", 100))

    assert await gateway.find_refunds(unpaid) == ()


async def test_given_two_gateways_when_their_refunds_race_then_the_charge_is_the_limit(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    made = await gateway.create_intent(intent_order(amount_cents=10_000))
    await stripe_server.pay(made.id)
    async with gateway_to(stripe_server.url) as other:
        tries = [
            each.create_refund(refund_order(made.id, 3_000, refund_id=uuid4()))
            for each in (gateway, other)
            for _ in range(4)
        ]

        outcomes = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(outcome, ProviderRefund) for outcome in outcomes) == 3
    assert sum(isinstance(outcome, PaymentDeclinedError) for outcome in outcomes) == 5
