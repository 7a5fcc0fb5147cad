import pytest

from tests.builders import a_message, a_staff_act, an_id
from tests.core.bookings.memory_house import a_house, an_order
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.bookings.show_booking import read_booking


async def test_given_two_bookings_of_a_guest_when_one_is_shown_then_its_own_things_alone() -> None:
    house = await a_house()
    first = (await house.book_order()).booking
    second = (await house.book_order(an_order(allow_duplicate=True))).booking
    ours, others = (a_message(booking=one, to=first.contact.email) for one in (first, second))
    act = a_staff_act(first)
    async with house.ports.unit_of_work() as uow:
        await uow.messages.add(ours)
        await uow.messages.add(others)
        await uow.staff_acts.add(act)
        await uow.commit()

    file = await read_booking(first.id, house.ports, staff_name="maria")

    assert file.booking == first
    assert [one.booking_id for one in file.payments] == [first.id]
    assert [one.booking_id for one in file.attempts] == [first.id]
    assert file.messages == (ours,)
    assert file.staff_acts == (act,)
    assert file.refunds == ()


async def test_given_no_such_booking_when_shown_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await read_booking(an_id(), house.ports, staff_name="maria")
