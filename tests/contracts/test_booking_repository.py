from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    NOW,
    a_booking,
    a_contact,
    a_quote,
    a_quote_request,
    a_rich_quote,
    an_id,
)
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus, CancellationReason
from totetaxi_core.bookings.repositories import BookingNumberTakenError, CartTakenError
from totetaxi_core.catalog import ServiceType
from totetaxi_core.pricing import LineKind

LATER = NOW + timedelta(minutes=5, microseconds=123_456)


def a_full_booking() -> Booking:
    """A booking with every field set that may be set at once."""
    booking = a_booking(offer=a_rich_quote())
    return replace(
        booking,
        item_description="12 boxes; “fragile”",
        special_instructions="Läuten\n二回",
        placed_by="maria",
        updated_at=LATER,
        version=7,
    )


def an_organizing_booking() -> Booking:
    """A booking of organizing only: no delivery address and a base line of 0."""
    request = replace(
        a_quote_request(),
        service_type=ServiceType.ORGANIZING_ONLY,
        mini_move_package_id=None,
        delivery_zip=None,
        organizing_service_ids=a_rich_quote().request.organizing_service_ids,
    )
    booking = a_booking(offer=a_quote(request))
    return replace(booking, delivery_address=None)


@pytest.mark.parametrize(
    "booking",
    [
        a_booking(),
        a_full_booking(),
        an_organizing_booking(),
        a_booking().confirm(at=LATER).start(at=LATER).complete(at=LATER),
        a_booking().cancel(reason=CancellationReason.PAYMENT_TIMEOUT, at=LATER),
    ],
    ids=["plain", "full", "organizing", "completed", "cancelled"],
)
async def test_given_a_stored_booking_when_got_then_it_is_equal(
    uow_factory: UowFactory, booking: Booking
) -> None:
    await store_booking(uow_factory(), booking)

    async with uow_factory() as uow:
        found = await uow.bookings.get(booking.id)

    assert found == booking
    assert found.quote.lines == booking.quote.lines
    assert found.created_at.utcoffset() == timedelta(0)


async def test_given_the_rich_quote_when_stored_then_it_has_lines_of_every_kind(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory(), a_full_booking())

    async with uow_factory() as uow:
        stored_quote = (await uow.bookings.get(booking.id)).quote

    assert {line.kind for line in stored_quote.lines} == set(LineKind)
    assert stored_quote.totals_by_kind[LineKind.DISCOUNT] < 0
    assert stored_quote.totals_by_kind[LineKind.ADJUSTMENT] == -2_550


