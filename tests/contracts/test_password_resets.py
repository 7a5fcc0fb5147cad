import asyncio
from dataclasses import replace
from datetime import timedelta

from tests.builders import NOW, a_customer, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.customers.password_reset import PasswordReset

MINUTE = timedelta(minutes=1)


async def store_resets(uow_factory: UowFactory, *expires_in: timedelta) -> list[PasswordReset]:
    """Commit a customer with resets that lapse so long after now, and return them."""
    customer = a_customer()
    resets = [
        replace(PasswordReset.begin(an_id(), customer, at=NOW), expires_at=NOW + one)
        for one in expires_in
    ]
    async with uow_factory() as uow:
        await uow.customers.add(customer)
        for reset in resets:
            await uow.password_resets.add(reset)
        await uow.commit()
    return resets


async def found(uow_factory: UowFactory, reset: PasswordReset) -> PasswordReset | None:
    async with uow_factory() as uow:
        return await uow.password_resets.find(reset.id)


async def test_given_a_stored_reset_when_read_then_it_is_equal_until_it_is_removed(
    uow_factory: UowFactory,
) -> None:
    one, other = await store_resets(uow_factory, MINUTE, MINUTE)
    read = await found(uow_factory, one)

    async with uow_factory() as uow:
        await uow.password_resets.remove(one.id)
        await uow.password_resets.remove(an_id())
        await uow.commit()

    assert read == one
    assert await found(uow_factory, one) is None
    assert await found(uow_factory, other) == other


async def test_given_expired_ones_when_forgotten_then_those_before_the_instant_alone_go(
    uow_factory: UowFactory,
) -> None:
    resets = await store_resets(uow_factory, -2 * MINUTE, -MINUTE, timedelta(0), MINUTE)

    async with uow_factory() as uow:
        await uow.password_resets.forget_expired(before=NOW)
        await uow.commit()

    assert [one for one in resets if await found(uow_factory, one)] == resets[2:]


async def test_given_another_who_forgets_the_same_when_forgotten_then_nobody_waits(
    uow_factory: UowFactory,
) -> None:
    [reset] = await store_resets(uow_factory, -MINUTE)

    async with uow_factory() as one, uow_factory() as other:
        await one.password_resets.forget_expired(before=NOW)
        await asyncio.wait_for(other.password_resets.forget_expired(before=NOW), 5)
        await one.commit()
        await other.commit()

    assert await found(uow_factory, reset) is None
