import asyncio
from dataclasses import replace

import pytest

from tests.builders import HOLD, a_quote_request, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_code
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES, NEEDS_APPROVAL, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import IntentStatus, PaymentUnavailableError
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptState, PaymentStatus


def intent_statuses(house: MemoryHouse) -> list[IntentStatus]:
    return [intent.status for intent in house.stripe.intents()]


def assert_held(house: MemoryHouse, booking: Booking) -> None:
    assert house.booking(booking.id).status is BookingStatus.PENDING
    assert len(house.crews_taken()) == 4


def assert_ended(house: MemoryHouse, booking: Booking) -> None:
    assert house.booking(booking.id).status is BookingStatus.CANCELLED
    assert house.crews_taken() == {}
    assert {each.state for each in house.attempts(booking)} <= {AttemptState.ENDED}


async def test_given_an_unpaid_booking_when_cancelled_then_intent_payment_and_crew_are_freed() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()

    cancelled = await house.cancel(booking)

    assert_ended(house, booking)
    assert cancelled == house.booking(booking.id)
    assert cancelled.cancellation_reason is CancellationReason.CUSTOMER
    assert cancelled.cancelled_at == house.clock()
    assert intent_statuses(house) == [IntentStatus.CANCELED]
    assert house.payments(booking)[0].status is PaymentStatus.CANCELED
    assert house.owed_messages()[-1] is MessageKind.BOOKING_CANCELLED
    assert house.acts() == []


async def test_given_a_code_when_its_booking_ends_unpaid_then_its_use_is_free_again() -> None:
    house = await a_house(book=book_with_code(max_uses=1))
    order = an_order(request=replace(a_quote_request(), discount_code="WINTER10"))
    booked = await house.book_order(order)
    await house.cancel(booked.booking)

    again = await house.book_order(order)

    assert list(house.database.code_uses.rows) == [again.booking.id]


async def test_given_crews_still_taken_when_stripe_is_asked_then_stripe_comes_first() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()
    seen: list[tuple[BookingStatus, int]] = []

    async def look() -> None:
        seen.append((house.booking(booking.id).status, len(house.crews_taken())))

    house.stripe.after(Call.CANCEL_INTENT, look)

    await house.cancel(booking)

    assert seen == [(BookingStatus.PENDING, 4)]


async def test_given_a_payer_who_was_faster_when_cancelled_then_it_is_confirmed() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()

    async def pay() -> None:
        house.pay(intent)

    house.stripe.before(Call.CANCEL_INTENT, pay)

    with pytest.raises(InvalidTransitionError) as refused:
        await house.cancel(booking)

    assert refused.value.status is BookingStatus.CONFIRMED
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.crews_taken()) == 4
    assert house.refunds(booking) == []


async def test_given_a_payment_in_processing_when_cancelled_then_the_hold_stays() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError):
        await house.cancel(booking)

    assert_held(house, booking)
    assert house.payments(booking)[0].status is PaymentStatus.PROCESSING
    assert intent_statuses(house) == [IntentStatus.PROCESSING]


@pytest.mark.parametrize("card", [DECLINES, NEEDS_APPROVAL])
async def test_given_a_card_that_did_not_pay_when_cancelled_then_it_ends(card: str) -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent, card)

    await house.cancel(booking)

    assert_ended(house, booking)
    assert intent_statuses(house) == [IntentStatus.CANCELED]