async def test_given_a_saved_transition_when_got_then_it_stands_as_saved(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    confirmed = booking.confirm(at=LATER)

    async with uow_factory() as uow:
        await uow.bookings.save(confirmed)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == confirmed


async def test_given_a_new_price_when_saved_then_its_lines_replace_the_old(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory(), a_full_booking())
    repriced = replace(booking, quote=replace(a_quote(), code_book_version=7), version=8)

    async with uow_factory() as uow:
        await uow.bookings.save(repriced)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == repriced


@pytest.mark.parametrize("lock", [False, True])
async def test_given_no_such_booking_when_got_then_it_is_not_found(
    uow_factory: UowFactory, *, lock: bool
) -> None:
    async with uow_factory() as uow:
        with pytest.raises(BookingNotFoundError) as refusal:
            await uow.bookings.get(an_id(), lock=lock)

    assert refusal.value.code == "booking_not_found"


async def test_given_a_number_when_asked_in_any_case_then_the_booking_is_found(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())

    async with uow_factory() as uow:
        lower = await uow.bookings.get_by_number(booking.booking_number.lower())
        as_is = await uow.bookings.get_by_number(booking.booking_number)
        with pytest.raises(BookingNotFoundError):
            await uow.bookings.get_by_number("TT-NONE")

    assert lower == as_is == booking


async def test_given_a_number_in_use_when_added_then_it_is_refused_and_another_can_be_drawn(
    uow_factory: UowFactory,
) -> None:
    first, uow = await store_booking(uow_factory()), uow_factory()
    second = a_booking()

    with pytest.raises(BookingNumberTakenError) as refusal:
        await store_booking(uow, replace(second, booking_number=first.booking_number))
    await store_booking(uow, second)

    assert refusal.value.code == "booking_number_taken"
    async with uow_factory() as uow:
        assert await uow.bookings.get(second.id) == second


async def test_given_a_pending_cart_when_added_again_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    first, uow = await store_booking(uow_factory()), uow_factory()

    with pytest.raises(CartTakenError) as refusal:
        await store_booking(uow, a_booking(cart_key=first.cart_key))

    assert refusal.value.code == "cart_taken"
    async with uow:
        assert await uow.bookings.with_cart(first.cart_key) == first


async def test_given_a_cart_no_longer_pending_when_added_again_then_it_is_stored(
    uow_factory: UowFactory,
) -> None:
    first = await store_booking(uow_factory())
    second = a_booking(cart_key=first.cart_key)

    async with uow_factory() as uow:
        await uow.bookings.save(first.confirm(at=LATER))
        await uow.bookings.add(second)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.bookings.get(second.id) == second


@pytest.mark.parametrize("clash", ["number", "cart"])
async def test_given_a_booking_being_stored_when_another_claims_the_same_then_it_waits_and_loses(
    uow_factory: UowFactory, clash: str
) -> None:
    first, second = a_booking(), a_booking()
    if clash == "number":
        second = replace(second, booking_number=first.booking_number)
    else:
        second = replace(second, cart_key=first.cart_key)

    async with uow_factory() as uow:
        await uow.bookings.add(first)
        losing = await start_blocked(store_booking(uow_factory(), second), by=uow)
        await uow.commit()

    with pytest.raises((BookingNumberTakenError, CartTakenError)) as refusal:
        await outcome(losing)
    assert refusal.value.code == {"number": "booking_number_taken", "cart": "cart_taken"}[clash]


async def test_given_a_booking_rolled_back_when_another_waits_for_its_cart_then_that_is_stored(
    uow_factory: UowFactory,
) -> None:
    first = a_booking()
    second = a_booking(cart_key=first.cart_key)

    async with uow_factory() as uow:
        await uow.bookings.add(first)
        winning = await start_blocked(store_booking(uow_factory(), second), by=uow)

    assert await outcome(winning) == second


@pytest.mark.parametrize(
    ("booking", "has_cart"),
    [
        (a_booking(), True),
        (a_booking().confirm(at=LATER), True),
        (a_booking().confirm(at=LATER).start(at=LATER), True),
        (a_booking().confirm(at=LATER).complete(at=LATER), False),
        (a_booking().cancel(reason=CancellationReason.CUSTOMER, at=LATER), False),
    ],
    ids=["pending", "confirmed", "in_progress", "completed", "cancelled"],
)
async def test_given_a_booking_when_its_cart_is_asked_for_then_only_one_that_stands_is_found(
    uow_factory: UowFactory, booking: Booking, *, has_cart: bool
) -> None:
    await store_booking(uow_factory(), booking)

    async with uow_factory() as uow:
        found = await uow.bookings.with_cart(booking.cart_key)
        other = await uow.bookings.with_cart("0" * 64)

    assert found == (booking if has_cart else None)
    assert other is None


async def test_given_a_locked_booking_when_another_locks_it_then_it_waits_and_sees_the_change(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())

    async def get_locked() -> Booking:
        async with uow_factory() as second:
            return await second.bookings.get(booking.id, lock=True)

    async with uow_factory() as first:
        await first.bookings.get(booking.id, lock=True)
        waiting = await start_blocked(get_locked(), by=first)
        await first.bookings.save(booking.confirm(at=LATER))
        await first.commit()

    assert (await outcome(waiting)).status is BookingStatus.CONFIRMED


async def test_given_a_locked_booking_when_another_writes_then_it_waits(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    cancelled = booking.cancel(reason=CancellationReason.STAFF, at=LATER)

    async def cancel() -> None:
        async with uow_factory() as second:
            await second.bookings.save(cancelled)
            await second.commit()

    async with uow_factory() as first:
        await first.bookings.get(booking.id, lock=True)
        waiting = await start_blocked(cancel(), by=first)
    await outcome(waiting)

    async with uow_factory() as uow:
        assert await uow.bookings.get(booking.id) == cancelled


async def test_given_a_locked_booking_when_another_only_reads_then_it_does_not_wait(
    uow_factory: UowFactory,
) -> None:
    booking, other = await store_booking(uow_factory()), await store_booking(uow_factory())

    async with uow_factory() as first, uow_factory() as second:
        await first.bookings.get(booking.id, lock=True)
        read = await second.bookings.get(booking.id)
        locked = await second.bookings.get(other.id, lock=True)

    assert (read, locked) == (booking, other)


async def test_given_ended_holds_when_listed_then_pending_ones_come_earliest_first(
    uow_factory: UowFactory,
) -> None:
    holds = [timedelta(minutes=minutes) for minutes in (30, 10, 20, 40)]
    bookings = [await store_booking(uow_factory(), a_booking(hold=hold)) for hold in holds]
    await store_booking(uow_factory(), a_booking(hold=timedelta(minutes=5)).confirm(at=NOW))

    async with uow_factory() as uow:
        lapsed = await uow.bookings.lapsed(at=NOW + holds[0], limit=10)
        first_two = await uow.bookings.lapsed(at=NOW + holds[0], limit=2)
        just_before = await uow.bookings.lapsed(
            at=NOW + holds[1] - timedelta(microseconds=1), limit=10
        )

    assert lapsed == (bookings[1].id, bookings[2].id, bookings[0].id)
    assert first_two == lapsed[:2]
    assert just_before == ()


async def test_given_bookings_when_paged_then_newest_come_first_and_ties_by_id(
    uow_factory: UowFactory,
) -> None:
    ages = [timedelta(minutes=minutes) for minutes in (0, 2, 2, 2, 1)]
    bookings = [await store_booking(uow_factory(), a_booking(created_at=NOW - age)) for age in ages]
    newest_first = tuple(sorted(bookings, key=lambda b: (b.created_at, b.id), reverse=True))

    async with uow_factory() as uow:
        first = await uow.bookings.page(status=None, after=None, limit=3)
        last = first[-1]
        rest = await uow.bookings.page(status=None, after=(last.created_at, last.id), limit=3)

    assert first == newest_first[:3]
    assert rest == newest_first[3:]


async def test_given_a_status_when_paged_then_only_its_bookings_come(
    uow_factory: UowFactory,
) -> None:
    await store_booking(uow_factory())
    confirmed = await store_booking(
        uow_factory(), a_booking(contact=a_contact(email="b@example.com")).confirm(at=LATER)
    )

    async with uow_factory() as uow:
        found = await uow.bookings.page(status=BookingStatus.CONFIRMED, after=None, limit=5)
        none = await uow.bookings.page(status=BookingStatus.COMPLETED, after=None, limit=5)

    assert found == (confirmed,)
    assert none == ()


async def test_given_bookings_of_a_date_when_asked_for_then_they_come_by_pickup_and_number(
    uow_factory: UowFactory,
) -> None:
    def confirmed(*, minutes: int = 0, days: int = 0) -> Booking:
        booking = a_booking().confirm(at=LATER)
        request = booking.quote.request
        moved = replace(request, pickup_date=request.pickup_date + timedelta(days=days))
        pickup_at = booking.pickup_at + timedelta(minutes=minutes)
        return replace(booking, quote=replace(booking.quote, request=moved), pickup_at=pickup_at)

    late = await store_booking(uow_factory(), confirmed(minutes=30))
    twins = [await store_booking(uow_factory(), confirmed()) for _ in range(3)]
    for other in (confirmed(days=1), confirmed(days=-1), a_booking()):
        await store_booking(uow_factory(), other)
    on = late.quote.request.pickup_date

    async with uow_factory() as uow:
        found = await uow.bookings.of_day(on, statuses=STANDING)
        none = await uow.bookings.of_day(on, statuses={BookingStatus.CANCELLED})

    assert found == (*sorted(twins, key=lambda one: one.booking_number), late)
    assert none == ()
