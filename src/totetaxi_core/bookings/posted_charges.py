"""What the books have of a booking's payments, before its price changes."""

from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.ids import IdSource
from totetaxi_core.ledger.post_movement import ChargeNotPostedError, earned, post_charge
from totetaxi_core.ledger.sales import more_earned
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.unit_of_work import UnitOfWork


async def require_charges_posted(
    booking: Booking, uow: UnitOfWork, ids: IdSource, *, at: datetime
) -> None:
    """Make sure that the books have what was paid, at the present price.

    Raises:
        ChargeNotPostedError: they would still not agree with the price.
    """
    for payment in await uow.payments.of_booking(booking.id, lock=True):
        if _paid_for(booking, payment):
            await post_charge(uow, booking, payment, ids, at=at)
    entries = await uow.ledger.of_booking(booking.id)
    if any(more_earned(earned(booking.quote, 0), entries).values()):
        raise ChargeNotPostedError(
            f"the books do not have what was paid for {booking.booking_number} yet"
        )


def _paid_for(booking: Booking, payment: Payment) -> bool:
    """Tell whether this payment settled the booking's present total."""
    is_own = payment.purpose is PaymentPurpose.BOOKING
    is_settled = payment.status is PaymentStatus.SUCCEEDED
    return is_own and is_settled and payment.amount_cents == booking.total_cents
