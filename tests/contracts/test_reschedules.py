from dataclasses import replace
from datetime import time, timedelta
from uuid import UUID

import pytest

from tests.builders import NOW, PICKUP_AT, a_booking, a_payment, a_rich_quote, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.bookings.reschedule import (
    Reschedule,
    RescheduleExistsError,
    RescheduleState,
)
from totetaxi_core.payments.payment import Payment, PaymentPurpose

MINUTE = timedelta(minutes=1)


async def stored_payments(uow_factory: UowFactory, *, count: int = 1) -> tuple[Payment, ...]:
    """Store a booking and return so many payments of differences of it."""
    booking = a_booking()
    made = tuple(a_payment(booking, purpose=PaymentPurpose.RESCHEDULE) for _ in range(count))
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        for payment in made:
            await uow.payments.add(payment)
        await uow.commit()
    return made


def a_reschedule(payment: Payment, *, expires_at_minute: int = 30) -> Reschedule:
    return Reschedule(
        id=an_id(),
        booking_id=payment.booking_id,
        state=RescheduleState.PENDING,
        quote=replace(a_rich_quote(), code_book_version=3),
        pickup_at=PICKUP_AT + timedelta(days=4),
        previous_pickup_at=PICKUP_AT,
        difference_cents=17_500,
        payment_id=payment.id,
        expires_at=NOW + expires_at_minute * MINUTE,
        requested_by="customer",
        created_at=NOW,
        updated_at=NOW,
    )


async def store(uow_factory: UowFactory, *added: Reschedule) -> None:
    async with uow_factory() as uow:
        for reschedule in added:
            await uow.reschedules.add(reschedule)
        await uow.commit()


async def lapsed(uow_factory: UowFactory, *, minute: int, limit: int = 10) -> tuple[UUID, ...]:
    async with uow_factory() as uow:
        return await uow.reschedules.lapsed(at=NOW + minute * MINUTE, limit=limit)


async def test_given_a_reschedule_when_looked_up_then_it_is_equal_with_its_whole_price(
    uow_factory: UowFactory,
) -> None:
    [payment] = await stored_payments(uow_factory)
    reschedule = a_reschedule(payment)
    await store(uow_factory, reschedule)

    async with uow_factory() as uow:
        pending = await uow.reschedules.pending_of(payment.booking_id)
        of_payment = await uow.reschedules.of_payment(payment.id)
        nothing = (
            await uow.reschedules.pending_of(an_id()),
            await uow.reschedules.of_payment(an_id()),
        )

    assert pending == of_payment == reschedule
    assert nothing == (None, None)


async def test_given_a_pending_one_when_ended_then_it_is_kept_and_another_may_wait(
    uow_factory: UowFactory,
) -> None:
    first_payment, second_payment = await stored_payments(uow_factory, count=2)
    first, second = a_reschedule(first_payment), a_reschedule(second_payment)
    await store(uow_factory, first)

    async with uow_factory() as uow:
        await uow.reschedules.save(first.end(at=NOW + MINUTE))
        await uow.reschedules.add(second)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.reschedules.pending_of(first.booking_id) == second
        assert await uow.reschedules.of_payment(first_payment.id) == replace(
            first, state=RescheduleState.ENDED, updated_at=NOW + MINUTE
        )


async def test_given_a_pending_one_when_a_second_is_added_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    first, second = await stored_payments(uow_factory, count=2)
    await store(uow_factory, a_reschedule(first))

    with pytest.raises(RescheduleExistsError):
        await store(uow_factory, a_reschedule(second))

    async with uow_factory() as uow:
        assert await uow.reschedules.of_payment(second.id) is None


async def test_given_several_when_they_lapse_then_pending_ones_come_earliest_first(
    uow_factory: UowFactory,
) -> None:
    late, early, done = [(await stored_payments(uow_factory))[0] for _ in range(3)]
    await store(uow_factory, a_reschedule(late, expires_at_minute=20))
    await store(uow_factory, a_reschedule(early, expires_at_minute=10))
    await store(uow_factory, a_reschedule(done, expires_at_minute=5).done(at=NOW))

    assert await lapsed(uow_factory, minute=9) == ()
    assert await lapsed(uow_factory, minute=10) == (early.booking_id,)
    assert await lapsed(uow_factory, minute=20) == (early.booking_id, late.booking_id)
    assert await lapsed(uow_factory, minute=20, limit=1) == (early.booking_id,)


async def test_given_reschedules_when_asked_for_a_date_then_those_that_hold_crews_there_are_told(
    uow_factory: UowFactory,
) -> None:
    first, second, over = [(await stored_payments(uow_factory))[0] for _ in range(3)]
    waiting = replace(
        a_reschedule(first), crew_day_ends_at=time(18), created_at=NOW - timedelta(hours=1)
    )
    also = a_reschedule(second)
    await store(uow_factory, also, waiting, a_reschedule(over).end(at=NOW))
    on = waiting.quote.request.pickup_date

    async with uow_factory() as uow:
        held = await uow.reschedules.held_on(on)
        elsewhere = await uow.reschedules.held_on(on + timedelta(days=1))

    assert held == (waiting, also)
    assert elsewhere == ()
