"""Settle: ask Stripe how an intent stands now, and make our side agree.

Called by the confirm endpoint, the webhook, the periodic check and expiry. As only the present
state counts, the order and repetition of events cannot matter.

Source: docs/payments.md, "Settle".
"""

from dataclasses import replace

from totetaxi_core.bookings.booked_code import booked_code
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import STANDING, BookingStatus, CancellationReason
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.bookings.owed_by_booking import owe_confirmation, owed_message
from totetaxi_core.ledger.post_movement import post_charge
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent, ProviderRefund
from totetaxi_core.payments.move_for_difference import MovingForDifference
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import STATUS_OF_STATE, RefundStatus
from totetaxi_core.payments.sending_back import SendingBack
from totetaxi_core.payments.settlement import Settlement
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.announce_money import announce_payment
from totetaxi_core.webhooks.event_type import EventType


async def settle_intent(intent_id: str, ports: Ports, terms: Terms) -> Settlement | None:
    """Apply the intent's present state; None when the intent is not one of ours.

    Raises:
        IntentNotFoundError: Stripe has no such intent.
        PaymentUnavailableError: Stripe does not answer.
    """
    intent = await ports.payments.get_intent(intent_id)
    if intent.booking_id is None or intent.payment_id is None:
        return None
    gone = await _gone_by_hand(intent, ports)
    async with ports.unit_of_work() as uow:
        try:
            booking = await uow.bookings.get(intent.booking_id, lock=True)
        except BookingNotFoundError:
            return None
        settling = _Settling(booking, intent, ports, terms, uow, gone=gone)
        settled = await settling.apply()
        await uow.commit()
    return Settlement(settled, intent, settling.difference)


async def _gone_by_hand(intent: PaymentIntent, ports: Ports) -> tuple[ProviderRefund, ...]:
    """Return the intent's refunds that stand, oldest first: before it settles none is ours."""
    if not intent.refunded_cents:
        return ()
    newest_first = await ports.payments.find_refunds(intent.id)
    return tuple(
        refund
        for refund in reversed(newest_first)
        if STATUS_OF_STATE.get(refund.state) is not RefundStatus.FAILED
    )


