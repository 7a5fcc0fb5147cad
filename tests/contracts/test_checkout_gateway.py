from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.stripe.orders import session_order
from tests.builders import NOW
from tests.contracts.checkout_worlds import (
    CheckoutWorld,
    MemoryCheckoutWorld,
    stripe_checkout_world,
)
from totetaxi_adapters.memory.cards import DECLINES, NEEDS_APPROVAL, PAYS, TAKES_TIME
from totetaxi_core.payments.checkout import (
    CheckoutSession,
    SessionEndError,
    SessionNotFoundError,
    SessionPayment,
    SessionStatus,
)
from totetaxi_core.payments.gateway import (
    IntentStatus,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ORDER = session_order(expires_at=NOW + HOUR)


@pytest.fixture(params=["memory", "stripe-sandbox"])
def sandbox_url(request: pytest.FixtureRequest) -> str | None:
    """Return the database of the sandbox; None in memory."""
    if request.param == "memory":
        return None
    url: str = request.getfixturevalue("database_url")
    return url


@pytest.fixture
async def world(sandbox_url: str | None) -> AsyncIterator[CheckoutWorld]:
    if sandbox_url is None:
        yield MemoryCheckoutWorld()
        return
    async with stripe_checkout_world(sandbox_url) as sandbox:
        yield sandbox


async def paid_with(world: CheckoutWorld, card: str) -> CheckoutSession:
    made = await world.checkout.create_session(ORDER)
    assert await world.pay(made.id, card)
    return await world.checkout.get_session(made.id)


async def test_given_an_order_when_a_session_is_made_then_it_is_open_and_ours_without_an_intent(
    world: CheckoutWorld,
) -> None:
    made = await world.checkout.create_session(ORDER)

    assert (made.status, made.payment_status) == (SessionStatus.OPEN, SessionPayment.UNPAID)
    assert made.url is not None
    assert made.url.endswith(made.id)
    assert made.url.startswith("http")
    assert made.intent_id is None
    assert made.expires_at == NOW + HOUR
    assert (made.booking_id, made.payment_id, made.attempt) == (
        ORDER.booking_id,
        ORDER.payment_id,
        1,
    )
    assert (await world.checkout.get_session(made.id)).id == made.id
    assert await world.payments.find_intents(ORDER.payment_id, created_from=NOW) == ()


async def test_given_a_session_when_its_order_is_repeated_then_it_is_returned_as_it_now_stands(
    world: CheckoutWorld,
) -> None:
    made = await world.checkout.create_session(ORDER)
    await world.pay(made.id, PAYS)
    world.clock.advance(HOUR - SECOND)

    again = await world.checkout.create_session(ORDER)

    assert (again.id, again.status) == (made.id, SessionStatus.COMPLETE)


async def test_given_a_lost_answer_when_the_order_is_repeated_then_there_is_one_session(
    world: CheckoutWorld,
) -> None:
    await world.lose_next_call(acts=True)

    with pytest.raises(PaymentUnavailableError):
        await world.checkout.create_session(ORDER)
    first = await world.checkout.create_session(ORDER)
    second = await world.checkout.create_session(ORDER)

    assert first.id == second.id


async def test_given_a_key_when_used_for_another_end_then_a_person_must_look(
    world: CheckoutWorld,
) -> None:
    await world.checkout.create_session(ORDER)

    with pytest.raises(PaymentMisconfiguredError):
        await world.checkout.create_session(replace(ORDER, expires_at=NOW + 2 * HOUR))


@pytest.mark.parametrize("ahead", [HOUR / 2, 24 * HOUR])
async def test_given_an_end_just_within_what_is_allowed_when_made_then_it_is_open(
    world: CheckoutWorld, ahead: timedelta
) -> None:
    made = await world.checkout.create_session(replace(ORDER, expires_at=NOW + ahead))

    assert made.status is SessionStatus.OPEN


@pytest.mark.parametrize("ahead", [HOUR / 2 - SECOND, 24 * HOUR + SECOND])
async def test_given_an_end_too_near_or_too_far_when_made_then_it_is_refused_and_may_be_made_anew(
    world: CheckoutWorld, ahead: timedelta
) -> None:
    with pytest.raises(SessionEndError) as refusal:
        await world.checkout.create_session(replace(ORDER, expires_at=NOW + ahead))

    assert refusal.value.code == "checkout_session_end"
    assert (await world.checkout.create_session(ORDER)).status is SessionStatus.OPEN


async def test_given_a_good_card_when_paid_then_the_session_is_complete_and_its_intent_is_ours(
    world: CheckoutWorld,
) -> None:
    paid = await paid_with(world, PAYS)

    assert (paid.status, paid.payment_status) == (SessionStatus.COMPLETE, SessionPayment.PAID)
    assert paid.url is None
    assert paid.intent_id is not None
    intent = await world.payments.get_intent(paid.intent_id)
    assert (intent.status, intent.amount_received_cents) == (IntentStatus.SUCCEEDED, 99_500)
    assert (intent.booking_id, intent.payment_id, intent.attempt) == (
        ORDER.booking_id,
        ORDER.payment_id,
        1,
    )
    assert not await world.pay(paid.id, PAYS)


@pytest.mark.parametrize("card", [DECLINES, NEEDS_APPROVAL])
async def test_given_a_card_that_does_not_pay_at_once_when_tried_then_the_page_stays_open(
    world: CheckoutWorld, card: str
) -> None:
    tried = await paid_with(world, card)
    await world.pay(tried.id, PAYS)

    paid = await world.checkout.get_session(tried.id)
    assert (tried.status, tried.payment_status) == (SessionStatus.OPEN, SessionPayment.UNPAID)
    assert tried.intent_id == paid.intent_id
    assert paid.payment_status is SessionPayment.PAID


@pytest.mark.parametrize(
    ("approve", "ends", "intent_ends"),
    [
        (True, SessionPayment.PAID, IntentStatus.SUCCEEDED),
        (False, SessionPayment.UNPAID, IntentStatus.REQUIRES_PAYMENT_METHOD),
    ],
)
async def test_given_a_slow_bank_when_it_decides_then_the_session_was_complete_before(
    world: CheckoutWorld, ends: SessionPayment, intent_ends: IntentStatus, *, approve: bool
) -> None:
    waiting = await paid_with(world, TAKES_TIME)
    assert waiting.intent_id is not None

    await world.decide(waiting.intent_id, approve=approve)

    assert (waiting.status, waiting.payment_status) == (
        SessionStatus.COMPLETE,
        SessionPayment.UNPAID,
    )
    decided = await world.checkout.get_session(waiting.id)
    assert (decided.status, decided.payment_status) == (SessionStatus.COMPLETE, ends)
    assert (await world.payments.get_intent(waiting.intent_id)).status is intent_ends


async def test_given_an_open_session_when_expired_then_nobody_can_pay_it(
    world: CheckoutWorld,
) -> None:
    made = await world.checkout.create_session(ORDER)

    expired = await world.checkout.expire_session(made.id)

    assert (expired.status, expired.url) == (SessionStatus.EXPIRED, None)
    assert not await world.pay(made.id, PAYS)
    assert await world.payments.find_intents(ORDER.payment_id, created_from=NOW) == ()


async def test_given_a_payer_who_was_faster_when_expired_then_the_answer_says_so(
    world: CheckoutWorld,
) -> None:
    paid = await paid_with(world, PAYS)

    after = await world.checkout.expire_session(paid.id)

    assert (after.status, after.intent_id) == (SessionStatus.COMPLETE, paid.intent_id)


async def test_given_a_payer_who_waits_for_approval_when_expired_then_the_intent_is_canceled(
    world: CheckoutWorld,
) -> None:
    waiting = await paid_with(world, NEEDS_APPROVAL)
    assert waiting.intent_id is not None

    expired = await world.checkout.expire_session(waiting.id)
    again = await world.checkout.expire_session(waiting.id)

    assert expired.status is again.status is SessionStatus.EXPIRED
    assert (await world.payments.get_intent(waiting.intent_id)).status is IntentStatus.CANCELED


async def test_given_a_session_when_its_time_is_over_then_it_has_lapsed_by_itself(
    world: CheckoutWorld,
) -> None:
    made = await world.checkout.create_session(ORDER)

    world.clock.advance(HOUR - SECOND)
    before = await world.checkout.get_session(made.id)
    world.clock.advance(SECOND)
    after = await world.checkout.get_session(made.id)

    assert (before.status, after.status) == (SessionStatus.OPEN, SessionStatus.EXPIRED)
    assert not await world.pay(made.id, PAYS)


async def test_given_an_intent_of_a_session_when_cancelled_by_itself_then_it_is_refused(
    world: CheckoutWorld,
) -> None:
    tried = await paid_with(world, DECLINES)
    assert tried.intent_id is not None

    with pytest.raises(PaymentMisconfiguredError):
        await world.payments.cancel_intent(tried.intent_id)

    assert (await world.checkout.get_session(tried.id)).status is SessionStatus.OPEN


async def test_given_no_such_session_when_asked_for_or_expired_then_it_is_not_found(
    world: CheckoutWorld,
) -> None:
    with pytest.raises(SessionNotFoundError) as refusal:
        await world.checkout.get_session("cs_test_none")
    with pytest.raises(SessionNotFoundError):
        await world.checkout.expire_session("cs_test_none")

    assert refusal.value.code == "checkout_session_not_found"
