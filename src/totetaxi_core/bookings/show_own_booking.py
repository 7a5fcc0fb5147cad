"""Show a customer a booking of their account: its money, and what cancelling would send back."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.cancel_booking import (
    CancellationOffer,
    Cancelling,
    preview_cancellation,
)
from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.documents.document import Document
from totetaxi_core.logistics.courier_progress import (
    NO_DRIVE,
    CourierProgress,
    courier_progress,
)
from totetaxi_core.logistics.delivery_view import LegView, legs_seen, proof_among
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.ports import Ports

UNDECIDED = frozenset({RefundStatus.REQUESTED, RefundStatus.REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBooking:
    """Payments and refunds oldest first, less refunds that staff have not granted.

    `cancellation` is None once the customer cannot cancel any more. `reschedule` is the one that
    waits for its difference.
    """

    booking: Booking
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    cancellation: CancellationOffer | None
    reschedule: Reschedule | None = None
    courier: CourierProgress = NO_DRIVE
    legs: tuple[LegView, ...] = ()
    proof: tuple[Document, ...] = ()

    def refunded_cents(self, payment: Payment) -> int:
        """Return what has gone back of a payment."""
        return sum(
            refund.amount_cents
            for refund in self.refunds
            if refund.payment_id == payment.id and refund.status is RefundStatus.SUCCEEDED
        )


async def show_own_booking(booking_id: UUID, customer_id: UUID, ports: Ports) -> OwnBooking:
    """Return a booking of the account, and what belongs to it.

    Raises:
        BookingNotFoundError: no booking of this account has this id.
    """
    async with ports.unit_of_work() as uow:
        booking = await booking_of_customer(booking_id, customer_id, uow)
        payments = await uow.payments.of_booking(booking.id)
        refunds = await uow.refunds.of_booking(booking.id)
        reschedule = await uow.reschedules.pending_of(booking.id)
        tasks = await uow.courier_tasks.of_booking(booking.id)
        documents = await uow.documents.of_booking(booking.id)
    return OwnBooking(
        booking=booking,
        payments=payments,
        refunds=tuple(refund for refund in refunds if refund.status not in UNDECIDED),
        cancellation=await _offer(booking_id, customer_id, ports),
        reschedule=reschedule,
        courier=courier_progress(booking, tasks),
        legs=legs_seen(booking, tasks),
        proof=proof_among(documents),
    )


async def _offer(booking_id: UUID, customer_id: UUID, ports: Ports) -> CancellationOffer | None:
    try:
        return await preview_cancellation(
            Cancelling(booking_id=booking_id, customer_id=customer_id), ports
        )
    except InvalidTransitionError:
        return None
