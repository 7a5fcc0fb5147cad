"""End the bookings whose hold has lapsed unpaid."""

from datetime import datetime

from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.ports import Ports, Terms


async def expire_holds(ports: Ports, terms: Terms, *, limit: int) -> int:
    """End up to `limit` lapsed bookings as `payment_timeout`, and return how many were looked at.

    One that turns out to be paid is confirmed instead.

    Raises:
        PaymentUnavailableError: Stripe does not answer; the rest keep their crews until it does.
    """
    now: datetime = ports.clock()
    async with ports.unit_of_work() as uow:
        lapsed = await uow.bookings.lapsed(at=now, limit=limit)
    for booking_id in lapsed:
        await end_unpaid(booking_id, ports, terms, reason=CancellationReason.PAYMENT_TIMEOUT)
    return len(lapsed)
