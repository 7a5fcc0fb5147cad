"""Money that has left a payment already, by a refund begun at Stripe or a dispute."""

from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.owed_refund import owe_refund_alert
from totetaxi_core.payments.payment import AttemptState, Payment
from totetaxi_core.payments.refund import SYSTEM, RefundStatus
from totetaxi_core.payments.refundable import unclaimed_of
from totetaxi_core.unit_of_work import UnitOfWork


async def settled_payment(intent_id: str, booking: Booking, uow: UnitOfWork) -> Payment | None:
    """Lock the booking's payments and return the one the intent paid; None before it settled."""
    payments = await uow.payments.of_booking(booking.id, lock=True)
    for attempt in await uow.payments.attempts(booking.id):
        if (attempt.intent_id, attempt.state) == (intent_id, AttemptState.SUCCEEDED):
            return next(each for each in payments if each.id == attempt.payment_id)
    return None


async def make_room(
    payment: Payment,
    booking: Booking,
    uow: UnitOfWork,
    ids: IdSource,
    *,
    amount_cents: int,
    at: datetime,
) -> None:
    """Reject requests, newest first, until the amount fits beside the rest, and tell staff.

    What is approved stays: it may be on its way, and Stripe refuses what does not fit.
    """
    refunds = await uow.refunds.of_booking(booking.id)
    left_cents = unclaimed_of(payment, refunds, await uow.disputes.of_booking(booking.id))
    for refund in reversed(refunds):
        waits = refund.status is RefundStatus.REQUESTED and refund.payment_id == payment.id
        if waits and left_cents < amount_cents:
            rejected = refund.reject(by=SYSTEM, at=at)
            await uow.refunds.save(rejected)
            await owe_refund_alert(rejected, booking, uow.outbox, ids)
            left_cents += refund.amount_cents
