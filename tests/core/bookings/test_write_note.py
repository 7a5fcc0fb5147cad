"""Notes of staff, and that a booking was read."""

import pytest

from tests.builders import an_id
from tests.core.bookings.memory_house import a_house
from totetaxi_core.bookings.booking import BookingNotFoundError
from totetaxi_core.bookings.show_booking import read_booking
from totetaxi_core.bookings.write_note import read_notes, write_note
from totetaxi_core.page import Place
from totetaxi_core.refusal import InvalidInputError


async def test_given_a_booking_when_noted_then_the_words_are_kept_and_the_act_on_record() -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    note = await write_note(booking.id, " no elevator \n", house.ports, staff_name="maria")

    [act] = house.acts()
    page = await read_notes(booking.id, house.ports, limit=10)
    assert page.entries == (note,)
    assert (note.text, note.staff_name, note.created_at) == ("no elevator", "maria", house.clock())
    assert (act.action_type, act.booking_id) == ("booking_note", booking.id)
    assert "elevator" not in act.description
    assert house.booking(booking.id) == booking


async def test_given_notes_when_walked_then_each_comes_once_newest_first() -> None:
    house = await a_house()
    booking = await house.book_without_intent()
    for number in range(3):
        await write_note(booking.id, f"note {number}", house.ports, staff_name="maria")

    first = await read_notes(booking.id, house.ports, limit=2)
    rest = await read_notes(booking.id, house.ports, before=Place.of(first.entries[-1]), limit=2)

    every = {note.text for note in (*first.entries, *rest.entries)}
    assert every == {"note 0", "note 1", "note 2"}
    assert (len(first.entries), len(rest.entries)) == (2, 1)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001])
async def test_given_words_of_no_length_when_noted_then_they_are_refused(text: str) -> None:
    house = await a_house()
    booking = await house.book_without_intent()

    with pytest.raises(InvalidInputError):
        await write_note(booking.id, text, house.ports, staff_name="maria")

    assert house.acts() == []


async def test_given_no_booking_when_noted_or_read_then_it_is_not_found() -> None:
    house = await a_house()

    with pytest.raises(BookingNotFoundError):
        await write_note(an_id(), "x", house.ports, staff_name="maria")
    with pytest.raises(BookingNotFoundError):
        await read_notes(an_id(), house.ports, limit=1)
    with pytest.raises(BookingNotFoundError):
        await read_booking(an_id(), house.ports, staff_name="maria")


async def test_given_a_booking_when_read_by_staff_then_that_is_on_record_and_not_in_its_file() -> (
    None
):
    house = await a_house()
    booking = await house.book_without_intent()
    note = await write_note(booking.id, "no elevator", house.ports, staff_name="maria")

    first = await read_booking(booking.id, house.ports, staff_name="lou")
    again = await read_booking(booking.id, house.ports, staff_name="lou")

    reads = [act for act in house.acts() if act.action_type == "customer_read"]
    assert [(act.staff_name, act.booking_id) for act in reads] == [("lou", booking.id)] * 2
    assert first == again
    assert (first.booking, first.notes) == (booking, (note,))
    assert [act.action_type for act in again.staff_acts] == ["booking_note"]
