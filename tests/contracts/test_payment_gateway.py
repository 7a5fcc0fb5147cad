from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.stripe.orders import intent_order, refund_order
from tests.builders import NOW, an_id
from tests.contracts.payment_worlds import (
    MemoryPaymentWorld,
    PaymentWorld,
    stripe_sandbox_world,
)
from totetaxi_adapters.memory.cards import (
    DECLINES,
    NEEDS_APPROVAL,
    PAYS,
    REFUND_FAILS_LATER,
    REFUND_TAKES_TIME,
    TAKES_TIME,
)
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentDeclinedError,
    PaymentGateway,
    PaymentIntent,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
    RefundState,
)

DAY = timedelta(hours=24)


@pytest.fixture(params=["memory", "stripe-sandbox"])
def sandbox_url(request: pytest.FixtureRequest) -> str | None:
    """Return the database of the sandbox; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def world(sandbox_url: str | None) -> AsyncIterator[PaymentWorld]:
    if sandbox_url is None:
        yield MemoryPaymentWorld()
        return
    async with stripe_sandbox_world(sandbox_url) as sandbox:
        yield sandbox


async def paid_intent(
    world: PaymentWorld, *, amount_cents: int = 99_500, card: str = PAYS
) -> PaymentIntent:
    made = await world.gateway.create_intent(intent_order(amount_cents=amount_cents))
    await world.pay(made.id, card)
    return await world.gateway.get_intent(made.id)


async def test_given_an_order_when_an_intent_is_made_then_it_waits_for_a_card_and_is_ours(
    world: PaymentWorld,
) -> None:
    order = intent_order(amount_cents=99_500)

    made = await world.gateway.create_intent(order)

    assert made.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert (made.amount_cents, made.amount_received_cents) == (99_500, 0)
    assert (made.booking_id, made.payment_id) == (order.booking_id, order.payment_id)
    assert made.client_secret.startswith(made.id)
    assert made.created_at == NOW
    assert (made.charge_id, made.card_brand, made.card_last_four) == (None, None, None)
    assert await world.gateway.get_intent(made.id) == made


async def test_given_an_intent_when_its_order_is_repeated_then_it_is_returned_as_it_now_stands(
    world: PaymentWorld,
) -> None:
    order = intent_order()
    made = await world.gateway.create_intent(order)
    await world.pay(made.id, PAYS)

    again = await world.gateway.create_intent(order)

    assert again.id == made.id
    assert again.status is IntentStatus.SUCCEEDED
    assert len(await world.gateway.find_intents(order.payment_id, created_from=NOW)) == 1


@pytest.mark.parametrize(("later", "is_same"), [(DAY - timedelta(seconds=1), True), (DAY, False)])
async def test_given_an_intent_when_its_order_comes_a_day_later_then_the_key_is_forgotten(
    world: PaymentWorld, later: timedelta, *, is_same: bool
) -> None:
    order = intent_order()
    made = await world.gateway.create_intent(order)

    world.clock.advance(later)
    again = await world.gateway.create_intent(order)

    assert (again.id == made.id) is is_same


async def test_given_the_next_attempt_when_made_then_it_is_another_intent(
    world: PaymentWorld,
) -> None:
    order = intent_order()

    first = await world.gateway.create_intent(order)
    second = await world.gateway.create_intent(replace(order, attempt=2))

    assert first.id != second.id


async def test_given_a_key_when_used_for_another_amount_then_a_person_must_look(
    world: PaymentWorld,
) -> None:
    order = intent_order()
    await world.gateway.create_intent(order)

    with pytest.raises(PaymentMisconfiguredError):
        await world.gateway.create_intent(replace(order, amount_cents=1_000))


async def test_given_too_little_money_when_an_intent_is_made_then_a_person_must_look(
    world: PaymentWorld,
) -> None:
    with pytest.raises(PaymentMisconfiguredError):
        await world.gateway.create_intent(intent_order(amount_cents=49))


async def test_given_a_good_card_when_paid_then_the_charge_and_the_card_are_known(
    world: PaymentWorld,
) -> None:
    paid = await paid_intent(world, amount_cents=12_345)

    assert paid.status is IntentStatus.SUCCEEDED
    assert paid.amount_received_cents == 12_345
    assert paid.charge_id
    assert (paid.card_brand, paid.card_last_four) == ("visa", "4242")
    assert paid.decline_message is None


async def test_given_a_declined_card_when_tried_again_with_a_good_one_then_it_is_paid(
    world: PaymentWorld,
) -> None:
    declined = await paid_intent(world, card=DECLINES)

    await world.pay(declined.id, PAYS)

    assert declined.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert declined.amount_received_cents == 0
    assert declined.decline_message == "Your card was declined."
    paid = await world.gateway.get_intent(declined.id)
    assert (paid.status, paid.decline_message) == (IntentStatus.SUCCEEDED, None)


@pytest.mark.parametrize(
    ("card", "waits"),
    [(NEEDS_APPROVAL, IntentStatus.REQUIRES_ACTION), (TAKES_TIME, IntentStatus.PROCESSING)],
)
@pytest.mark.parametrize(
    ("approve", "ends"),
    [(True, IntentStatus.SUCCEEDED), (False, IntentStatus.REQUIRES_PAYMENT_METHOD)],
)
async def test_given_a_card_that_waits_when_decided_then_it_is_paid_or_declined(
    world: PaymentWorld, card: str, waits: IntentStatus, ends: IntentStatus, *, approve: bool
) -> None:
    waiting = await paid_intent(world, card=card)

    await world.decide(waiting.id, approve=approve)

    assert (waiting.status, waiting.amount_received_cents) == (waits, 0)
    decided = await world.gateway.get_intent(waiting.id)
    assert decided.status is ends
    assert (decided.decline_message is None) is approve


async def test_given_no_such_intent_when_asked_for_or_cancelled_then_it_is_not_found(
    world: PaymentWorld,
) -> None:
    with pytest.raises(IntentNotFoundError) as refusal:
        await world.gateway.get_intent("pi_none")
    with pytest.raises(IntentNotFoundError):
        await world.gateway.cancel_intent("pi_none")

    assert refusal.value.code == "intent_not_found"


async def test_given_intents_when_found_by_payment_then_its_own_come_newest_first(
    world: PaymentWorld,
) -> None:
    order = intent_order()
    first = await world.gateway.create_intent(order)
    world.clock.advance(timedelta(seconds=5))
    second = await world.gateway.create_intent(replace(order, attempt=2))
    await world.gateway.create_intent(intent_order())

    find = world.gateway.find_intents
    every = await find(order.payment_id, created_from=NOW)
    later = await find(order.payment_id, created_from=NOW + timedelta(seconds=5))
    none = await find(an_id(), created_from=NOW)

    assert every == (second, first)
    assert later == (second,)
    assert none == ()


@pytest.mark.parametrize("card", [None, DECLINES, NEEDS_APPROVAL])
async def test_given_an_unpaid_intent_when_cancelled_then_it_stays_cancelled(
    world: PaymentWorld, card: str | None
) -> None:
    made = await world.gateway.create_intent(intent_order())
    if card:
        await world.pay(made.id, card)

    cancelled = await world.gateway.cancel_intent(made.id)
    again = await world.gateway.cancel_intent(made.id)

    assert cancelled.status is again.status is IntentStatus.CANCELED
    assert (await world.gateway.get_intent(made.id)).status is IntentStatus.CANCELED


@pytest.mark.parametrize(
    ("card", "stands"),
    [(PAYS, IntentStatus.SUCCEEDED), (TAKES_TIME, IntentStatus.PROCESSING)],
)
async def test_given_a_payer_who_was_faster_when_cancelled_then_the_intent_stands_as_it_is(
    world: PaymentWorld, card: str, stands: IntentStatus
) -> None:
    intent = await paid_intent(world, card=card)

    cancelled = await world.gateway.cancel_intent(intent.id)

    assert cancelled == intent
    assert cancelled.status is stands


async def test_given_a_paid_intent_when_refunded_then_the_refund_carries_our_id(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world)
    order = refund_order(intent.id, 5_000)

    made = await world.gateway.create_refund(order)

    assert (made.state, made.amount_cents) == (RefundState.SUCCEEDED, 5_000)
    assert (made.intent_id, made.refund_id) == (intent.id, order.refund_id)
    assert made.failure_reason is None
    assert await world.gateway.get_refund(made.id) == made


async def test_given_refunds_when_their_intent_is_asked_then_it_tells_what_has_gone_back(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, amount_cents=10_000)
    await world.gateway.create_refund(refund_order(intent.id, 5_000))
    await world.gateway.create_refund(refund_order(intent.id, 1_500))

    known = await world.gateway.get_intent(intent.id)

    assert (intent.refunded_cents, known.refunded_cents) == (0, 6_500)
    assert known.amount_received_cents == 10_000


async def test_given_a_refund_when_its_order_is_repeated_then_it_is_sent_once(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world)
    order = refund_order(intent.id, 5_000)

    made = [await world.gateway.create_refund(order) for _ in range(3)]

    assert made == [made[0]] * 3
    assert await world.gateway.find_refunds(intent.id) == (made[0],)


async def test_given_refunds_when_listed_then_the_intents_own_come_newest_first(
    world: PaymentWorld,
) -> None:
    intent, other = await paid_intent(world), await paid_intent(world)
    first = await world.gateway.create_refund(refund_order(intent.id, 1_000))
    world.clock.advance(timedelta(seconds=5))
    second = await world.gateway.create_refund(refund_order(intent.id, 2_000))
    await world.gateway.create_refund(refund_order(other.id, 3_000))

    assert await world.gateway.find_refunds(intent.id) == (second, first)


async def test_given_a_part_refunded_when_more_than_is_left_is_asked_then_it_is_declined(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, amount_cents=10_000)
    await world.gateway.create_refund(refund_order(intent.id, 6_000))
    too_much = refund_order(intent.id, 4_001)

    with pytest.raises(PaymentDeclinedError) as refusal:
        await world.gateway.create_refund(too_much)
    with pytest.raises(PaymentDeclinedError):
        await world.gateway.create_refund(too_much)
    await world.gateway.create_refund(refund_order(intent.id, 4_000))
    with pytest.raises(PaymentDeclinedError):
        await world.gateway.create_refund(refund_order(intent.id, 1))

    assert refusal.value.code == "payment_declined"
    refunds = await world.gateway.find_refunds(intent.id)
    assert [refund.amount_cents for refund in reversed(refunds)] == [6_000, 4_000]


async def test_given_an_unpaid_intent_when_refunded_then_it_is_declined(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, card=DECLINES)

    with pytest.raises(PaymentDeclinedError):
        await world.gateway.create_refund(refund_order(intent.id, 100))

    assert await world.gateway.find_refunds(intent.id) == ()


async def test_given_ids_stripe_does_not_know_when_refunds_are_asked_then_a_person_must_look(
    world: PaymentWorld,
) -> None:
    with pytest.raises(PaymentMisconfiguredError):
        await world.gateway.create_refund(refund_order("pi_none", 100))
    with pytest.raises(PaymentMisconfiguredError):
        await world.gateway.find_refunds("pi_none")
    with pytest.raises(PaymentMisconfiguredError):
        await world.gateway.get_refund("re_none")


async def test_given_a_bank_that_takes_its_time_when_refunded_then_it_pends_and_succeeds(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, card=REFUND_TAKES_TIME)

    made = await world.gateway.create_refund(refund_order(intent.id, 5_000))
    settled = await world.settled(made, state=RefundState.SUCCEEDED)

    assert made.state is RefundState.PENDING
    assert settled == replace(made, state=RefundState.SUCCEEDED)


async def test_given_a_refund_that_comes_back_when_followed_then_its_amount_is_open_again(
    world: PaymentWorld,
) -> None:
    intent = await paid_intent(world, amount_cents=10_000, card=REFUND_FAILS_LATER)

    made = await world.gateway.create_refund(refund_order(intent.id, 10_000))
    failed = await world.settled(made, state=RefundState.FAILED)
    second = await world.gateway.create_refund(refund_order(intent.id, 10_000))

    assert made.state is RefundState.SUCCEEDED
    assert failed.failure_reason == "expired_or_canceled_card"
    assert second.id != made.id


@pytest.mark.parametrize("acts", [True, False])
async def test_given_no_answer_when_an_order_is_repeated_then_there_is_one_intent(
    world: PaymentWorld, *, acts: bool
) -> None:
    order = intent_order()
    await world.lose_next_call(acts=acts)

    with pytest.raises(PaymentUnavailableError) as refusal:
        await world.gateway.create_intent(order)
    there = await world.gateway.find_intents(order.payment_id, created_from=NOW)
    made = await world.gateway.create_intent(order)

    assert refusal.value.code == "payment_unavailable"
    assert len(there) == (1 if acts else 0)
    assert await world.gateway.find_intents(order.payment_id, created_from=NOW) == (made,)


@pytest.mark.parametrize("acts", [True, False])
async def test_given_no_answer_when_a_refund_is_repeated_then_it_is_sent_once(
    world: PaymentWorld, *, acts: bool
) -> None:
    intent = await paid_intent(world, amount_cents=10_000)
    order = refund_order(intent.id, 10_000)
    await world.lose_next_call(acts=acts)

    with pytest.raises(PaymentUnavailableError):
        await world.gateway.create_refund(order)
    there = await world.gateway.find_refunds(intent.id)
    made = await world.gateway.create_refund(order)

    assert len(there) == (1 if acts else 0)
    assert await world.gateway.find_refunds(intent.id) == (made,)


CALLS: dict[str, Callable[[PaymentGateway, str], Awaitable[object]]] = {
    "get_intent": lambda gateway, known: gateway.get_intent(known),
    "find_intents": lambda gateway, _: gateway.find_intents(an_id(), created_from=NOW),
    "cancel_intent": lambda gateway, known: gateway.cancel_intent(known),
    "find_refunds": lambda gateway, known: gateway.find_refunds(known),
}


@pytest.mark.parametrize("name", CALLS)
async def test_given_no_answer_when_asking_then_it_is_unavailable_once(
    world: PaymentWorld, name: str
) -> None:
    known = (await world.gateway.create_intent(intent_order())).id
    await world.lose_next_call(acts=False)

    with pytest.raises(PaymentUnavailableError):
        await CALLS[name](world.gateway, known)

    assert await CALLS[name](world.gateway, known) is not None
