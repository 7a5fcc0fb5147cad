import asyncio
from datetime import timedelta

from tests.builders import NOW
from tests.contracts.conftest import UowFactory
from totetaxi_core.staff.login_tries import NameTries, count_failure, key_of

MINUTE = timedelta(minutes=1)


async def found(uow_factory: UowFactory, name_key: str) -> NameTries | None:
    async with uow_factory() as uow:
        return await uow.login_tries.of(name_key)


async def test_given_tries_when_saved_changed_and_forgotten_then_they_stand_so(
    uow_factory: UowFactory,
) -> None:
    tries = NameTries(name_key=key_of("root"), failures=2, last_failed_at=NOW)
    locked = NameTries(
        name_key=key_of("ROOT"), failures=0, last_failed_at=NOW, locked_until=NOW + MINUTE
    )

    told = [await found(uow_factory, tries.name_key)]
    for saved in (tries, locked):
        async with uow_factory() as uow:
            await uow.login_tries.save(saved)
            await uow.commit()
        told.append(await found(uow_factory, tries.name_key))
    async with uow_factory() as uow:
        await uow.login_tries.forget(tries.name_key)
        await uow.commit()

    assert told == [None, tries, locked]
    assert await found(uow_factory, tries.name_key) is None


async def test_given_old_tries_when_forgotten_then_those_of_late_stay(
    uow_factory: UowFactory,
) -> None:
    old, late = (
        NameTries(name_key=key_of(name), failures=1, last_failed_at=at)
        for name, at in (("old", NOW - MINUTE), ("late", NOW))
    )
    async with uow_factory() as uow:
        await uow.login_tries.save(old)
        await uow.login_tries.save(late)
        await uow.login_tries.forget_before(NOW)
        await uow.commit()

    assert await found(uow_factory, old.name_key) is None
    assert await found(uow_factory, late.name_key) == late


async def test_given_many_who_fail_at_once_when_counted_then_none_is_lost(
    uow_factory: UowFactory,
) -> None:
    name_key = key_of("nobody")

    async def fail() -> None:
        async with uow_factory() as uow:
            tries = await uow.login_tries.of(name_key)
            await count_failure(name_key, tries, uow.login_tries, at=NOW)
            await uow.commit()

    await asyncio.gather(*(fail() for _ in range(4)))

    counted = await found(uow_factory, name_key)
    assert counted is not None
    assert counted.failures == 4
