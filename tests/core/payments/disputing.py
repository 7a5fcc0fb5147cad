"""What Stripe tells of a dispute, delivered to a house, and what the house made of it."""

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.show_booking import read_booking
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.take_event import take_event


async def deliver_events(house: MemoryHouse) -> None:
    for event in house.stripe.take_events():
        await take_event(event, house.ports)
    await house.work_off()


async def money_of(booking: Booking, house: MemoryHouse) -> BookingMoney:
    return (await read_booking(booking.id, house.ports, staff_name="maria")).money


def the_dispute(house: MemoryHouse) -> Dispute:
    """Return the one dispute there is."""
    [dispute] = house.database.disputes.rows.values()
    return dispute