@pytest.mark.parametrize("call", [Call.GET_INTENT, Call.CANCEL_INTENT])
@pytest.mark.parametrize("outage", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_stripe_does_not_answer_when_cancelled_then_the_hold_stays(
    call: Call, outage: Outage
) -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    async def fail() -> None:
        house.stripe.outages.plan(outage)

    house.stripe.before(call, fail)

    with pytest.raises(PaymentUnavailableError):
        await house.cancel(booking)
    held = house.booking(booking.id)
    await house.cancel(booking)

    assert held.status is BookingStatus.PENDING
    assert_ended(house, booking)


async def test_given_an_intent_we_never_heard_of_when_cancelled_then_it_is_found_and_canceled() -> (
    None
):
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booked = await house.book_order()

    await house.cancel(booked.booking)

    [attempt], [intent] = house.attempts(booked.booking), house.stripe.intents()
    assert_ended(house, booked.booking)
    assert intent.status is IntentStatus.CANCELED
    assert attempt.intent_id == intent.id


async def test_given_an_unheard_intent_after_a_day_when_cancelled_then_metadata_finds_it() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    booked = await house.book_order(an_order(placed_by="maria"))
    house.clock.advance(24 * 2 * HOLD)

    await house.cancel(booked.booking)

    assert_ended(house, booked.booking)
    assert intent_statuses(house) == [IntentStatus.CANCELED]
    assert house.stripe.calls.count(Call.CREATE_INTENT) == 1


async def test_given_no_attempt_when_cancelled_then_stripe_is_not_asked() -> None:
    house = await a_house()
    booked = await house.book_order(an_order(wants_intent=False))
    house.stripe.outages.last(Outage.BEFORE_ACTING)

    await house.cancel(booked.booking)

    assert_ended(house, booked.booking)
    assert house.stripe.calls == []


async def test_given_stripe_keeps_a_failure_when_cancelled_then_nobody_can_pay_and_it_ends() -> (
    None
):
    house = await a_house()
    booked = await house.book_order(an_order(wants_intent=False))
    [payment] = house.payments(booked.booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")
    house.stripe.outages.plan(Outage.BEFORE_ACTING)  # of the look by metadata
    with pytest.raises(PaymentUnavailableError):
        await open_intent(booked.booking.id, house.ports, house.terms)

    await house.cancel(booked.booking)

    assert_ended(house, booked.booking)
    assert house.stripe.intents() == ()


async def test_given_an_attempt_begun_meanwhile_when_cancelled_then_that_one_is_closed_too() -> (
    None
):
    house = await a_house()
    booked = await house.book_order(an_order(wants_intent=False))
    first = await open_intent(booked.booking.id, house.ports, house.terms)

    async def begin_again() -> None:
        # The payer's page finds its intent canceled and asks for another.
        await open_intent(booked.booking.id, house.ports, house.terms)

    house.stripe.after(Call.CANCEL_INTENT, begin_again)

    await house.cancel(booked.booking)

    assert_ended(house, booked.booking)
    assert house.stripe.intents()[0].id == first.id
    assert intent_statuses(house) == [IntentStatus.CANCELED, IntentStatus.CANCELED]


async def test_given_attempts_begun_without_end_when_cancelled_then_it_gives_up_and_holds() -> None:
    house = await a_house()
    booking, _ = await house.book_unpaid()

    async def begin_again() -> None:
        await open_intent(booking.id, house.ports, house.terms)

    for _ in range(5):
        house.stripe.after(Call.CANCEL_INTENT, begin_again)

    with pytest.raises(PaymentUnderWayError):
        await house.cancel(booking)

    assert_held(house, booking)


async def test_given_two_who_cancel_at_once_when_done_then_crew_and_code_are_freed_once() -> None:
    house = await a_house(book=book_with_code(max_uses=5))
    coded = replace(a_quote_request(), discount_code="WINTER10")
    booking, _ = await house.book_unpaid(request=coded)
    other, _ = await house.book_unpaid(request=coded, allow_duplicate=True)

    await asyncio.gather(
        house.cancel(booking), house.cancel(booking, staff_name="maria"), return_exceptions=True
    )

    assert house.booking(booking.id).version == booking.version + 1
    assert set(house.crews_taken().values()) == {1}
    assert list(house.database.code_uses.rows) == [other.id]
    assert house.owed_messages().count(MessageKind.BOOKING_CANCELLED) == 1


async def test_given_a_confirmed_booking_when_cancelled_as_unpaid_then_it_is_refused() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)
    before = house.stored()

    with pytest.raises(InvalidTransitionError):
        await house.cancel(booking)

    assert house.stored() == before


async def test_given_a_cancelled_booking_when_its_customer_cancels_again_then_nothing_changes() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()
    first = await house.cancel(booking)
    before = house.stored()

    again = await house.cancel(booking)
    with pytest.raises(InvalidTransitionError):
        await house.cancel(booking, staff_name="maria")

    assert again == first
    assert house.stored() == before


async def test_given_no_such_booking_when_cancelled_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await cancel_unpaid(an_id(), house.ports, house.terms)
