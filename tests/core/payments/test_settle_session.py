"""What becomes of a page: by Stripe's events, by the periodic check, and when it is an old one."""

from datetime import timedelta

import pytest

from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from totetaxi_adapters.memory.cards import DECLINES, PAYS, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.check_payments import check_payments
from totetaxi_core.payments.checkout import CheckoutSession, SessionNotFoundError, SessionStatus
from totetaxi_core.payments.gateway import PaymentUnavailableError
from totetaxi_core.payments.live_attempt import LONGEST_SESSION
from totetaxi_core.payments.payment import (
    AttemptKind,
    AttemptState,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import SYSTEM, RefundStatus
from totetaxi_core.payments.settle_session import settle_session
from totetaxi_core.payments.take_event import take_event

PAUSE = timedelta(seconds=15)


async def a_page(house: MemoryHouse) -> tuple[Booking, CheckoutSession]:
    booking = (await house.book_order(an_order(placed_by="maria", wants_intent=False))).booking
    return booking, await house.open_link(booking)


async def take_in(house: MemoryHouse, *, kinds: str = "") -> None:
    """Take in the events of these kinds, and do what they owe."""
    for event in house.stripe.take_events():
        if event.kind.startswith(kinds):
            await take_event(event, house.ports)
    await house.work_off()


async def check(house: MemoryHouse) -> int:
    house.clock.advance(PAUSE * 2)
    return await check_payments(house.ports, house.terms, pause=PAUSE, limit=10)


async def test_given_a_paid_page_when_its_completion_is_told_then_the_booking_is_confirmed() -> (
    None
):
    house = await a_house()
    booking, session = await a_page(house)
    intent = house.checkout.pay_session(session.id, PAYS)

    await take_in(house, kinds="checkout.session.")

    [attempt] = house.attempts(booking)
    [payment] = house.payments(booking)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert (attempt.state, attempt.intent_id) == (AttemptState.SUCCEEDED, intent.id)
    assert (attempt.kind, attempt.session_id) == (AttemptKind.CHECKOUT, session.id)
    assert (payment.status, payment.card_last_four) == (PaymentStatus.SUCCEEDED, "4242")
    assert house.refunds(booking) == []


async def test_given_a_paid_page_when_all_its_events_come_twice_then_it_is_paid_once() -> None:
    house = await a_house()
    booking, session = await a_page(house)
    house.checkout.pay_session(session.id, PAYS)
    events = house.stripe.take_events()

    for event in (*events, *reversed(events)):
        await take_event(event, house.ports)
    await house.work_off()

    assert len(house.payments(booking)) == len(house.attempts(booking)) == 1
    assert house.refunds(booking) == []


async def test_given_a_paid_page_whose_events_were_lost_when_checked_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, session = await a_page(house)
    house.checkout.pay_session(session.id, PAYS)

    checked = await check(house)

    assert checked == 1
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert await check(house) == 0


async def test_given_an_open_page_when_checked_then_it_rests_for_the_pause() -> None:
    house = await a_house()
    booking, session = await a_page(house)
    house.checkout.pay_session(session.id, DECLINES)

    counts = [
        await check(house),
        await check_payments(house.ports, house.terms, pause=PAUSE, limit=10),
    ]

    assert counts == [1, 0]
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]
    assert house.booking(booking.id).status is BookingStatus.PENDING


async def test_given_a_page_stripe_forgot_when_checked_then_it_waits_for_its_hold() -> None:
    house = await a_house()
    booking, _ = await a_page(house)
    house.checkout.forget_all()

    checked = await check(house)

    assert checked == 1
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


async def test_given_a_page_that_lapsed_when_told_then_the_attempt_ends_and_the_hold_goes_on() -> (
    None
):
    house = await a_house()
    booking, session = await a_page(house)
    house.clock.advance(LONGEST_SESSION)
    house.checkout.session(session.id)

    await take_in(house, kinds="checkout.session.expired")

    assert house.attempt_states(booking) == [(1, AttemptState.ENDED)]
    assert house.booking(booking.id).status is BookingStatus.PENDING
    assert (await house.open_link(booking)).id != session.id


