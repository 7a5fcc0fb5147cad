"""Owe money of a booking back, by one refund for each payment that it comes of."""

from collections.abc import Iterable
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.payments.taken_back import make_room
from totetaxi_core.unit_of_work import UnitOfWork


async def owe_back(
    shares: Iterable[tuple[Payment, int]],
    booking: Booking,
    uow: UnitOfWork,
    ids: IdSource,
    *,
    reason: str,
    requested_by: str,
    at: datetime,
) -> tuple[Refund, ...]:
    """Store these refunds, born approved, and owe their sending; the booking is locked.

    Requests that no longer fit beside them are rejected.
    """
    refunds = []
    for payment, amount_cents in shares:
        await make_room(payment, booking, uow, ids, amount_cents=amount_cents, at=at)
        refund = Refund(
            id=ids.new_id(),
            payment_id=payment.id,
            booking_id=booking.id,
            amount_cents=amount_cents,
            reason=reason,
            status=RefundStatus.APPROVED,
            requested_by=requested_by,
            created_at=at,
            updated_at=at,
        )
        await uow.refunds.add(refund)
        await uow.outbox.owe(owed_refund(refund, ids, at=at))
        refunds.append(refund)
    return tuple(refunds)
