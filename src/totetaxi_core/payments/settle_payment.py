"""Settle: ask Stripe how an intent stands now, and make our side agree.

Called by the confirm endpoint, the webhook, the periodic check and expiry. As only the present
state counts, the order and repetition of events cannot matter.

Source: docs/payments.md, "Settle".
"""

from dataclasses import dataclass, replace

from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owe_confirmation, owed_message
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.owed_refund import owed_refund
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import SYSTEM, Refund, RefundStatus
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing import LineKind
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Settlement:
    """The booking as it now stands, and the intent as Stripe had it."""

    booking: Booking
    intent: PaymentIntent


async def settle_intent(intent_id: str, ports: Ports, terms: Terms) -> Settlement | None:
    """Apply the intent's present state; None when the intent is not one of ours.

    Raises:
        IntentNotFoundError: Stripe has no such intent.
        PaymentUnavailableError: Stripe does not answer.
    """
    intent = await ports.payments.get_intent(intent_id)
    if intent.booking_id is None or intent.payment_id is None:
        return None
    async with ports.unit_of_work() as uow:
        try:
            booking = await uow.bookings.get(intent.booking_id, lock=True)
        except BookingNotFoundError:
            return None
        settling = _Settling(booking, intent, ports, terms, uow)
        settled = await settling.apply()
        await uow.commit()
    return Settlement(settled, intent)


