"""Take in a refund that was begun in Stripe's own dashboard, or lost here by a restore."""

from datetime import datetime

from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.ledger.post_movement import post_refund
from totetaxi_core.payments.gateway import ProviderRefund
from totetaxi_core.payments.owed_refund import owe_refund_alert, owe_refund_news
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import STATUS_OF_STATE, STRIPE, Refund, RefundStatus
from totetaxi_core.payments.refundable import UNCOUNTED
from totetaxi_core.payments.taken_back import make_room, settled_payment
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce_money import announce_refund

REASON = "stripe_dashboard"


class RefundTooEarlyError(DomainError):
    """Stripe has sent back a payment that we have not taken in yet: look again later."""

    code = "refund_too_early"


async def take_in_refund(provider: ProviderRefund, ports: Ports) -> Refund | None:
    """Store the refund unless we have it, and return it; None when the charge is not ours.

    The money has gone already, so requests that no longer fit beside it are rejected, newest
    first, and staff are told.

    Raises:
        RefundTooEarlyError: its charge is not settled here yet.
        RefundExceedsPaymentError: refunds on their way would exceed the charge beside it. Stripe
            refuses one of those, after which this one fits.
    """
    if provider.intent_id is None:
        return None
    intent = await ports.payments.get_intent(provider.intent_id)
    if intent.booking_id is None:
        return None
    async with ports.unit_of_work() as uow:
        try:
            booking = await uow.bookings.get(intent.booking_id, lock=True)
        except BookingNotFoundError:
            return None
        taking = Taking(booking, provider, ports, uow)
        refund = await taking.known() or await taking.add(intent.id)
        await uow.commit()
    return refund


class Taking:
    """One refund of Stripe's against one locked booking."""

    def __init__(
        self, booking: Booking, provider: ProviderRefund, ports: Ports, uow: UnitOfWork
    ) -> None:
        self.booking, self.provider = booking, provider
        self.ids, self.uow = ports.ids, uow
        self.now = ports.clock()

    async def known(self) -> Refund | None:
        refunds = await self.uow.refunds.of_booking(self.booking.id)
        return next((one for one in refunds if one.stripe_refund_id == self.provider.id), None)

    async def add(self, intent_id: str) -> Refund:
        payment = await settled_payment(intent_id, self.booking, self.uow)
        if payment is None:
            raise RefundTooEarlyError(f"payment {intent_id} is not settled yet")
        refund = await self.add_to(payment)
        if refund.status is not RefundStatus.FAILED:  # of which nobody was told that it comes
            await owe_refund_news(refund, self.booking, self.uow, self.ids)
        return refund

    async def add_to(self, payment: Payment) -> Refund:
        refund = self._refund(payment, at=self.now)
        if refund.status not in UNCOUNTED:
            cents = refund.amount_cents
            await make_room(
                payment, self.booking, self.uow, self.ids, amount_cents=cents, at=self.now
            )
        await self.uow.refunds.add(refund)
        await announce_refund(self.uow, refund, self.booking, at=self.now)
        if refund.status is RefundStatus.FAILED:
            await owe_refund_alert(refund, self.booking, self.uow.outbox, self.ids)
        else:
            await post_refund(self.uow, refund, self.ids, at=self.now)
        return refund

    def _refund(self, payment: Payment, *, at: datetime) -> Refund:
        return Refund(
            id=self.provider.refund_id or self.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            amount_cents=self.provider.amount_cents,
            reason=REASON,
            status=STATUS_OF_STATE.get(self.provider.state, RefundStatus.SENT),
            requested_by=STRIPE,
            created_at=at,
            updated_at=at,
            stripe_refund_id=self.provider.id,
            failure_reason=self.provider.failure_reason,
        )
