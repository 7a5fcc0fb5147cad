"""End the bookings, and the reschedules, whose hold has lapsed unpaid."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_reschedule import expire_reschedule
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.payments.check_payments import is_outage
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError


async def expire_holds(ports: Ports, terms: Terms, *, limit: int) -> int:
    """End up to `limit` lapsed bookings as `payment_timeout`, and as many lapsed reschedules.

    Return how many were looked at. One that turns out to be paid is confirmed, or moved, instead;
    one that cannot be ended yet does not keep the others from it.

    Raises:
        PaymentUnavailableError: Stripe does not answer; the rest keep their crews until it does.
        DomainError: of the last booking that could not be ended.
    """
    now: datetime = ports.clock()
    async with ports.unit_of_work() as uow:
        lapsed = await uow.bookings.lapsed(at=now, limit=limit)
        moving = await uow.reschedules.lapsed(at=now, limit=limit)
    failure: DomainError | None = None
    timeout = CancellationReason.PAYMENT_TIMEOUT
    ends: list[Callable[[], Awaitable[object]]] = [
        *(partial(end_unpaid, each, ports, terms, reason=timeout) for each in lapsed),
        *(partial(expire_reschedule, each, ports, terms) for each in moving),
    ]
    for end in ends:
        try:
            await end()
        except DomainError as error:
            if is_outage(error):
                raise
            failure = error
    if failure is not None:
        raise failure
    return len(lapsed) + len(moving)
