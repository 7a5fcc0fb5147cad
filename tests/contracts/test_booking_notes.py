from datetime import timedelta

import pytest

from tests.builders import NOW, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_note import BookingNote
from totetaxi_core.page import Place


async def stored(uow_factory: UowFactory, booking: Booking, number: int) -> list[BookingNote]:
    """Store notes, two of each minute, and return them newest first."""
    made = [
        BookingNote(
            id=an_id(),
            booking_id=booking.id,
            staff_name="maria",
            text=f"note {n}\non two lines",
            created_at=NOW + timedelta(minutes=n // 2),
        )
        for n in range(number)
    ]
    async with uow_factory() as uow:
        for note in made:
            await uow.booking_notes.add(note)
        await uow.commit()
    return sorted(made, key=Place.of, reverse=True)


async def test_given_notes_of_two_bookings_when_walked_then_each_has_its_own_both_ways(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    notes = await stored(uow_factory, booking, 5)
    await stored(uow_factory, await store_booking(uow_factory()), 2)

    async with uow_factory() as uow:
        page = uow.booking_notes.page
        first = await page(booking.id, limit=2)
        second = await page(booking.id, before=Place.of(notes[1]), limit=2)
        back = await page(booking.id, after=Place.of(notes[4]), limit=2)

    assert (list(first), list(second), list(back)) == (notes[:2], notes[2:4], notes[2:4])


@pytest.mark.parametrize("is_committed", [True, False])
async def test_given_a_note_when_its_transaction_ends_then_it_stays_only_if_that_committed(
    uow_factory: UowFactory,
    is_committed: bool,  # noqa: FBT001  a parameter
) -> None:
    booking = await store_booking(uow_factory())
    note = BookingNote(
        id=an_id(), booking_id=booking.id, staff_name="lou", text="x", created_at=NOW
    )

    async with uow_factory() as uow:
        await uow.booking_notes.add(note)
        if is_committed:
            await uow.commit()

    async with uow_factory() as uow:
        found = await uow.booking_notes.page(booking.id, limit=10)
    assert found == ((note,) if is_committed else ())
