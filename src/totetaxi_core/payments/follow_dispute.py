"""Take in how a dispute stands at Stripe: what it took of which payment, and what must give way.

Source: docs/payments.md, "Disputes".
"""

from dataclasses import replace

from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.owed_by_booking import owed_message
from totetaxi_core.ledger.post_movement import post_dispute
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.dispute import Dispute, status_of
from totetaxi_core.payments.dispute_gateway import ProviderDispute
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.taken_back import make_room, settled_payment
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce_money import announce_dispute


class DisputeTooEarlyError(DomainError):
    """A charge is disputed that we have not taken in yet: look again later."""

    code = "dispute_too_early"


class DisputeOvertakenError(DomainError):
    """Another look was stored while ours was on its way, and may be newer: look again."""

    code = "dispute_overtaken"


async def follow_dispute(stripe_dispute_id: str, ports: Ports) -> Dispute | None:
    """Store the dispute as Stripe has it now; None when its charge is not ours.

    Only a look that nothing was stored since may change what we know, so that it is never an
    older one that wins, in whatever order events come, and a verdict can still be reversed.

    Raises:
        DisputeNotFoundError: Stripe has no such dispute.
        DisputeTooEarlyError: its charge is not settled here yet.
        DisputeOvertakenError: somebody else stored a look meanwhile.
        PaymentUnavailableError: Stripe does not answer.
    """
    async with ports.unit_of_work() as uow:
        known = await uow.disputes.find(stripe_dispute_id)
    provider = await ports.disputes.get_dispute(stripe_dispute_id)
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
        if await uow.disputes.find(stripe_dispute_id) != known:
            raise DisputeOvertakenError(f"another look at {stripe_dispute_id} was stored meanwhile")
        dispute = await _Following(booking, provider, ports, uow).apply(known, intent_id=intent.id)
        await uow.commit()
    return dispute


class _Following:
    """One look at a dispute against one locked booking."""

    def __init__(
        self, booking: Booking, provider: ProviderDispute, ports: Ports, uow: UnitOfWork
    ) -> None:
        self.booking, self.provider = booking, provider
        self.ids, self.uow = ports.ids, uow
        self.now = ports.clock()

    async def apply(self, known: Dispute | None, *, intent_id: str) -> Dispute:
        payment = await settled_payment(intent_id, self.booking, self.uow)
        if payment is None:
            raise DisputeTooEarlyError(f"payment {intent_id} is not settled yet")
        if known is None:
            dispute = self._new(payment)
            await self.uow.disputes.add(dispute)
        else:
            dispute = known.follow(self.provider, at=self.now)
            if dispute is known:
                return known
            await self.uow.disputes.save(dispute)
        await self._owe(dispute, payment, was=known)
        return dispute

    async def _owe(self, dispute: Dispute, payment: Payment, *, was: Dispute | None) -> None:
        await make_room(payment, self.booking, self.uow, self.ids, amount_cents=0, at=self.now)
        await post_dispute(self.uow, dispute, self.ids, at=self.now)
        if was is None or was.status is not dispute.status:
            await announce_dispute(self.uow, dispute, self.booking, at=self.now)
            await self._alert(dispute)

    async def _alert(self, dispute: Dispute) -> None:
        """Tell staff how the dispute stands, once for each status."""
        alert = owed_message(self.ids, MessageKind.STAFF_ALERT, self.booking, at=self.now)
        await self.uow.outbox.owe(
            replace(
                alert,
                cause=f"{alert.kind}:dispute:{dispute.id}:{dispute.status}",
                payload={**alert.payload, "stripe_dispute_id": dispute.stripe_dispute_id},
            )
        )

    def _new(self, payment: Payment) -> Dispute:
        provider = self.provider
        return Dispute(
            id=self.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            stripe_dispute_id=provider.id,
            amount_cents=provider.amount_cents,
            withdrawn_cents=provider.withdrawn_cents,
            status=status_of(provider),
            reason=provider.reason,
            due_by=provider.due_by,
            is_refundable=provider.is_refundable,
            created_at=self.now,
            updated_at=self.now,
        )
