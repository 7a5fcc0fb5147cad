import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_staff_act, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.staff.chain_check import ChainCheck
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.staff_act import (
    CUSTOMER_READ,
    ActFilter,
    ActNotFoundError,
    RecordedAct,
    without_values,
)


async def test_given_acts_on_bookings_when_asked_for_then_a_bookings_own_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    booking, other = await store_booking(uow_factory()), await store_booking(uow_factory())
    second = a_staff_act(booking, created_at=NOW + timedelta(seconds=1))
    first, elsewhere, on_nothing = a_staff_act(booking), a_staff_act(other), a_staff_act()
    read = replace(a_staff_act(booking), action_type=CUSTOMER_READ)

    async with uow_factory() as uow:
        for act in (second, first, elsewhere, on_nothing, read):
            await uow.staff_acts.add(act)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.staff_acts.of_booking(booking.id) == (first, second)


async def test_given_an_act_rolled_back_when_asked_for_then_it_is_not_there(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())

    async with uow_factory() as uow:
        await uow.staff_acts.add(a_staff_act(booking))

    async with uow_factory() as uow:
        assert await uow.staff_acts.of_booking(booking.id) == ()


async def recorded(uow_factory: UowFactory) -> tuple[RecordedAct, ...]:
    async with uow_factory() as uow:
        return await uow.staff_acts.chained(after=0, limit=100)


async def test_given_acts_when_committed_then_each_is_chained_to_the_one_before(
    uow_factory: UowFactory,
) -> None:
    full = replace(
        a_staff_act(),
        staff_id=an_id(),
        customer_id=an_id(),
        subject="staff:1",
        is_refused=True,
        channel=Channel.CLI,
        ip_address="192.0.2.1",
        user_agent="agent",
        before={"b": 1, "a": None, "ü": "é\u2028"},
        after={},
    )

    for acts in ((a_staff_act(), full), (a_staff_act(),)):
        async with uow_factory() as uow:
            for act in acts:
                await uow.staff_acts.add(act)
            await uow.commit()

    chain = await recorded(uow_factory)
    check = ChainCheck()
    for one in chain:
        check.take(one)
    assert [one.link.position for one in chain] == [1, 2, 3]
    assert chain[1].act == full
    assert check.faults() == ()
    assert check.end.position == 3


async def test_given_many_at_once_when_they_act_then_there_is_one_chain(
    uow_factory: UowFactory,
) -> None:
    async def act() -> None:
        async with uow_factory() as uow:
            await uow.staff_acts.add(a_staff_act())
            await uow.staff_acts.add(a_staff_act())
            await uow.commit()

    await asyncio.gather(*(act() for _ in range(8)))

    check = ChainCheck()
    for one in await recorded(uow_factory):
        check.take(one)
    assert (check.end.position, check.faults()) == (16, ())


async def test_given_an_origin_when_acts_are_added_then_they_have_it(
    uow_factory: UowFactory,
) -> None:
    origin = Origin(channel=Channel.HTTP, staff_id=an_id(), ip_address="::1", user_agent="curl")

    async with uow_factory().act_from(origin) as uow:
        await uow.staff_acts.add(a_staff_act())
        await uow.commit()

    [one] = await recorded(uow_factory)
    assert (one.act.staff_id, one.act.channel) == (origin.staff_id, Channel.HTTP)
    assert (one.act.ip_address, one.act.user_agent) == ("::1", "curl")


async def test_given_a_filter_when_acts_are_listed_then_only_those_come(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    mine = replace(a_staff_act(booking), staff_name="Lou", is_refused=True)
    late = replace(a_staff_act(created_at=NOW + timedelta(days=2)), action_type="login")
    async with uow_factory() as uow:
        for act in (a_staff_act(), mine, late):
            await uow.staff_acts.add(act)
        await uow.commit()

    async def listed(
        wanted: ActFilter, *, before: int | None = None, after: int | None = None
    ) -> list[int]:
        async with uow_factory() as uow:
            found = await uow.staff_acts.page(wanted, before=before, after=after, limit=2)
        return [one.link.position for one in found]

    assert await listed(ActFilter()) == [3, 2]
    assert await listed(ActFilter(), before=2) == [1]
    assert await listed(ActFilter(), after=0) == [2, 1]
    assert await listed(ActFilter(is_refused=False), after=1) == [3]
    assert await listed(ActFilter(staff_name="LOU")) == [2]
    assert await listed(ActFilter(booking_id=booking.id, is_refused=True)) == [2]
    assert await listed(ActFilter(is_refused=False)) == [3, 1]
    assert await listed(ActFilter(action_type="login")) == [3]
    assert await listed(ActFilter(created_from=NOW + timedelta(days=2))) == [3]
    assert await listed(ActFilter(created_until=NOW + timedelta(days=2))) == [2, 1]


async def test_given_an_act_when_erased_then_its_values_are_gone_for_ever(
    uow_factory: UowFactory,
) -> None:
    act = replace(a_staff_act(), ip_address="::1", user_agent="curl", before={"a": 1}, after={})
    async with uow_factory() as uow:
        await uow.staff_acts.add(act)
        await uow.commit()

    async with uow_factory() as uow:
        as_it_was = await uow.staff_acts.erase(1)
        await uow.commit()

    [one] = await recorded(uow_factory)
    assert as_it_was.act == act
    assert one == without_values(as_it_was)
    assert one.act.before is None
    async with uow_factory() as uow:
        with pytest.raises(ActNotFoundError):
            await uow.staff_acts.erase(2)
