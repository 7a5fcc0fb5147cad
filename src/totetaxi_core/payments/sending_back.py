"""Send a payment back that was settled and is not wanted: too late, or a second time."""

from dataclasses import replace

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.payments.gateway import PaymentIntent, ProviderRefund
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import SYSTEM, Refund, RefundStatus
from totetaxi_core.payments.take_in_refund import Taking
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork


class SendingBack:
    """The money of one intent, of which `gone` has left again by hand, of one locked booking."""

    def __init__(
        self,
        booking: Booking,
        intent: PaymentIntent,
        ports: Ports,
        uow: UnitOfWork,
        *,
        gone: tuple[ProviderRefund, ...],
    ) -> None:
        self.booking, self.gone = booking, gone
        self.received_cents = intent.amount_received_cents
        self.ports, self.uow = ports, uow
        self.now = ports.clock()

    async def send(self, payment: Payment, kind: MessageKind) -> None:
        """Owe back what is left of the payment, and tell customer and staff."""
        for provider in self.gone:
            taking = Taking(self.booking, provider, self.ports, self.uow)
            if provider.refund_id is None and await taking.known() is None:
                await taking.add_to(payment)
        gone_cents = sum(provider.amount_cents for provider in self.gone)
        left_cents = self.received_cents - gone_cents
        if left_cents <= 0:
            await self.uow.outbox.owe(self._told(kind, payment))
            return
        refund = self._owed_back(payment, left_cents, kind)
        await self.uow.refunds.add(refund)
        await self.uow.outbox.owe(owed_refund(refund, self.ports.ids, at=self.now))
        for message_kind in (kind, MessageKind.STAFF_ALERT):
            await self.uow.outbox.owe(self._told(message_kind, payment, refund_id=str(refund.id)))

    def _owed_back(self, payment: Payment, amount_cents: int, kind: MessageKind) -> Refund:
        """Return the refund of it, born approved."""
        return Refund(
            id=self.ports.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            amount_cents=amount_cents,
            reason=kind.removesuffix("_refunded"),
            status=RefundStatus.APPROVED,
            requested_by=SYSTEM,
            created_at=self.now,
            updated_at=self.now,
        )

    def _told(self, kind: MessageKind, payment: Payment, **facts: str) -> OwedEffect:
        """Return a message about the payment, owed once."""
        message = owed_message(self.ports.ids, kind, self.booking, at=self.now)
        cause = f"{message.cause}:{payment.id}"
        return replace(message, cause=cause, payload={**message.payload, **facts})