class _Settling:
    """One intent against one locked booking."""

    def __init__(
        self, booking: Booking, intent: PaymentIntent, ports: Ports, terms: Terms, uow: UnitOfWork
    ) -> None:
        self.booking, self.intent = booking, intent
        self.ports, self.terms, self.uow = ports, terms, uow
        self.now = ports.clock()

    async def apply(self) -> Booking:
        payments = await self.uow.payments.of_booking(self.booking.id, lock=True)
        attempts = await self.uow.payments.attempts(self.booking.id)
        payment = next(each for each in payments if each.purpose is PaymentPurpose.BOOKING)
        attempt = await self._attempt(attempts, payment)
        if attempt.state is AttemptState.SUCCEEDED:
            return self.booking
        if self.intent.status is not IntentStatus.SUCCEEDED:
            await self._unpaid(payment, attempt)
            return self.booking
        if payment.status is PaymentStatus.SUCCEEDED:
            return await self._second_payment(attempt)
        return await self._paid(payment, attempt)

    async def _attempt(
        self, attempts: tuple[PaymentAttempt, ...], payment: Payment
    ) -> PaymentAttempt:
        """Return the intent's attempt: known by its id, else the one whose answer we never got."""
        known = [each for each in attempts if each.intent_id == self.intent.id]
        nameless = [
            each for each in attempts if each.intent_id is None and each.state is AttemptState.LIVE
        ]
        if known or nameless:
            return replace((known or nameless)[0], intent_id=self.intent.id)
        return await self._unheard_of(len(attempts) + 1, payment)

    async def _unheard_of(self, number: int, payment: Payment) -> PaymentAttempt:
        """Store an attempt for an intent of ours that none of the attempts had."""
        attempt = PaymentAttempt(
            id=self.ports.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            number=number,
            state=AttemptState.ENDED,
            created_at=self.now,
            intent_id=self.intent.id,
        )
        await self.uow.payments.add_attempt(attempt)
        return attempt

    async def _unpaid(self, payment: Payment, attempt: PaymentAttempt) -> None:
        status = self.intent.status
        waiting = status is IntentStatus.PROCESSING
        target = PaymentStatus.PROCESSING if waiting else PaymentStatus.PENDING
        is_open = payment.status in (PaymentStatus.PENDING, PaymentStatus.PROCESSING)
        if is_open and attempt.state is AttemptState.LIVE:
            await self.uow.payments.save(payment.move_to(target, at=self.now))
        ended = status is IntentStatus.CANCELED
        state = AttemptState.ENDED if ended else attempt.state
        await self.uow.payments.save_attempt(replace(attempt, state=state, checked_at=self.now))

    async def _paid(self, payment: Payment, attempt: PaymentAttempt) -> Booking:
        await self.uow.payments.save(payment.succeed(self.intent, at=self.now))
        await self._save_success(attempt)
        if self.booking.status is BookingStatus.PENDING:
            return await self._confirmed(self.booking.confirm(at=self.now))
        if await self._takes_crews_again():
            return await self._confirmed(self.booking.revive(at=self.now))
        is_over = self.booking.status is BookingStatus.CANCELLED
        # One that stands had been paid in another way, by cash: this is its second payment.
        late, second = MessageKind.LATE_PAYMENT_REFUNDED, MessageKind.SECOND_PAYMENT_REFUNDED
        await self._send_back(payment, late if is_over else second)
        return self.booking

    async def _save_success(self, attempt: PaymentAttempt) -> None:
        await self.uow.payments.save_attempt(
            replace(attempt, state=AttemptState.SUCCEEDED, checked_at=self.now)
        )

    async def _confirmed(self, booking: Booking) -> Booking:
        await self.uow.bookings.save(booking)
        await owe_confirmation(self.uow.outbox, self.ports.ids, booking, at=self.now)
        return booking

    async def _takes_crews_again(self) -> bool:
        """Take crews and code again for a booking that lapsed before its payment came."""
        timed_out = self.booking.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
        if not timed_out or self.now >= self.booking.pickup_at:
            return False
        on = self.booking.quote.request.pickup_date
        schedule = self.terms.schedule
        await self._take_code_again()
        try:
            await self.uow.crews.take(
                on, occupied(self.booking, schedule), crews=schedule.crews_on(on)
            )
        except SlotUnavailableError:
            await self.uow.discount_uses.give_back(self.booking.id)
            return False
        return True

    async def _take_code_again(self) -> None:
        quote, guest = self.booking.quote, self.booking.guest
        for line in quote.lines:
            if line.kind is LineKind.DISCOUNT:
                book = await self.uow.price_books.get(quote.price_book_version)
                code = next(each for each in book.discount_codes if each.id == line.rule_id)
                await self.uow.discount_uses.reserve(
                    code,
                    booking_id=self.booking.id,
                    email_key=guest.email_key if guest else "",
                    beyond_limit=True,
                )

    async def _second_payment(self, attempt: PaymentAttempt) -> Booking:
        """Record money that came twice, and owe it back."""
        duplicate = Payment(
            id=self.ports.ids.new_id(),
            booking_id=self.booking.id,
            purpose=PaymentPurpose.DUPLICATE,
            status=PaymentStatus.PENDING,
            amount_cents=self.intent.amount_received_cents,
            customer_email=self.booking.guest.email if self.booking.guest else "",
            created_at=self.now,
            updated_at=self.now,
        ).succeed(self.intent, at=self.now)
        await self.uow.payments.add(duplicate)
        await self._save_success(replace(attempt, payment_id=duplicate.id))
        await self._send_back(duplicate, MessageKind.SECOND_PAYMENT_REFUNDED)
        return self.booking

    async def _send_back(self, payment: Payment, kind: MessageKind) -> None:
        """Owe the whole payment back, born approved, and tell customer and staff."""
        refund = Refund(
            id=self.ports.ids.new_id(),
            payment_id=payment.id,
            booking_id=self.booking.id,
            amount_cents=self.intent.amount_received_cents,
            reason=kind.removesuffix("_refunded"),
            status=RefundStatus.APPROVED,
            requested_by=SYSTEM,
            created_at=self.now,
            updated_at=self.now,
        )
        await self.uow.refunds.add(refund)
        await self.uow.outbox.owe(owed_refund(refund, self.ports.ids, at=self.now))
        for message_kind in (kind, MessageKind.STAFF_ALERT):
            message = owed_message(self.ports.ids, message_kind, self.booking, at=self.now)
            cause = f"{message.cause}:{payment.id}"
            payload = {**message.payload, "refund_id": str(refund.id)}
            await self.uow.outbox.owe(replace(message, cause=cause, payload=payload))
