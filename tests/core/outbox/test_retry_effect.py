from datetime import timedelta

import pytest

from tests.builders import an_effect, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from totetaxi_core.outbox.owed_effect import (
    EffectKind,
    EffectNotFailedError,
    EffectState,
    OwedEffect,
)
from totetaxi_core.outbox.retry_effect import (
    EffectBusyError,
    EffectNotFoundError,
    retry_effect,
)


async def given_up(house: MemoryHouse) -> OwedEffect:
    """Owe a look at an intent Stripe has never heard of, and have that fail."""
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.owe(an_effect(payload={"intent_id": "pi_gone"}, at=house.clock()))
        await uow.commit()
    await house.work_off()
    [failed] = house.effects(EffectKind.SETTLE_INTENT)
    assert failed.state is EffectState.FAILED
    return failed


async def sweep(house: MemoryHouse) -> int:
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=10)
        await uow.commit()
    return await house.work_off()


async def test_given_a_failed_effect_when_retried_then_it_is_due_and_the_act_on_record() -> None:
    house = await a_house()
    failed = await given_up(house)
    house.clock.advance(timedelta(minutes=1))

    reopened = await retry_effect(failed.id, house.ports, staff_name="maria")

    [act] = house.acts()
    assert (reopened.state, reopened.last_error) == (EffectState.DUE, failed.last_error)
    assert (act.staff_name, act.action_type, act.booking_id) == ("maria", "effect_retried", None)
    assert str(failed.id) in act.description
    assert await sweep(house) == 1
    [again] = house.effects(EffectKind.SETTLE_INTENT)
    assert (again.state, again.attempts) == (EffectState.FAILED, 2)


async def test_given_a_failed_effect_of_a_booking_when_retried_then_the_act_is_the_booking_s() -> (
    None
):
    house = await a_house()
    booking, _ = await house.book_unpaid()
    effect = an_effect(payload={"booking_id": str(booking.id)}).fail("it broke")
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.owe(effect)
        await uow.commit()

    await retry_effect(effect.id, house.ports, staff_name="maria")

    [act] = house.acts()
    assert act.booking_id == booking.id


async def test_given_an_effect_that_is_retried_anyway_when_asked_then_it_is_refused() -> None:
    house = await a_house()
    effect = an_effect()
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.owe(effect)
        await uow.commit()

    with pytest.raises(EffectNotFailedError) as refused:
        await retry_effect(effect.id, house.ports, staff_name="maria")

    assert refused.value.state is EffectState.DUE
    assert house.acts() == []


async def test_given_an_effect_somebody_is_at_when_asked_then_it_is_refused() -> None:
    house = await a_house()
    failed = await given_up(house)

    async with house.ports.unit_of_work() as other:
        await other.outbox.get(failed.id, lock=True)
        with pytest.raises(EffectBusyError):
            await retry_effect(failed.id, house.ports, staff_name="maria")

    assert house.effects(EffectKind.SETTLE_INTENT) == [failed]


async def test_given_no_such_effect_when_asked_then_it_is_refused() -> None:
    house = await a_house()

    with pytest.raises(EffectNotFoundError):
        await retry_effect(an_id(), house.ports, staff_name="maria")

    assert house.acts() == []
