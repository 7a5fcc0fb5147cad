"""A booking that was paid in one way cannot be paid in another as well."""

from datetime import timedelta

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import PAYS, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.payments.checkout import SessionStatus
from totetaxi_core.payments.close_spare import close_spare
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent, PaymentUnavailableError
from totetaxi_core.payments.open_payment_link import open_payment_link
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState
from totetaxi_core.payments.settle_session import settle_session


async def stray_paid(house: MemoryHouse) -> tuple[Booking, PaymentIntent]:
    """Pay an intent we never heard of, and return the one of our own that is open beside it."""
    booking, own = await house.book_unpaid()
    stray = await house.stray_intent(booking)
    house.pay(stray)
    await house.settle(stray)
    return booking, own


async def sweep(house: MemoryHouse) -> None:
    """Give what is due a job, and do it."""
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=100)
        await uow.commit()
    await house.work_off()


async def test_given_a_stray_intent_was_paid_when_worked_off_then_our_own_takes_no_card() -> None:
    house = await a_house()
    booking, own = await stray_paid(house)

    await house.work_off()

    intent = await house.stripe.get_intent(own.id)
    [closing] = house.effects(EffectKind.CLOSE_ATTEMPT)
    assert intent.status is IntentStatus.CANCELED
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.SUCCEEDED)]
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert closing.state is EffectState.DONE
    assert house.refunds(booking) == []


async def test_given_one_intent_alone_when_it_is_paid_then_nothing_is_to_be_closed() -> None:
    house = await a_house()
    _, intent = await house.book_unpaid()
    house.pay(intent)

    await house.settle(intent)

    assert house.effects(EffectKind.CLOSE_ATTEMPT) == []


async def test_given_the_answer_to_the_cancelling_is_lost_when_retried_then_the_attempt_ends() -> (
    None
):
    house = await a_house()
    booking, _ = await stray_paid(house)
    house.stripe.outages.plan(None, Outage.AFTER_ACTING)

    await house.work_off()
    [unsure] = house.effects(EffectKind.CLOSE_ATTEMPT)
    house.clock.advance(timedelta(seconds=10))
    await sweep(house)

    [closing] = house.effects(EffectKind.CLOSE_ATTEMPT)
    assert (unsure.state, closing.state) == (EffectState.DUE, EffectState.DONE)
    assert house.attempt_states(booking)[0] == (1, AttemptState.ENDED)


async def test_given_the_payer_is_faster_than_the_cancelling_when_closed_then_that_goes_back() -> (
    None
):
    house = await a_house()
    booking, own = await stray_paid(house)

    async def pay() -> None:
        house.pay(own)

    house.stripe.before(Call.CANCEL_INTENT, pay)
    await house.work_off()

    [closing] = house.effects(EffectKind.CLOSE_ATTEMPT)
    [refund] = house.refunds(booking)
    assert closing.state is EffectState.DONE
    assert (refund.reason, refund.amount_cents) == ("second_payment", 99_500)
    assert [each.intent_id for each in house.stripe.refunds()] == [own.id]
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


@pytest.mark.parametrize("approve", [False, True])
async def test_given_a_bank_is_still_at_it_when_closed_then_it_is_tried_until_that_is_over(
    approve: bool,  # noqa: FBT001  a parameter of pytest
) -> None:
    house = await a_house()
    booking, own = await house.book_unpaid()
    stray = await house.stray_intent(booking)
    for intent, card in ((own, TAKES_TIME), (stray, PAYS)):
        house.pay(intent, card)
    await house.settle(stray)

    await house.work_off()
    [waiting] = house.effects(EffectKind.CLOSE_ATTEMPT)
    house.stripe.decide(own.id, approve=approve)
    house.clock.advance(timedelta(seconds=10))
    await sweep(house)

    [closing] = house.effects(EffectKind.CLOSE_ATTEMPT)
    assert waiting.state is EffectState.DUE
    assert str(waiting.last_error).startswith("payment_under_way")
    assert closing.state is EffectState.DONE
    assert AttemptState.LIVE not in [each.state for each in house.attempts(booking)]
    assert len(house.stripe.refunds()) == approve


async def test_given_a_pay_page_is_open_when_another_intent_was_paid_then_the_page_ends() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    page = await open_payment_link(booking.id, house.ports, house.terms)
    stray = await house.stray_intent(booking)
    house.pay(stray)

    await house.settle(stray)
    await house.work_off()

    session = await house.checkout.get_session(page.id)
    assert session.status is SessionStatus.EXPIRED
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED), (2, AttemptState.SUCCEEDED)]
    assert house.refunds(booking) == []


async def test_given_an_attempt_that_is_over_when_closed_then_stripe_is_not_asked() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)
    [attempt] = house.attempts(booking)
    calls = list(house.stripe.calls)

    await close_spare(booking.id, attempt.id, house.ports, house.terms)

    assert house.stripe.calls == calls
    assert house.attempts(booking) == [attempt]


async def test_given_a_booking_that_is_gone_when_closed_then_it_is_refused() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await close_spare(an_id(), an_id(), house.ports, house.terms)


async def test_given_a_page_that_seemed_unmade_when_news_of_it_come_then_it_is_closed_later() -> (
    None
):
    house = await a_house()
    booking = (await house.book_order(an_order(wants_intent=False))).booking
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    [payment], [attempt] = house.payments(booking), house.attempts(booking)
    [page] = house.checkout.sessions()

    async def hear_of_it() -> None:
        await settle_session(page.id, house.ports, house.terms)
        house.stripe.failed_keys.add(f"payment:{payment.id}:1")

    house.stripe.before(Call.CREATE_SESSION, hear_of_it)
    with pytest.raises(PaymentUnderWayError):
        await close_spare(booking.id, attempt.id, house.ports, house.terms)
    await close_spare(booking.id, attempt.id, house.ports, house.terms)

    assert house.checkout.session(page.id).status is SessionStatus.EXPIRED
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED)]
