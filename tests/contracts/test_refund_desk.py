from dataclasses import replace
from datetime import timedelta

from tests.builders import NOW, a_payment, a_refund
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking, store_payment
from totetaxi_core.page import Page, Place
from totetaxi_core.payments.find_refunds import FoundRefund, find_refunds
from totetaxi_core.payments.refund import Refund, RefundStatus


async def stored(uow_factory: UowFactory, number: int) -> tuple[str, list[Refund]]:
    """Store refunds of one booking; return its number and them, newest first."""
    booking = await store_booking(uow_factory())
    payment = await store_payment(uow_factory(), a_payment(booking))
    made = [
        a_refund(payment, amount_cents=100, created_at=NOW + timedelta(minutes=n // 2))
        for n in range(number)
    ]
    async with uow_factory() as uow:
        for refund in made:
            await uow.refunds.add(refund)
        await uow.commit()
    return booking.booking_number, sorted(made, key=Place.of, reverse=True)


async def found(
    uow_factory: UowFactory,
    *,
    status: RefundStatus | None = None,
    before: Refund | None = None,
    after: Refund | None = None,
    limit: int = 10,
) -> Page[FoundRefund]:
    async with uow_factory() as uow:
        return await find_refunds(
            uow.refund_desk,
            status=status,
            before=None if before is None else Place.of(before),
            after=None if after is None else Place.of(after),
            limit=limit,
        )


def refunds_of(page: Page[FoundRefund]) -> list[Refund]:
    return [one.refund for one in page.entries]


async def test_given_refunds_when_walked_by_pages_then_each_comes_once_both_ways(
    uow_factory: UowFactory,
) -> None:
    number, newest_first = await stored(uow_factory, 5)

    first = await found(uow_factory, limit=2)
    second = await found(uow_factory, before=newest_first[1], limit=2)
    third = await found(uow_factory, before=newest_first[3], limit=2)
    back = await found(uow_factory, after=newest_first[4], limit=2)
    top = await found(uow_factory, after=newest_first[2], limit=2)

    assert [*refunds_of(first), *refunds_of(second), *refunds_of(third)] == newest_first
    assert (refunds_of(back), refunds_of(top)) == (newest_first[2:4], newest_first[:2])
    assert {one.booking_number for one in first.entries} == {number}
    assert (first.newest, third.oldest, top.newest) == (None, None, None)


async def test_given_a_status_when_listed_then_only_those_come(uow_factory: UowFactory) -> None:
    _, [newest, oldest] = await stored(uow_factory, 2)

    async with uow_factory() as uow:
        await uow.refunds.save(replace(oldest, status=RefundStatus.REJECTED))
        await uow.commit()

    assert refunds_of(await found(uow_factory, status=RefundStatus.APPROVED)) == [newest]
    assert refunds_of(await found(uow_factory, status=RefundStatus.SENT)) == []
