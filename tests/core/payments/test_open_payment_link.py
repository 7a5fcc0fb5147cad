"""The page at Stripe that our own link leads to."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import HOLD, NOW, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.payments.interrupted_gateway import Call
from totetaxi_adapters.memory.cards import DECLINES, PAYS, TAKES_TIME
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.payments.checkout import SessionStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentUnavailableError
from totetaxi_core.payments.live_attempt import LONGEST_SESSION, SHORTEST_SESSION
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payable import NotPayableError, PaymentUnderWayError
from totetaxi_core.payments.payment import AttemptKind, AttemptState

STAFF_HOLD = timedelta(hours=24)
ENDED_THEN_LIVE = [(1, AttemptState.ENDED), (2, AttemptState.LIVE)]


async def book_by_staff(house: MemoryHouse) -> Booking:
    """Book as staff do, without an intent: the crew is held for a day."""
    order = an_order(placed_by="maria", wants_intent=False)
    return (await house.book_order(order)).booking


async def test_given_a_staff_booking_when_its_link_is_opened_then_a_page_is_open() -> None:
    house = await a_house()
    booking = await book_by_staff(house)

    session = await house.open_link(booking)

    [attempt] = house.attempts(booking)
    assert (session.status, session.booking_id) == (SessionStatus.OPEN, booking.id)
    assert (attempt.kind, attempt.state) == (AttemptKind.CHECKOUT, AttemptState.LIVE)
    assert (attempt.session_id, attempt.intent_id) == (session.id, None)
    assert attempt.expires_at == session.expires_at


@pytest.mark.parametrize(
    ("waited", "ends_in"),
    [
        (timedelta(0), LONGEST_SESSION),
        (timedelta(hours=10), STAFF_HOLD - timedelta(hours=10)),
        (STAFF_HOLD - SHORTEST_SESSION, SHORTEST_SESSION),
        (STAFF_HOLD - timedelta(minutes=1), SHORTEST_SESSION),
    ],
)
async def test_given_a_hold_when_a_page_is_opened_then_it_ends_with_it_as_near_as_stripe_allows(
    waited: timedelta, ends_in: timedelta
) -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    house.clock.advance(waited)

    session = await house.open_link(booking)

    assert session.expires_at - house.clock() == ends_in


async def test_given_an_open_page_when_the_link_is_followed_again_then_it_is_the_same() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    first = await house.open_link(booking)
    house.clock.advance(timedelta(hours=3))

    again = await house.open_link(booking)

    assert again.id == first.id
    assert len(house.checkout.sessions()) == 1


async def test_given_a_declined_card_when_the_link_is_followed_again_then_it_is_the_same() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    first = await house.open_link(booking)
    house.checkout.pay_session(first.id, DECLINES)

    again = await house.open_link(booking)

    assert (again.id, again.status) == (first.id, SessionStatus.OPEN)


async def test_given_many_who_follow_it_at_once_when_opened_then_there_is_one_live_attempt() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)

    sessions = await asyncio.gather(*(house.open_link(booking) for _ in range(5)))

    assert len({session.id for session in sessions}) == 1
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


@pytest.mark.parametrize("lost", [Outage.BEFORE_ACTING, Outage.AFTER_ACTING])
async def test_given_a_lost_answer_when_opened_again_hours_later_then_the_order_repeats_itself(
    lost: Outage,
) -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.outages.plan(lost)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    house.clock.advance(timedelta(hours=2))

    session = await house.open_link(booking)

    assert [each.id for each in house.checkout.sessions()] == [session.id]
    assert house.attempts(booking)[0].session_id == session.id


async def test_given_a_session_never_made_when_its_end_is_too_near_then_the_next_is_made() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    house.clock.advance(STAFF_HOLD - timedelta(minutes=20))

    session = await house.open_link(booking)

    assert house.attempt_states(booking) == ENDED_THEN_LIVE
    assert session.expires_at - house.clock() == SHORTEST_SESSION


async def test_given_a_failure_kept_under_its_key_when_opened_again_then_the_next_is_made() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    [payment] = house.payments(booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")

    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    session = await house.open_link(booking)

    assert house.attempt_states(booking) == ENDED_THEN_LIVE
    assert session.attempt == 2


async def test_given_a_page_that_lapsed_when_the_link_is_followed_then_a_new_one_is_open() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    first = await house.open_link(booking)
    house.clock.advance(LONGEST_SESSION)

    second = await house.open_link(booking)

    assert house.checkout.session(first.id).status is SessionStatus.EXPIRED
    assert second.id != first.id
    assert house.attempt_states(booking) == ENDED_THEN_LIVE


async def test_given_an_intent_that_waits_when_the_link_is_opened_then_it_is_canceled_first() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid(placed_by="maria")

    session = await house.open_link(booking)

    assert (await house.stripe.get_intent(intent.id)).status is IntentStatus.CANCELED
    assert session.status is SessionStatus.OPEN
    assert house.attempt_states(booking) == ENDED_THEN_LIVE
    order = house.stripe.calls
    assert order.index(Call.CANCEL_INTENT) < order.index(Call.CREATE_SESSION)


async def test_given_an_intent_paid_meanwhile_when_the_link_is_opened_then_it_is_settled() -> None:
    house = await a_house()
    booking, intent = await house.book_unpaid(placed_by="maria")
    house.pay(intent)

    with pytest.raises(NotPayableError) as refusal:
        await house.open_link(booking)

    assert refusal.value.code == "invalid_transition"
    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.checkout.sessions() == ()


async def test_given_an_intent_at_a_slow_bank_when_the_link_is_opened_then_it_is_under_way() -> (
    None
):
    house = await a_house()
    booking, intent = await house.book_unpaid(placed_by="maria")
    house.pay(intent, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError) as refusal:
        await house.open_link(booking)

    assert refusal.value.code == "payment_under_way"
    assert house.checkout.sessions() == ()
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


async def test_given_an_open_page_when_an_intent_is_opened_then_the_page_is_expired_first() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    session = await house.open_link(booking)

    intent = await open_intent(booking.id, house.ports, house.terms)

    assert house.checkout.session(session.id).status is SessionStatus.EXPIRED
    assert intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD
    assert [each.kind for each in house.attempts(booking)] == [
        AttemptKind.CHECKOUT,
        AttemptKind.INTENT,
    ]
    assert house.attempt_states(booking) == ENDED_THEN_LIVE
    order = house.stripe.calls
    assert order.index(Call.EXPIRE_SESSION) < order.index(Call.CREATE_INTENT)


async def test_given_a_page_paid_meanwhile_when_an_intent_is_opened_then_it_is_settled() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    session = await house.open_link(booking)
    house.stripe.before(Call.EXPIRE_SESSION, lambda: pay_page(house, session.id))

    with pytest.raises(NotPayableError):
        await open_intent(booking.id, house.ports, house.terms)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert len(house.stripe.intents()) == 1
    assert house.attempt_states(booking) == [(1, AttemptState.SUCCEEDED)]


async def test_given_a_page_at_a_slow_bank_when_an_intent_is_opened_then_it_is_under_way() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    session = await house.open_link(booking)
    intent = house.checkout.pay_session(session.id, TAKES_TIME)

    with pytest.raises(PaymentUnderWayError):
        await open_intent(booking.id, house.ports, house.terms)
    house.stripe.decide(intent.id, approve=False)
    again = await open_intent(booking.id, house.ports, house.terms)

    assert again.id != intent.id
    assert house.attempt_states(booking) == ENDED_THEN_LIVE


async def test_given_a_paid_page_when_the_link_is_followed_then_it_is_settled_and_refused() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    session = await house.open_link(booking)
    house.checkout.pay_session(session.id, PAYS)

    with pytest.raises(NotPayableError):
        await house.open_link(booking)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED


async def test_given_a_booking_that_ended_meanwhile_when_opened_then_nobody_gets_the_page() -> None:
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.after(Call.CREATE_SESSION, lambda: house.cancel(booking))

    with pytest.raises(NotPayableError):
        await house.open_link(booking)

    [session] = house.checkout.sessions()
    assert session.status is SessionStatus.EXPIRED
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED)]


async def test_given_a_hold_that_lapsed_when_opened_then_it_is_refused_and_stripe_not_asked() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    house.clock.advance(STAFF_HOLD)

    with pytest.raises(NotPayableError):
        await house.open_link(booking)

    assert house.stripe.calls == []


async def test_given_no_such_booking_when_opened_then_it_is_refused() -> None:
    house = await a_house()
    booking = await book_by_staff(house)

    with pytest.raises(BookingNotFoundError):
        await house.open_link(replace(booking, id=an_id()))

    assert house.checkout.sessions() == ()


async def test_given_a_page_that_outlives_its_hold_when_the_hold_ends_then_nobody_can_pay_it() -> (
    None
):
    house = await a_house()
    booking = (await house.book_order(an_order(wants_intent=False))).booking
    session = await house.open_link(booking)
    assert session.expires_at == NOW + SHORTEST_SESSION > NOW + HOLD
    house.clock.advance(HOLD)

    await expire_holds(house.ports, house.terms, limit=10)

    assert house.checkout.session(session.id).status is SessionStatus.EXPIRED
    assert house.booking(booking.id).status is BookingStatus.CANCELLED
    assert house.crews_taken() == {}


async def test_given_a_page_paid_as_its_hold_ends_when_expired_then_the_booking_is_confirmed() -> (
    None
):
    house = await a_house()
    booking = (await house.book_order(an_order(wants_intent=False))).booking
    session = await house.open_link(booking)
    house.clock.advance(HOLD)
    house.stripe.before(Call.EXPIRE_SESSION, lambda: pay_page(house, session.id))

    await expire_holds(house.ports, house.terms, limit=10)

    assert house.booking(booking.id).status is BookingStatus.CONFIRMED
    assert house.refunds(booking) == []


async def test_given_a_session_we_never_heard_of_when_the_hold_ends_then_it_is_expired_too() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.outages.plan(Outage.AFTER_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)

    await house.cancel(booking)

    [session] = house.checkout.sessions()
    assert session.status is SessionStatus.EXPIRED
    assert house.attempts(booking)[0].session_id == session.id


async def pay_page(house: MemoryHouse, session_id: str) -> None:
    house.checkout.pay_session(session_id, PAYS)


async def test_given_a_hold_that_lapsed_while_at_stripe_when_opened_then_nobody_gets_the_page() -> (
    None
):
    house = await a_house()
    booking = (await house.book_order(an_order(wants_intent=False))).booking
    house.stripe.after(Call.CREATE_SESSION, lambda: let_time_pass(house, HOLD))

    with pytest.raises(NotPayableError):
        await house.open_link(booking)

    [session] = house.checkout.sessions()
    assert session.status is SessionStatus.EXPIRED
    assert house.attempts(booking)[0].session_id is None


async def test_given_a_refused_page_and_an_intent_never_made_when_the_hold_ends_then_it_does() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    session = await house.open_link(booking)
    refused = house.checkout.pay_session(session.id, TAKES_TIME)
    house.stripe.decide(refused.id, approve=False)
    house.stripe.before(Call.CREATE_INTENT, lambda: fall_silent(house))
    with pytest.raises(PaymentUnavailableError):
        await open_intent(booking.id, house.ports, house.terms)
    assert house.attempt_states(booking) == ENDED_THEN_LIVE
    house.clock.advance(STAFF_HOLD)

    await expire_holds(house.ports, house.terms, limit=10)

    assert house.booking(booking.id).status is BookingStatus.CANCELLED
    assert house.crews_taken() == {}


async def let_time_pass(house: MemoryHouse, span: timedelta) -> None:
    house.clock.advance(span)


async def fall_silent(house: MemoryHouse) -> None:
    house.stripe.outages.plan(Outage.BEFORE_ACTING)


async def open_meanwhile(house: MemoryHouse, booking: Booking) -> None:
    """Hand the page out to somebody else, and let Stripe answer 500 from then on."""
    [payment] = house.payments(booking)
    await house.open_link(booking)
    house.stripe.failed_keys.add(f"payment:{payment.id}:1")


async def test_given_a_page_handed_out_while_we_are_answered_500_when_opened_then_it_stays() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.before(Call.CREATE_SESSION, lambda: open_meanwhile(house, booking))

    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    again = await house.open_link(booking)

    assert [each.id for each in house.checkout.sessions()] == [again.id]
    assert house.attempt_states(booking) == [(1, AttemptState.LIVE)]


async def test_given_a_page_handed_out_while_none_seemed_made_when_ended_then_it_is_expired() -> (
    None
):
    house = await a_house()
    booking = await book_by_staff(house)
    house.stripe.outages.plan(Outage.BEFORE_ACTING)
    with pytest.raises(PaymentUnavailableError):
        await house.open_link(booking)
    house.stripe.before(Call.CREATE_SESSION, lambda: open_meanwhile(house, booking))

    ended = await house.cancel(booking, staff_name="maria")

    [page] = house.checkout.sessions()
    assert (ended.status, page.status) == (BookingStatus.CANCELLED, SessionStatus.EXPIRED)
    assert house.attempt_states(booking) == [(1, AttemptState.ENDED)]