class _Settling:
    """One intent, of which `gone` has left again by hand, against one locked booking."""

    def __init__(
        self,
        booking: Booking,
        intent: PaymentIntent,
        ports: Ports,
        terms: Terms,
        uow: UnitOfWork,
        *,
        gone: tuple[ProviderRefund, ...],
    ) -> None:
        self.booking, self.intent = booking, intent
        self.back = SendingBack(booking, intent, ports, uow, gone=gone)
        self.ports, self.terms, self.uow = ports, terms, uow
        self.now = ports.clock()
        self.difference: Payment | None = None

    async def apply(self) -> Booking:
        payments = await self.uow.payments.of_booking(self.booking.id, lock=True)
        attempts = await self.uow.payments.attempts(self.booking.id)
        payment = self._payment(payments, attempts)
        is_difference = payment.purpose is PaymentPurpose.RESCHEDULE
        self.difference = payment if is_difference else None
        attempt = await self._attempt(attempts, payment)
        if attempt.state is AttemptState.SUCCEEDED:
            return self.booking
        if self.intent.status is not IntentStatus.SUCCEEDED:
            await self._unpaid(payment, attempt)
            return self.booking
        if payment.status is not PaymentStatus.SUCCEEDED and not self._is_whole(payment):
            # It was asked for before the booking was moved, and its price with it.
            return await self._second_payment(attempt, kind=self._why_back())
        await self._owe_closing(attempts, paid=attempt)
        if is_difference and payment.status is not PaymentStatus.SUCCEEDED:
            return await self._difference_paid(payment, attempt)
        if payment.status is PaymentStatus.SUCCEEDED or self._is_called_off(payment):
            return await self._second_payment(attempt)
        return await self._paid(payment, attempt)

    def _payment(
        self, payments: tuple[Payment, ...], attempts: tuple[PaymentAttempt, ...]
    ) -> Payment:
        """Return what the intent is for: a reschedule's difference, or the booking's own price."""
        known = [each.payment_id for each in attempts if each.intent_id == self.intent.id]
        named = [each for each in payments if each.id in (*known, self.intent.payment_id)]
        own = (each for each in payments if each.purpose is PaymentPurpose.BOOKING)
        differences = (each for each in named if each.purpose is PaymentPurpose.RESCHEDULE)
        return next(differences, None) or next(own)

    async def _difference_paid(self, payment: Payment, attempt: PaymentAttempt) -> Booking:
        """Move the booking to the slot it was paid for, or send the money back."""
        paid = payment.succeed(self.intent, at=self.now)
        moving = MovingForDifference(self.booking, self.ports, self.terms, self.uow)
        moved = await moving.apply(payment)
        if moved is None:
            self.difference = payment.move_to(PaymentStatus.CANCELED, at=self.now)
            await self.uow.payments.save(self.difference)
            return await self._second_payment(attempt, kind=self._why_back())
        self.difference = paid
        await self.uow.payments.save(paid)
        await self._save_success(attempt)
        await announce_payment(self.uow, paid, moved, at=self.now)
        await post_charge(self.uow, moved, paid, self.ports.ids, at=self.now)
        return moved

    def _why_back(self) -> MessageKind:
        """Return the letter about money that is not what is asked for any more."""
        if self.difference is not None:
            return MessageKind.RESCHEDULE_PAYMENT_REFUNDED
        is_over = self.booking.status is BookingStatus.CANCELLED
        late, second = MessageKind.LATE_PAYMENT_REFUNDED, MessageKind.SECOND_PAYMENT_REFUNDED
        return late if is_over else second

    def _is_whole(self, payment: Payment) -> bool:
        """Tell whether it is what the payment is for, at the price the booking has."""
        asked_cents = {payment.amount_cents}
        if payment.purpose is PaymentPurpose.BOOKING:
            asked_cents.add(self.booking.total_cents)
        return asked_cents == {self.intent.amount_received_cents}

    def _is_called_off(self, payment: Payment) -> bool:
        """Tell whether the booking stands without this payment: it was paid in another way."""
        stands = self.booking.status in STANDING
        return stands and payment.status is PaymentStatus.CANCELED

    async def _attempt(
        self, attempts: tuple[PaymentAttempt, ...], payment: Payment
    ) -> PaymentAttempt:
        """Return the intent's attempt: known by its id, else by its number in our metadata.

        A session's intent is new to us when its payer pays; an intent's answer may have been lost.
        """
        known = [each for each in attempts if each.intent_id == self.intent.id]
        number = self.intent.attempt
        nameless = [
            each
            for each in attempts
            if each.intent_id is None
            and each.payment_id == self.intent.payment_id
            and (each.state is AttemptState.LIVE if number is None else each.number == number)
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

    async def _owe_closing(
        self, attempts: tuple[PaymentAttempt, ...], *, paid: PaymentAttempt
    ) -> None:
        """Owe the end of what else could be paid: left open, the same money would come twice."""
        for each in attempts:
            is_same = each.payment_id == paid.payment_id
            if each.id != paid.id and each.state is AttemptState.LIVE and is_same:
                payload = {"booking_id": str(each.booking_id), "attempt_id": str(each.id)}
                kind, cause = EffectKind.CLOSE_ATTEMPT, str(each.id)
                closing = owed(self.ports.ids, kind, cause, at=self.now, payload=payload)
                await self.uow.outbox.owe(closing)

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
        paid = payment.succeed(self.intent, at=self.now)
        await self.uow.payments.save(paid)
        await self._save_success(attempt)
        await announce_payment(self.uow, paid, self.booking, at=self.now)
        await post_charge(self.uow, self.booking, paid, self.ports.ids, at=self.now)
        if self.booking.status is BookingStatus.PENDING:
            return await self._confirmed(self.booking.confirm(at=self.now))
        if self.booking.status in STANDING:
            # It was confirmed and its payment lost: what was owed for it has come.
            receipt = owed_message(self.ports.ids, MessageKind.RECEIPT, self.booking, at=self.now)
            await self.uow.outbox.owe(receipt)
            return self.booking
        if await self._takes_crews_again():
            return await self._confirmed(self.booking.revive(at=self.now))
        await self.back.send(payment, MessageKind.LATE_PAYMENT_REFUNDED)
        return self.booking

    async def _save_success(self, attempt: PaymentAttempt) -> None:
        await self.uow.payments.save_attempt(
            replace(attempt, state=AttemptState.SUCCEEDED, checked_at=self.now)
        )

    async def _confirmed(self, booking: Booking) -> Booking:
        await self.uow.bookings.save(booking)
        await announce(self.uow, EventType.BOOKING_CONFIRMED, booking, at=self.now)
        outbox, ids, zone = self.uow.outbox, self.ports.ids, self.terms.zone
        await owe_confirmation(outbox, ids, booking, zone=zone, at=self.now)
        return booking

    async def _takes_crews_again(self) -> bool:
        """Take crews and code again for a booking that lapsed before its payment came."""
        timed_out = self.booking.cancellation_reason is CancellationReason.PAYMENT_TIMEOUT
        if not timed_out or self.now >= self.booking.pickup_at or self.booking.contact.is_erased:
            return False
        on = self.booking.quote.request.pickup_date
        schedule = (await terms_now(self.uow, self.terms)).schedule
        await self._take_code_again()
        try:
            await self.uow.crews.take(on, occupied(self.booking), crews=schedule.crews_on(on))
        except SlotUnavailableError:
            await self.uow.discount_uses.give_back(self.booking.id)
            return False
        return True

    async def _take_code_again(self) -> None:
        given = await booked_code(self.booking.quote, self.uow)
        if given is not None:
            await self.uow.discount_uses.reserve(
                given.code,
                booking_id=self.booking.id,
                email_key=self.booking.contact.email_key,
                pseudonym=self.terms.pseudonyms.of(self.booking.contact.email_key),
                beyond_limit=True,
            )

    async def _second_payment(
        self, attempt: PaymentAttempt, *, kind: MessageKind = MessageKind.SECOND_PAYMENT_REFUNDED
    ) -> Booking:
        """Record money that came twice, and owe it back."""
        duplicate = Payment(
            id=self.ports.ids.new_id(),
            booking_id=self.booking.id,
            purpose=PaymentPurpose.DUPLICATE,
            status=PaymentStatus.PENDING,
            amount_cents=self.intent.amount_received_cents,
            customer_email=self.booking.contact.email,
            created_at=self.now,
            updated_at=self.now,
        ).succeed(self.intent, at=self.now)
        await self.uow.payments.add(duplicate)
        await self._save_success(replace(attempt, payment_id=duplicate.id))
        await announce_payment(self.uow, duplicate, self.booking, at=self.now)
        await post_charge(self.uow, self.booking, duplicate, self.ports.ids, at=self.now)
        await self.back.send(duplicate, kind)
        return self.booking
