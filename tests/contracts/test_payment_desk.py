from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from tests.builders import NOW, a_payment
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.page import Page, Place
from totetaxi_core.payments.find_payments import FoundPayment, PaymentFilter, find_payments
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus

MINUTE = timedelta(minutes=1)


async def stored(uow_factory: UowFactory, number: int) -> tuple[Booking, list[Payment]]:
    """Store payments of one booking; return it and them, newest first."""
    booking = await store_booking(uow_factory())
    made = [replace(a_payment(booking), created_at=NOW + MINUTE * (n // 2)) for n in range(number)]
    async with uow_factory() as uow:
        for payment in made:
            await uow.payments.add(payment)
        await uow.commit()
    return booking, sorted(made, key=Place.of, reverse=True)


async def found(
    uow_factory: UowFactory,
    wanted: PaymentFilter,
    *,
    before: Payment | None = None,
    after: Payment | None = None,
    limit: int = 10,
) -> Page[FoundPayment]:
    async with uow_factory() as uow:
        return await find_payments(
            uow.payment_desk,
            wanted,
            before=None if before is None else Place.of(before),
            after=None if after is None else Place.of(after),
            limit=limit,
        )


def payments_of(page: Page[FoundPayment]) -> list[Payment]:
    return [one.payment for one in page.entries]


async def test_given_payments_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    booking, newest_first = await stored(uow_factory, 5)
    every = PaymentFilter()

    first = await found(uow_factory, every, limit=2)
    second = await found(uow_factory, every, before=newest_first[1], limit=2)
    third = await found(uow_factory, every, before=newest_first[3], limit=2)
    back = await found(uow_factory, every, after=newest_first[4], limit=2)

    assert [*payments_of(first), *payments_of(second), *payments_of(third)] == newest_first
    assert payments_of(back) == newest_first[2:4]
    assert {one.booking_number for one in first.entries} == {booking.booking_number}
    assert (first.newest, third.oldest) == (None, None)


async def test_given_filters_when_listed_then_only_those_come(uow_factory: UowFactory) -> None:
    booking, [newest, older, oldest] = await stored(uow_factory, 3)
    other, [others] = await stored(uow_factory, 1)
    async with uow_factory() as uow:
        await uow.payments.save(replace(older, status=PaymentStatus.FAILED))
        await uow.payments.save(replace(oldest, purpose=PaymentPurpose.DUPLICATE))
        await uow.commit()

    async def ids(wanted: PaymentFilter) -> set[UUID]:
        page = await found(uow_factory, wanted)
        return {one.id for one in payments_of(page)}

    assert await ids(PaymentFilter(booking_id=other.id)) == {others.id}
    assert await ids(PaymentFilter(status=PaymentStatus.FAILED)) == {older.id}
    assert await ids(PaymentFilter(purpose=PaymentPurpose.DUPLICATE)) == {oldest.id}
    assert await ids(PaymentFilter(booking_id=booking.id, created_from=NOW + MINUTE)) == {newest.id}
    assert await ids(PaymentFilter(booking_id=booking.id, created_until=NOW + MINUTE)) == {
        older.id,
        oldest.id,
    }
