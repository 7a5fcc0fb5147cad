"""Bookings made as a guest go into the account of their e-mail address."""

import pytest

from tests.builders import NOW, a_contact, a_customer
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.sample_books import book_with_petite_at
from tests.core.payments.refunding import approve, request
from tests.laws.money_acts import hear
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.find_bookings import BookingFilter
from totetaxi_core.customers import join_bookings
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.join_bookings import join_guest_bookings
from totetaxi_core.customers.totals import totals_of


@pytest.fixture
async def house() -> MemoryHouse:
    return await a_house(book=book_with_petite_at(100_000))


async def verify(house: MemoryHouse, email: str = "ada.guest@example.com") -> tuple[Customer, int]:
    """Open an account as the verified address gets it."""
    customer = a_customer(email=email)
    async with house.ports.unit_of_work() as uow:
        await uow.customers.add(customer)
        joined = await join_guest_bookings(customer, uow, at=house.clock())
        await uow.commit()
    return house.database.customers.rows[customer.id], joined


async def book_and_pay(house: MemoryHouse, email: str = "Ada.Guest@Example.com") -> Booking:
    booking, intent = await house.book_unpaid(contact=a_contact(email=email), allow_duplicate=True)
    house.pay(intent)
    await house.settle(intent)
    return booking


async def test_given_paid_guest_bookings_when_the_address_is_verified_then_they_join_and_count(
    house: MemoryHouse,
) -> None:
    await book_and_pay(house)
    await book_and_pay(house)
    await book_and_pay(house, email="eve@example.com")

    customer, joined = await verify(house)

    async with house.ports.unit_of_work() as uow:
        listed = await uow.booking_desk.page(BookingFilter(customer_id=customer.id), limit=9)
    assert (joined, len(listed)) == (2, 2)
    assert (customer.total_bookings, customer.total_spent_cents) == (2, 200_000)
    assert (customer.is_vip, customer.last_booking_at) == (True, NOW)


async def test_given_more_bookings_than_a_batch_when_verified_then_all_join(
    house: MemoryHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join_bookings, "BATCH", 2)
    for _ in range(3):
        await house.book_order(an_order(allow_duplicate=True, wants_intent=False))

    _, joined = await verify(house)

    assert joined == 3
    assert all(one.customer_id for one in house.database.bookings.rows.values())


async def test_given_an_account_when_its_address_books_as_a_guest_then_it_joins_unseen(
    house: MemoryHouse,
) -> None:
    customer, _ = await verify(house)

    known = await house.book_order(an_order())
    unknown = await house.book_order(an_order(contact=a_contact(email="eve@example.com")))
    by_staff = await house.book_order(an_order(allow_duplicate=True, placed_by="maria"))

    assert known.booking.customer_id == by_staff.booking.customer_id == customer.id
    assert unknown.booking.customer_id is None
    assert (known.booking.placed_by, known.booking.version) == ("guest", 1)
    assert (known.manage_token is None) == (unknown.manage_token is None)


async def test_given_an_order_of_an_account_when_its_contact_is_another_customer_then_it_stays(
    house: MemoryHouse,
) -> None:
    owner, _ = await verify(house, "owner@example.com")
    await verify(house)

    booked = await house.book_order(an_order(customer_id=owner.id, placed_by="customer"))

    assert booked.booking.customer_id == owner.id


async def test_given_a_free_booking_of_an_account_when_placed_then_it_counts_at_once(
    house: MemoryHouse,
) -> None:
    customer, _ = await verify(house)
    await house.publish(book_with_petite_at(0, version=2), based_on=1)

    booked = await house.book_order(an_order())

    totals = totals_of(house.database.customers.rows[customer.id])
    assert booked.booking.total_cents == 0
    assert (totals.total_bookings, totals.total_spent_cents) == (1, 0)
    assert totals.last_booking_at == booked.booking.confirmed_at == NOW


async def test_given_a_booking_of_an_account_when_paid_in_cash_then_it_counts(
    house: MemoryHouse,
) -> None:
    customer, _ = await verify(house)
    booking = await house.book_without_intent()

    await house.confirm_in_cash(booking)

    totals = totals_of(house.database.customers.rows[customer.id])
    assert (totals.total_bookings, totals.total_spent_cents) == (1, 100_000)


async def test_given_a_vip_when_a_refund_is_sent_then_it_lapses_and_a_failure_brings_it_back(
    house: MemoryHouse,
) -> None:
    customer, _ = await verify(house)
    await book_and_pay(house)
    booking = await book_and_pay(house)
    await approve(await request(booking, house, amount_cents=1), house)
    await hear(house, 0)
    lapsed = totals_of(house.database.customers.rows[customer.id])

    house.stripe.settle_refund(house.stripe.refunds()[-1].id, succeeds=False)
    await hear(house, 0)

    again = totals_of(house.database.customers.rows[customer.id])
    assert (lapsed.total_spent_cents, lapsed.is_vip, lapsed.total_bookings) == (199_999, False, 2)
    assert (again.total_spent_cents, again.is_vip) == (200_000, True)
