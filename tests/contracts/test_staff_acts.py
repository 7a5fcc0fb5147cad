from datetime import timedelta

from tests.builders import NOW, a_staff_act
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking


async def test_given_acts_on_bookings_when_asked_for_then_a_bookings_own_come_oldest_first(
    uow_factory: UowFactory,
) -> None:
    booking, other = await store_booking(uow_factory()), await store_booking(uow_factory())
    second = a_staff_act(booking, created_at=NOW + timedelta(seconds=1))
    first, elsewhere, on_nothing = a_staff_act(booking), a_staff_act(other), a_staff_act()

    async with uow_factory() as uow:
        for act in (second, first, elsewhere, on_nothing):
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
