"""What a suite stores before the act it is about."""

from tests.builders import a_booking, a_payment
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.payment import Payment
from totetaxi_core.unit_of_work import UnitOfWork


async def store_booking(uow: UnitOfWork, booking: Booking | None = None) -> Booking:
    """Commit a booking, a new one unless given, and return it."""
    stored = booking or a_booking()
    async with uow:
        await uow.bookings.add(stored)
        await uow.commit()
    return stored


async def store_payment(uow: UnitOfWork, payment: Payment | None = None) -> Payment:
    """Commit a payment, that of a new booking unless given, and return it."""
    stored = payment or a_payment(await store_booking(uow))
    async with uow:
        await uow.payments.add(stored)
        await uow.commit()
    return stored
