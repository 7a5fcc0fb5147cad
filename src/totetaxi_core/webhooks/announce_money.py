"""Tell client systems of money: a payment, a refund or a dispute of a locked booking."""

from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.dispute import Dispute
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType
from totetaxi_core.webhooks.webhook_event import Facts

OF_REFUND: Final = {
    RefundStatus.SUCCEEDED: EventType.PAYMENT_REFUNDED,
    RefundStatus.FAILED: EventType.PAYMENT_REFUND_FAILED,
}


async def announce_payment(
    uow: UnitOfWork, payment: Payment, booking: Booking, *, at: datetime
) -> None:
    """Announce a payment by card that has settled; one for nothing we wanted is sent back."""
    facts: Facts = {
        "payment_id": str(payment.id),
        "purpose": payment.purpose.value,
        "amount_cents": payment.amount_cents,
    }
    await announce(uow, EventType.PAYMENT_SUCCEEDED, booking, at=at, facts=facts)


async def announce_refund(
    uow: UnitOfWork, refund: Refund, booking: Booking, *, at: datetime
) -> None:
    """Announce that a refund succeeded or failed; nothing of one that is on its way."""
    event_type = OF_REFUND.get(refund.status)
    if event_type is None:
        return
    facts: Facts = {
        "payment_id": str(refund.payment_id),
        "refund_id": str(refund.id),
        "amount_cents": refund.amount_cents,
    }
    await announce(uow, event_type, booking, at=at, facts=facts)


async def announce_dispute(
    uow: UnitOfWork, dispute: Dispute, booking: Booking, *, at: datetime
) -> None:
    """Announce how a dispute now stands."""
    facts: Facts = {
        "payment_id": str(dispute.payment_id),
        "dispute_id": str(dispute.id),
        "dispute_status": dispute.status.value,
        "amount_cents": dispute.amount_cents,
        "withdrawn_cents": dispute.withdrawn_cents,
    }
    await announce(uow, EventType.PAYMENT_DISPUTED, booking, at=at, facts=facts)
