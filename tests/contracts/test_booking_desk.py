from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, PICKUP_DATE, a_booking, a_contact, a_customer
from tests.contracts.conftest import UowFactory
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.find_bookings import (
    BookingFilter,
    Search,
    find_bookings,
)
from totetaxi_core.catalog import ServiceType
from totetaxi_core.page import Page, Place

ALL = BookingFilter()
DAY = timedelta(days=1)


async def found(
    uow_factory: UowFactory,
    wanted: BookingFilter = ALL,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 10,
) -> Page[Booking]:
    async with uow_factory() as uow:
        return await find_bookings(
            uow.booking_desk, wanted, before=before, after=after, limit=limit
        )


def place(booking: Booking | None) -> Place | None:
    return None if booking is None else Place.of(booking)


async def stored(uow_factory: UowFactory, number: int) -> list[Booking]:
    """Store bookings a minute apart, two at each instant; return them newest first."""
    made = [a_booking(created_at=NOW + timedelta(minutes=n // 2)) for n in range(number)]
    async with uow_factory() as uow:
        for booking in made:
            await uow.bookings.add(booking)
        await uow.commit()
    return sorted(made, key=Place.of, reverse=True)


async def test_given_bookings_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    newest_first = await stored(uow_factory, 7)

    first = await found(uow_factory, limit=3)
    second = await found(uow_factory, before=place(first.oldest), limit=3)
    third = await found(uow_factory, before=place(second.oldest), limit=3)
    back = await found(uow_factory, after=place(third.newest), limit=3)
    top = await found(uow_factory, after=place(back.newest), limit=3)

    assert [*first.entries, *second.entries, *third.entries] == newest_first
    assert (first.newest, third.oldest) == (None, None)
    assert (back.entries, top.entries) == (second.entries, first.entries)
    assert top.newest is None


async def test_given_filters_when_listed_then_only_those_come(uow_factory: UowFactory) -> None:
    pending, late, confirmed = await stored(uow_factory, 3)
    request = replace(late.quote.request, pickup_date=PICKUP_DATE + 9 * DAY)
    async with uow_factory() as uow:
        await uow.bookings.save(replace(late, quote=replace(late.quote, request=request)))
        await uow.bookings.save(
            replace(
                confirmed,
                status=BookingStatus.CONFIRMED,
                hold_expires_at=None,
                confirmed_at=NOW,
            )
        )
        await uow.commit()

    async def ids(wanted: BookingFilter) -> list[object]:
        return [booking.id for booking in (await found(uow_factory, wanted)).entries]

    assert await ids(BookingFilter(status=BookingStatus.CONFIRMED)) == [confirmed.id]
    assert await ids(BookingFilter(pickup_from=PICKUP_DATE + DAY)) == [late.id]
    assert await ids(BookingFilter(pickup_to=PICKUP_DATE)) == [pending.id, confirmed.id]
    assert await ids(BookingFilter(service_type=ServiceType.BLADE_DELIVERY)) == []
    assert len(await ids(BookingFilter(service_type=pending.quote.request.service_type))) == 3


async def test_given_an_account_when_its_bookings_are_listed_then_no_others_come(
    uow_factory: UowFactory,
) -> None:
    owner, other = a_customer(), a_customer(email="bea@example.com")
    made = [
        replace(a_booking(created_at=NOW + timedelta(minutes=number)), customer_id=customer_id)
        for number, customer_id in enumerate((owner.id, None, other.id, owner.id, owner.id))
    ]
    async with uow_factory() as uow:
        for customer in (owner, other):
            await uow.customers.add(customer)
        for booking in made:
            await uow.bookings.add(booking)
        await uow.commit()
    wanted = BookingFilter(customer_id=owner.id)

    first = await found(uow_factory, wanted, limit=2)
    second = await found(uow_factory, wanted, before=place(first.oldest), limit=2)

    assert [*first.entries, *second.entries] == [made[4], made[3], made[0]]
    assert (first.newest, second.oldest) == (None, None)


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("{number}", True),
        ("{number_lower}", True),
        ("ADA.guest@example.com", True),
        ("ada.guest@", True),
        ("guest@example.com", False),
        ("(212) 736-5000", True),
        ("+1 212 736 5000", True),
        ("2127365001", False),
        ("love", True),
        ("ADA", True),
        ("ada  lovel", True),
        ("ada lovelady", False),
        ("Ångström", False),
        ("lace", False),
        ("%", False),
        ("_da", False),
    ],
)
async def test_given_what_a_caller_knows_when_searched_then_their_booking_is_found(
    uow_factory: UowFactory, typed: str, *, is_found: bool
) -> None:
    contact = replace(
        a_contact(),
        first_name="Ada",
        last_name="Lovelace",
        email="Ada.Guest@example.com",
        phone="+12127365000",
    )
    booking = replace(a_booking(), contact=contact)
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    number = booking.booking_number

    text = typed.format(number=number, number_lower=number.lower())
    page = await found(uow_factory, BookingFilter(search=Search.of(text)))

    assert page.entries == ((booking,) if is_found else ())