@pytest.mark.parametrize("approve", [True, False])
async def test_given_a_slow_bank_when_it_decides_then_the_page_is_paid_or_a_new_one_may_be_made(
    approve: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, session = await a_page(house)
    intent = house.checkout.pay_session(session.id, TAKES_TIME)
    await take_in(house)
    processing = house.payments(booking)[0].status
    house.stripe.decide(intent.id, approve=approve)

    await take_in(house)
    await check(house)

    assert processing is PaymentStatus.PROCESSING
    status = BookingStatus.CONFIRMED if approve else BookingStatus.PENDING
    state = AttemptState.SUCCEEDED if approve else AttemptState.ENDED
    assert house.booking(booking.id).status is status
    assert house.attempt_states(booking) == [(1, state)]
    assert house.payments(booking)[0].status is (
        PaymentStatus.SUCCEEDED if approve else PaymentStatus.PENDING
    )


async def test_given_a_page_whose_answer_was_lost_when_its_end_is_told_then_we_learn_its_id() -> (
    None
):
    house = await a_house()
    booking = (await house.book_order(an_order(placed_by="maria", wants_intent=False))).booking
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    [session] = house.checkout.sessions()
    await house.checkout.expire_session(session.id)

    await take_in(house)

    [attempt] = house.attempts(booking)
    assert (attempt.state, attempt.session_id) == (AttemptState.ENDED, session.id)


async def test_given_an_old_page_paid_after_we_ended_it_when_told_then_it_is_not_lost() -> None:
    house = await a_house()
    booking, session = await a_page(house)
    [attempt] = house.attempts(booking)
    await house.end_here(attempt)
    intent = house.checkout.pay_session(session.id, PAYS)

    await take_in(house)

    [known] = house.attempts(booking)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert (known.id, known.state, known.intent_id) == (
        attempt.id,
        AttemptState.SUCCEEDED,
        intent.id,
    )


@pytest.mark.parametrize("is_old_first", [True, False])
async def test_given_an_old_and_a_new_page_both_paid_when_told_then_one_charge_is_kept(
    is_old_first: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, old = await a_page(house)
    await house.end_here(house.attempts(booking)[0])
    new = await house.open_link(booking)
    for page in (old, new):
        house.checkout.pay_session(page.id, PAYS)
    for page in (old, new) if is_old_first else (new, old):
        await settle_session(page.id, house.ports, house.terms)
    await take_in(house)

    [refund] = house.refunds(booking)
    [sent] = house.stripe.refunds()
    first, second = house.payments(booking)
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert (first.purpose, second.purpose) == (PaymentPurpose.BOOKING, PaymentPurpose.DUPLICATE)
    assert (refund.amount_cents, refund.requested_by) == (booking.total_cents, SYSTEM)
    assert refund.status in {RefundStatus.SENT, RefundStatus.SUCCEEDED}
    assert sent.amount_cents == booking.total_cents
    assert house.owed_messages().count(MessageKind.SECOND_PAYMENT_REFUNDED) == 1


async def test_given_an_old_page_was_paid_when_worked_off_then_the_new_one_is_closed() -> None:
    house = await a_house()
    booking, old = await a_page(house)
    await house.end_here(house.attempts(booking)[0])
    new = await house.open_link(booking)
    house.checkout.pay_session(old.id, PAYS)

    await take_in(house)

    assert house.checkout.session(new.id).status is SessionStatus.EXPIRED
    assert house.attempt_states(booking) == [(1, AttemptState.SUCCEEDED), (2, AttemptState.ENDED)]
    assert house.refunds(booking) == []


async def test_given_no_such_session_when_settled_then_it_is_left_for_a_person() -> None:
    house = await a_house()
    _, session = await a_page(house)
    await house.checkout.expire_session(session.id)
    house.checkout.forget_all()

    with pytest.raises(SessionNotFoundError):
        await settle_session(session.id, house.ports, house.terms)
    await take_in(house)

    [effect] = house.effects(EffectKind.SETTLE_SESSION)
    assert effect.state is EffectState.FAILED
