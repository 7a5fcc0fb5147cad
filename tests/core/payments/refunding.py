"""A paid booking in a house, and what staff do about its money."""

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.decide_refund import (
    RefundRequest,
    approve_refund,
    request_refund,
)
from totetaxi_core.payments.gateway import PaymentIntent
from totetaxi_core.payments.refund import Refund


async def a_paid_booking(house: MemoryHouse, *, card: str = PAYS) -> tuple[Booking, PaymentIntent]:
    """Book for 995.00 dollars and pay it; return the booking as confirmed."""
    _, intent = await house.book_unpaid()
    house.pay(intent, card)
    confirmed = await house.settle(intent)
    assert confirmed is not None
    await house.work_off()
    return confirmed, intent


async def request(
    booking: Booking, house: MemoryHouse, *, amount_cents: int | None = None
) -> Refund:
    asked = RefundRequest(reason="a box was wet", amount_cents=amount_cents)
    return await request_refund(booking.id, asked, house.ports, staff_name="maria")


async def approve(refund: Refund, house: MemoryHouse) -> Refund:
    return await approve_refund(refund.id, house.ports, staff_name="lou")
