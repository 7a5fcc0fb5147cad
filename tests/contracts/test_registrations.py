import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import NOW, an_id
from tests.contracts.conftest import UowFactory
from totetaxi_core.customers.registration import Registration

MINUTE = timedelta(minutes=1)


def a_registration(**changes: Any) -> Registration:  # noqa: ANN401  any field
    registration = Registration(
        id=an_id(),
        email="Ada@Example.com",
        first_name="Ada",
        last_name="Lovelace",
        phone="",
        password_hash="hash of Correct-horse-1",
        created_at=NOW,
        expires_at=NOW + timedelta(hours=24),
    )
    return replace(registration, **changes)


async def keep(uow_factory: UowFactory, *registrations: Registration) -> None:
    async with uow_factory() as uow:
        for registration in registrations:
            await uow.registrations.add(registration)
        await uow.commit()


async def found(uow_factory: UowFactory, registration: Registration) -> Registration | None:
    async with uow_factory() as uow:
        return await uow.registrations.find(registration.id)


async def test_given_a_kept_registration_when_read_and_saved_then_it_is_equal(
    uow_factory: UowFactory,
) -> None:
    registration = a_registration(phone="+12125550123")
    await keep(uow_factory, registration)
    renewed = registration.renew(at=NOW + MINUTE)

    async with uow_factory() as uow:
        read = await uow.registrations.find(registration.id, lock=True)
        await uow.registrations.save(renewed)
        await uow.commit()

    assert read == registration
    assert await found(uow_factory, registration) == renewed
    assert await found(uow_factory, a_registration()) is None


async def test_given_many_of_an_address_when_the_newest_is_asked_for_then_case_does_not_matter(
    uow_factory: UowFactory,
) -> None:
    old = a_registration()
    new = a_registration(email="ADA@example.com", created_at=NOW + MINUTE)
    other = a_registration(email="bea@example.com", created_at=NOW + 2 * MINUTE)
    await keep(uow_factory, new, old, other)

    async with uow_factory() as uow:
        newest = await uow.registrations.newest(" aDA@EXAMPLE.com ")
        locked = await uow.registrations.newest("ada@example.com", lock=True)
        none = await uow.registrations.newest("nobody@example.com", lock=True)

    assert newest == locked == new
    assert none is None


async def test_given_a_removed_registration_when_looked_for_then_it_is_gone(
    uow_factory: UowFactory,
) -> None:
    registration, other = a_registration(), a_registration()
    await keep(uow_factory, registration, other)

    async with uow_factory() as uow:
        await uow.registrations.remove(registration.id)
        await uow.registrations.remove(an_id())
        await uow.commit()

    assert await found(uow_factory, registration) is None
    assert await found(uow_factory, other) == other


async def test_given_expired_ones_when_forgotten_then_those_before_the_instant_alone_go(
    uow_factory: UowFactory,
) -> None:
    expired = [a_registration(expires_at=NOW - age * MINUTE) for age in (2, 1)]
    just, held = a_registration(expires_at=NOW), a_registration(expires_at=NOW - MINUTE)
    await keep(uow_factory, *expired, just, held)

    async with uow_factory() as holder, uow_factory() as uow:
        await holder.registrations.find(held.id, lock=True)
        await asyncio.wait_for(uow.registrations.forget_expired(before=NOW), 5)
        await uow.commit()

    left = [one for one in (*expired, just, held) if await found(uow_factory, one)]
    assert left == [just, held]


async def test_given_two_who_want_the_same_one_when_it_is_taken_then_the_second_finds_nothing(
    uow_factory: UowFactory,
) -> None:
    registration = a_registration()
    await keep(uow_factory, registration)

    async def take() -> bool:
        async with uow_factory() as uow:
            mine = await uow.registrations.find(registration.id, lock=True)
            await asyncio.sleep(0)
            if mine is not None:
                await uow.registrations.remove(mine.id)
            await uow.commit()
        return mine is not None

    taken = await asyncio.gather(*(take() for _ in range(4)))

    assert sorted(taken) == [False, False, False, True]
