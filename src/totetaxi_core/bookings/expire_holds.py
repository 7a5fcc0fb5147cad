"""End the bookings whose hold has lapsed unpaid."""

from datetime import datetime

from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.payments.check_payments import is_outage
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError


async def expire_holds(ports: Ports, terms: Terms, *, limit: int) -> int:
    """End up to `limit` lapsed bookings as `payment_timeout`, and return how many were looked at.

    One that turns out to be paid is confirmed instead; one that cannot be ended yet does not
    keep the others from it.

    Raises:
        PaymentUnavailableError: Stripe does not answer; the rest keep their crews until it does.
        DomainError: of the last booking that could not be ended.
    """
    now: datetime = ports.clock()
    async with ports.unit_of_work() as uow:
        lapsed = await uow.bookings.lapsed(at=now, limit=limit)
    failure: DomainError | None = None
    for booking_id in lapsed:
        try:
            await end_unpaid(booking_id, ports, terms, reason=CancellationReason.PAYMENT_TIMEOUT)
        except DomainError as error:
            if is_outage(error):
                raise
            failure = error
    if failure is not None:
        raise failure
    return len(lapsed)
