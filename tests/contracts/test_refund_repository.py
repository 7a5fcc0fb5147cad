from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_refund, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_payment
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.payments.refund import Refund, RefundNotFoundError, RefundStatus
from totetaxi_core.payments.refundable import RefundExceedsPaymentError

MINUTE = timedelta(minutes=1)


async def store_refund(uow_factory: UowFactory, refund: Refund | None = None) -> Refund:
    stored = refund or a_refund(await store_payment(uow_factory()))
    async with uow_factory() as uow:
        await uow.refunds.add(stored)
        await uow.commit()
    return stored


def failed(refund: Refund) -> Refund:
    return replace(
        refund,
        status=RefundStatus.FAILED,
        stripe_refund_id=f"re_{refund.id.hex}",
        failure_reason="expired_or_canceled_card",
        updated_at=NOW + MINUTE,
    )


async def test_given_a_refund_when_got_then_it_is_equal(uow_factory: UowFactory) -> None:
    refund = await store_refund(uow_factory)

    async with uow_factory() as uow:
        found = await uow.refunds.get(refund.id)
        locked = await uow.refunds.get(refund.id, lock=True)

    assert found == locked == refund


@pytest.mark.parametrize("lock", [False, True])
async def test_given_no_such_refund_when_got_then_it_is_not_found(
    uow_factory: UowFactory, *, lock: bool
) -> None:
    async with uow_factory() as uow:
        with pytest.raises(RefundNotFoundError) as refusal:
            await uow.refunds.get(an_id(), lock=lock)

    assert refusal.value.code == "refund_not_found"


async def test_given_a_refund_when_saved_then_it_stands_as_saved(uow_factory: UowFactory) -> None:
    refund = await store_refund(uow_factory)

    async with uow_factory() as uow:
        await uow.refunds.save(failed(refund))
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.refunds.get(refund.id) == failed(refund)


async def test_given_a_bookings_refunds_when_asked_for_then_they_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    second = a_refund(payment, amount_cents=2_000, created_at=NOW + MINUTE)
    first = a_refund(payment, amount_cents=1_000)
    for refund in (second, first):
        await store_refund(uow_factory, refund)
    await store_refund(uow_factory)

    async with uow_factory() as uow:
        found = await uow.refunds.of_booking(payment.booking_id)

    assert found == (first, second)


async def test_given_a_locked_refund_when_another_locks_it_then_it_waits_and_sees_the_change(
    uow_factory: UowFactory,
) -> None:
    refund = await store_refund(uow_factory)

    async def lock() -> Refund:
        async with uow_factory() as second:
            return await second.refunds.get(refund.id, lock=True)

    async with uow_factory() as first:
        await first.refunds.get(refund.id, lock=True)
        waiting = await start_blocked(lock(), by=first)
        await first.refunds.save(failed(refund))
        await first.commit()

    assert await outcome(waiting) == failed(refund)


async def test_given_a_locked_refund_when_another_writes_then_it_waits(
    uow_factory: UowFactory,
) -> None:
    refund = await store_refund(uow_factory)

    async def fail() -> None:
        async with uow_factory() as second:
            await second.refunds.save(failed(refund))
            await second.commit()

    async with uow_factory() as first:
        await first.refunds.get(refund.id, lock=True)
        waiting = await start_blocked(fail(), by=first)
    await outcome(waiting)

    async with uow_factory() as uow:
        assert await uow.refunds.get(refund.id) == failed(refund)


@pytest.mark.parametrize("status", [RefundStatus.REQUESTED, RefundStatus.SENT])
async def test_given_little_left_of_a_payment_when_more_is_added_then_it_is_refused(
    uow_factory: UowFactory, status: RefundStatus
) -> None:
    payment = await store_payment(uow_factory())
    first = a_refund(payment, amount_cents=payment.amount_cents - 100)
    await store_refund(uow_factory, replace(first, status=status))

    with pytest.raises(RefundExceedsPaymentError) as refusal:
        await store_refund(uow_factory, a_refund(payment, amount_cents=101))
    rest = await store_refund(uow_factory, a_refund(payment, amount_cents=100))

    assert refusal.value.code == "refund_exceeds_payment"
    async with uow_factory() as uow:
        found = await uow.refunds.of_booking(payment.booking_id)
    assert {refund.id for refund in found} == {first.id, rest.id}


@pytest.mark.parametrize("status", [RefundStatus.REJECTED, RefundStatus.FAILED])
async def test_given_a_refund_that_came_to_nothing_when_all_is_added_again_then_it_is_stored(
    uow_factory: UowFactory, status: RefundStatus
) -> None:
    payment = await store_payment(uow_factory())
    await store_refund(uow_factory, replace(a_refund(payment), status=status))

    again = await store_refund(uow_factory, a_refund(payment))

    async with uow_factory() as uow:
        assert await uow.refunds.get(again.id) == again


async def test_given_refunds_when_paged_then_they_come_newest_first_by_status_if_asked(
    uow_factory: UowFactory,
) -> None:
    payment = await store_payment(uow_factory())
    stored = [
        await store_refund(
            uow_factory, a_refund(payment, amount_cents=1, created_at=NOW + age * MINUTE)
        )
        for age in (0, 0, 1, 2)
    ]
    requested = replace(
        a_refund(payment, amount_cents=1, created_at=NOW), status=RefundStatus.REQUESTED
    )
    await store_refund(uow_factory, requested)
    in_order = sorted([*stored, requested], key=lambda one: (one.created_at, one.id))[::-1]

    async with uow_factory() as uow:
        first = await uow.refunds.page(status=None, after=None, limit=3)
        last = (first[-1].created_at, first[-1].id)
        second = await uow.refunds.page(status=None, after=last, limit=3)
        waiting = await uow.refunds.page(status=RefundStatus.REQUESTED, after=None, limit=3)

    assert [*first, *second] == in_order
    assert waiting == (requested,)
