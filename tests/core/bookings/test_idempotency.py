import asyncio
from datetime import timedelta

import pytest

from tests.builders import a_contact
from tests.core.bookings.memory_house import a_house, a_key, an_order
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.place_booking import LEASE, place_booking
from totetaxi_core.bookings.repositories import (
    IdempotencyInProgressError,
    IdempotencyKeyReusedError,
)
from totetaxi_core.refusal import InvalidInputError

KEYED = an_order(idempotency_key=a_key())


async def test_given_a_key_when_its_request_returns_then_it_is_the_same_booking_and_token() -> None:
    house = await a_house()
    first = await house.book_order(KEYED)
    before = house.stored()

    replay = await house.book_order(KEYED)

    assert not first.is_replay
    assert replay.is_replay
    assert not replay.is_repeat
    assert replay.booking == first.booking
    assert replay.manage_token == first.manage_token
    assert replay.intent == first.intent
    assert house.stored() == before


async def test_given_a_replay_when_the_booking_has_moved_on_then_it_is_as_it_now_stands() -> None:
    house = await a_house()
    first = await house.book_order(KEYED)
    await house.cancel(first.booking)

    replay = await house.book_order(KEYED)

    assert replay.booking == house.booking(first.booking.id)
    assert replay.booking.status == "cancelled"
    assert replay.intent is None


async def test_given_a_key_when_the_body_differs_then_it_is_refused() -> None:
    house = await a_house()
    await house.book_order(KEYED)
    before = house.stored()

    with pytest.raises(IdempotencyKeyReusedError) as refused:
        await house.book_order(an_order(idempotency_key=a_key(body="c" * 64)))

    assert refused.value.code == "idempotency_key_reused"
    assert house.stored() == before


async def test_given_a_first_request_that_died_when_asked_within_its_lease_then_wait() -> None:
    house = await a_house()
    placed = await place_booking(KEYED, house.ports, house.terms)  # and no second step

    house.clock.advance(LEASE - timedelta(microseconds=1))
    with pytest.raises(IdempotencyInProgressError):
        await house.book_order(KEYED)
    house.clock.advance(timedelta(microseconds=1))
    resumed = await house.book_order(KEYED)

    assert resumed.is_replay
    assert resumed.booking.id == placed.booking.id
    assert resumed.intent is not None
    assert len(house.database.bookings.rows) == 1


async def test_given_stripe_was_down_when_the_request_returns_then_its_payment_is_begun() -> None:
    house = await a_house()
    house.stripe.outages.plan(Outage.BEFORE_ACTING)
    first = await house.book_order(KEYED)

    replay = await house.book_order(KEYED)

    assert (first.intent, first.payment_error) == (None, "payment_unavailable")
    assert replay.payment_error is None
    assert replay.intent is not None
    assert replay.booking.id == first.booking.id


async def test_given_a_refused_request_when_corrected_under_its_key_then_it_is_booked() -> None:
    house = await a_house()
    with pytest.raises(InvalidInputError):
        await house.book_order(an_order(idempotency_key=a_key(), item_description="x" * 501))

    booked = await house.book_order(an_order(idempotency_key=a_key(body="d" * 64)))

    assert not booked.is_replay
    assert len(house.database.bookings.rows) == 1


async def test_given_a_key_of_yesterday_when_used_again_then_it_is_a_new_request() -> None:
    house = await a_house()
    first = await house.book_order(KEYED)
    await house.cancel(first.booking)
    house.clock.advance(timedelta(hours=24, seconds=1))

    again = await house.book_order(KEYED)

    assert not again.is_replay
    assert again.booking.id != first.booking.id


async def test_given_one_key_sent_at_once_when_booked_then_there_is_one_booking() -> None:
    house = await a_house()

    answers = await asyncio.gather(
        *(house.book_order(KEYED) for _ in range(5)), return_exceptions=True
    )

    booked = [answer for answer in answers if not isinstance(answer, BaseException)]
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len({answer.booking.id for answer in booked}) == 1
    assert all(isinstance(error, IdempotencyInProgressError) for error in refused)
    assert len(house.database.bookings.rows) == 1
    assert len(house.stripe.intents()) == 1


async def test_given_two_keys_for_one_cart_when_booked_then_both_name_the_first() -> None:
    house = await a_house()
    first = await house.book_order(KEYED)
    other_key = an_order(idempotency_key=a_key("key-2"))

    repeat = await house.book_order(other_key)
    replay = await house.book_order(other_key)

    assert repeat.is_repeat
    assert repeat.booking == replay.booking == first.booking
    assert replay.is_replay


async def test_given_a_repeated_cart_when_its_key_returns_then_the_token_stays_in_the_mail() -> (
    None
):
    house = await a_house()
    await house.book_order()
    house.clock.advance(timedelta(seconds=1))
    stranger = an_order(idempotency_key=a_key("a-strangers-key"))
    repeat = await house.book_order(stranger)

    replay = await house.book_order(stranger)

    assert repeat.manage_token is None
    assert replay.manage_token is None


async def test_given_the_same_key_in_another_scope_when_booked_then_it_is_another_request() -> None:
    house = await a_house()
    first = await house.book_order(KEYED)
    key = a_key()
    elsewhere = type(key)(scope="guest-booking:bo@example.com", key=key.key, body_hash="e" * 64)

    other = await house.book_order(
        an_order(idempotency_key=elsewhere, contact=a_contact(email="bo@example.com"))
    )

    assert not other.is_replay
    assert other.booking.id != first.booking.id
