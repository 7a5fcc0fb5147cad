import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer, running_stripe
from tests.adapters.stripe.orders import gateway_to, intent_order
from totetaxi_adapters.stripe import StripePaymentGateway
from totetaxi_core.payments.gateway import IntentNotFoundError, IntentStatus

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


async def test_given_an_order_when_created_then_the_intent_carries_our_ids(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    order = intent_order()

    made = await gateway.create_intent(order)

    assert (made.booking_id, made.payment_id) == (order.booking_id, order.payment_id)
    assert (made.status, made.amount_cents) == (IntentStatus.REQUIRES_PAYMENT_METHOD, 99_500)
    assert made.client_secret.startswith(made.id)
    raw = await stripe_server.get(f"/v1/payment_intents/{made.id}")
    assert raw["receipt_email"] == "ann@example.com"
    assert raw["metadata"]["booking_number"] == "TT-7K3M9QXA"
    assert raw["metadata"]["attempt"] == "1"


async def test_given_one_order_when_created_by_many_at_once_then_there_is_one_intent(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    order = intent_order()

    made = await asyncio.gather(*(gateway.create_intent(order) for _ in range(4)))

    assert len({intent.id for intent in made}) == 1
    assert len((await stripe_server.get("/v1/payment_intents"))["data"]) == 1


async def test_given_a_paid_intent_when_its_order_is_repeated_then_it_is_read_as_paid(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    order = intent_order()
    made = await gateway.create_intent(order)
    await stripe_server.pay(made.id)

    again = await gateway.create_intent(order)

    assert (again.id, again.status) == (made.id, IntentStatus.SUCCEEDED)


async def test_given_a_next_attempt_when_created_then_it_is_another_intent(
    gateway: StripePaymentGateway,
) -> None:
    order = intent_order()
    first = await gateway.create_intent(order)

    second = await gateway.create_intent(replace(order, attempt=2))

    assert second.id != first.id
    assert second.payment_id == first.payment_id


async def test_given_a_decline_when_paid_with_another_card_then_it_succeeds(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    made = await gateway.create_intent(intent_order())
    await stripe_server.pay(made.id, "4000000000009995")
    declined = await gateway.get_intent(made.id)

    await stripe_server.pay(made.id)
    paid = await gateway.get_intent(made.id)

    assert declined.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert declined.decline_message == "Your card has insufficient funds."
    assert (paid.status, paid.decline_message) == (IntentStatus.SUCCEEDED, None)
    assert (paid.amount_received_cents, paid.card_brand, paid.card_last_four) == (
        99_500,
        "visa",
        "4242",
    )
    assert (paid.charge_id or "").startswith("ch_")


@pytest.mark.parametrize(
    ("outcome", "status", "message"),
    [
        ("approve", IntentStatus.SUCCEEDED, None),
        (
            "deny",
            IntentStatus.REQUIRES_PAYMENT_METHOD,
            "Your bank could not confirm that it was you. Please try again, or use another card.",
        ),
    ],
)
async def test_given_3d_secure_when_decided_then_the_intent_tells(
    gateway: StripePaymentGateway,
    stripe_server: StripeServer,
    outcome: str,
    status: IntentStatus,
    message: str | None,
) -> None:
    made = await gateway.create_intent(intent_order())
    await stripe_server.pay(made.id, "4000002760003184")
    waiting = await gateway.get_intent(made.id)

    await stripe_server.authenticate(made.id, outcome)
    decided = await gateway.get_intent(made.id)

    assert waiting.status is IntentStatus.REQUIRES_ACTION
    assert (decided.status, decided.decline_message) == (status, message)


async def test_given_an_unpaid_intent_when_cancelled_twice_then_both_say_cancelled(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    made = await gateway.create_intent(intent_order())

    cancelled = [await gateway.cancel_intent(made.id) for _ in range(2)]
    paid = await stripe_server.pay(made.id)

    assert [intent.status for intent in cancelled] == [IntentStatus.CANCELED] * 2
    assert paid.status_code == 400


@pytest.mark.parametrize(
    ("card", "status"),
    [
        ("4242424242424242", IntentStatus.SUCCEEDED),
        ("4000000000008880", IntentStatus.PROCESSING),
    ],
)
async def test_given_a_payer_who_was_faster_when_cancelled_then_it_says_how_it_stands(
    gateway: StripePaymentGateway, stripe_server: StripeServer, card: str, status: IntentStatus
) -> None:
    made = await gateway.create_intent(intent_order())
    await stripe_server.pay(made.id, card)

    answer = await gateway.cancel_intent(made.id)

    assert answer.status is status


async def test_given_cancel_and_pay_at_once_when_both_end_then_exactly_one_won(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    made = await gateway.create_intent(intent_order())

    cancelled, paid = await asyncio.gather(
        gateway.cancel_intent(made.id), stripe_server.pay(made.id)
    )

    assert (cancelled.status is IntentStatus.SUCCEEDED) == (paid.status_code == 200)
    assert await gateway.get_intent(made.id) == cancelled


async def test_given_an_unknown_id_when_asked_then_it_is_not_found(
    gateway: StripePaymentGateway,
) -> None:
    with pytest.raises(IntentNotFoundError):
        await gateway.get_intent("pi_none")
    with pytest.raises(IntentNotFoundError):
        await gateway.cancel_intent("pi_none")


async def test_given_two_pages_of_intents_when_searched_then_ours_since_then_newest_first(
    sandbox_database: str,
) -> None:
    clock = [START]
    order = intent_order()
    async with (
        running_stripe(sandbox_database, clock=lambda: clock[0]) as server,
        gateway_to(server.url) as gateway,
    ):
        await gateway.create_intent(order)
        clock[0] += timedelta(days=2)
        wanted = [
            await gateway.create_intent(replace(order, attempt=attempt)) for attempt in (2, 3)
        ]
        await asyncio.gather(*(server.create_intent() for _ in range(101)))

        found = await gateway.find_intents(order.payment_id, created_from=START + timedelta(days=1))
        none = await gateway.find_intents(uuid4(), created_from=START)

    assert [intent.id for intent in found] == [intent.id for intent in reversed(wanted)]
    assert found[0].created_at == START + timedelta(days=2)
    assert none == ()


async def test_given_an_intent_that_is_not_ours_when_read_then_it_has_no_booking(
    gateway: StripePaymentGateway, stripe_server: StripeServer
) -> None:
    other = await stripe_server.create_intent(**{"metadata[booking_id]": "not a uuid"})

    read = await gateway.get_intent(other["id"])

    assert (read.booking_id, read.payment_id) == (None, None)
