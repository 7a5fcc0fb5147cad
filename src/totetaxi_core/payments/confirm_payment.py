"""Confirm: the payer's browser says it has paid, and we ask Stripe whether that is so."""

from uuid import UUID

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentDeclinedError,
)
from totetaxi_core.payments.settle_payment import settle_intent
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import DomainError


class PaymentIncompleteError(DomainError):
    """Stripe has not got the money, or not yet; `status` is the intent's."""

    code = "payment_incomplete"
    field = "payment_intent_id"

    def __init__(self, status: IntentStatus) -> None:
        super().__init__(
            "the payment came too late and is sent back in full"
            if status is IntentStatus.SUCCEEDED
            else f"the payment is not complete: {status.replace('_', ' ')}"
        )
        self.status = status


async def confirm_payment(booking_id: UUID, intent_id: str, ports: Ports, terms: Terms) -> Booking:
    """Settle the intent and return its booking, paid.

    Raises:
        IntentNotFoundError: the booking has no such intent.
        PaymentDeclinedError: the last card was declined; the message is for the payer.
        PaymentIncompleteError: it is not paid, or came too late and is sent back.
        PaymentUnavailableError: Stripe does not answer.
    """
    settlement = await settle_intent(intent_id, ports, terms)
    if settlement is None or settlement.booking.id != booking_id:
        raise IntentNotFoundError(f"this booking has no payment {intent_id}")
    if settlement.is_taken:
        return settlement.booking
    if settlement.intent.decline_message is not None:
        raise PaymentDeclinedError(settlement.intent.decline_message)
    raise PaymentIncompleteError(settlement.intent.status)
