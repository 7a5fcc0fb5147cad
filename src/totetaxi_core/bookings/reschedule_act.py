"""The transaction that moves a booking, or holds its next slot until the difference is paid."""

from dataclasses import replace
from datetime import datetime

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.booking_version import require_version
from totetaxi_core.bookings.difference_link import owed_difference_link
from totetaxi_core.bookings.moved_booking import moved_booking
from totetaxi_core.bookings.owed_by_booking import owe_confirmation, owe_reschedule
from totetaxi_core.bookings.place_booking import PriceChangedError
from totetaxi_core.bookings.posted_charges import require_charges_posted
from totetaxi_core.bookings.repositories import (
    IdempotencyKeyReusedError,
    IdempotencyRecord,
)
from totetaxi_core.bookings.reschedule import Reschedule, RescheduleState
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.bookings.rescheduling import Rescheduling, asked_for
from totetaxi_core.bookings.slot import Slot, move_crew, take_beyond
from totetaxi_core.bookings.status_change import status_act
from totetaxi_core.ledger.post_cash import post_cash_return
from totetaxi_core.ledger.post_movement import post_charge, post_repricing
from totetaxi_core.payments.call_off import CalledOff
from totetaxi_core.payments.owe_back import owe_back
from totetaxi_core.payments.payable import NotPayableError
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentPurpose,
    PaymentStatus,
)
from totetaxi_core.payments.refund import SYSTEM
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType

RESCHEDULE = "reschedule"


class PaymentToCloseError(Exception):
    """The booking can be paid at its present price: that has to be closed at Stripe first."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(booking.booking_number)
        self.booking = booking


class RescheduleToCloseError(Exception):
    """The booking is on its way to another slot: that has to be closed at Stripe first."""


class RescheduleAct:
    """One try at it. Nobody can pay any more what `called_off` has closed."""

    def __init__(
        self,
        rescheduling: Rescheduling,
        ports: Ports,
        terms: Terms,
        uow: UnitOfWork,
        called_off: CalledOff,
    ) -> None:
        self.asked, self.called_off = rescheduling, called_off
        self.ports, self.terms, self.uow = ports, terms, uow
        self.ids, self.now = ports.ids, ports.clock()
        self.is_replay = False

    async def apply(self, expected_total_cents: int) -> tuple[Booking, Reschedule | None]:
        """Return the booking as it then stands, and the reschedule that waits to be paid.

        Raises:
            PaymentToCloseError, RescheduleToCloseError: close that, then try again.
        """
        booking = await asked_for(self.asked, self.uow, lock=True)
        self.terms = await terms_now(self.uow, self.terms)
        pending = await self.uow.reschedules.pending_of(booking.id)
        self.is_replay = await self._claim_key(booking)
        if self.is_replay:
            return booking, pending
        offer = await self._offer(booking, expected_total_cents)
        if pending is not None:
            if pending.is_awaited(at=self.now) and pending.quote == offer.quote:
                return booking, pending  # asked again
            raise RescheduleToCloseError
        if offer.changes_nothing:
            return booking, None
        if not offer.is_paid:
            return await self._move_unpaid(offer), None
        await require_charges_posted(booking, self.uow, self.ids, at=self.now)
        if offer.difference_cents > 0:
            return booking, await self._hold(offer)
        return await self._move_paid(offer), None

    async def _claim_key(self, booking: Booking) -> bool:
        """Claim the idempotency key; True when it has moved this booking before.

        Raises:
            IdempotencyKeyReusedError: it did so for another body.
        """
        key = self.asked.idempotency_key
        if key is None:
            return False
        known = await self.uow.idempotency.find(key, now=self.now)
        if known is None:
            await self.uow.idempotency.add(
                IdempotencyRecord(
                    key=key, booking_id=booking.id, leased_until=None, created_at=self.now
                )
            )
            return False
        if known.key.body_hash != key.body_hash:
            raise IdempotencyKeyReusedError("this key was used for another body")
        return True

    async def _offer(self, booking: Booking, expected_total_cents: int) -> RescheduleOffer:
        require_version(booking, self.asked.seen_versions)
        booking.require_reschedulable(at=self.now)
        if booking.status is BookingStatus.PENDING and not booking.is_payable(at=self.now):
            raise NotPayableError(booking)
        on, pickup_time = self.asked.pickup_date, self.asked.pickup_time
        offer = await RescheduleOffer.of(booking, on, pickup_time, self.uow, at=self.now)
        offer.check(self.ports, self.terms, override=self.asked.override)
        if offer.quote.total_cents != expected_total_cents:
            raise PriceChangedError(offer.quote)
        return offer

    async def _move_unpaid(self, offer: RescheduleOffer) -> Booking:
        """Move a booking that waits for its payment, which from now on is of the new price."""
        booking = offer.booking
        payments = await self.uow.payments.of_booking(booking.id, lock=True)
        moved = await self._moved(offer, hold_expires_at=self._held_until(offer))
        await self._move_crew(offer)
        await self._end_attempts(booking)
        for payment in payments:
            if payment.purpose is PaymentPurpose.BOOKING:
                await self.uow.payments.save(self._repriced(payment, offer))
        if not moved.total_cents:
            moved = moved.confirm(at=self.now)
            await post_charge(self.uow, moved, None, self.ids, at=self.now)
            await owe_confirmation(
                self.uow.outbox, self.ids, moved, zone=self.terms.zone, at=self.now
            )
        await self.uow.bookings.save(moved)
        await self._announce(booking, moved)
        await owe_reschedule(self.uow.outbox, self.ids, moved, zone=self.terms.zone, at=self.now)
        await self._record(booking, moved, said="moved")
        return moved

    def _held_until(self, offer: RescheduleOffer) -> datetime:
        """Return when an unpaid booking lapses: as before, or anew where staff move it.

        Else a crew could be kept for ever without being paid for, by moving now and then.
        """
        booking = offer.booking
        until = booking.hold_expires_at
        if until is None or self.asked.staff_name is not None:
            hold = self.terms.staff_hold if booking.is_by_staff else self.terms.hold
            until = self.now + hold
        return min(until, self._pickup_at(offer))

    def _repriced(self, payment: Payment, offer: RescheduleOffer) -> Payment:
        cents = offer.quote.total_cents
        if not cents:
            return payment.move_to(PaymentStatus.CANCELED, at=self.now)
        return replace(payment, amount_cents=cents, updated_at=self.now)

    async def _end_attempts(self, booking: Booking) -> None:
        for attempt in await self.uow.payments.attempts(booking.id):
            if attempt.state is not AttemptState.LIVE:
                continue
            closing = self.called_off.closed.get(attempt.id)
            if closing is None or not closing.covers(attempt):
                raise PaymentToCloseError(booking)
            await self.uow.payments.save_attempt(closing.ended(attempt))

    async def _move_paid(self, offer: RescheduleOffer) -> Booking:
        """Move a paid booking to a slot that costs no more, and owe the difference back."""
        booking, uow, ids, now = offer.booking, self.uow, self.ids, self.now
        await owe_back(
            offer.shares, booking, uow, ids, reason=RESCHEDULE, requested_by=SYSTEM, at=now
        )
        moved = await self._moved(offer)
        await self._move_crew(offer)
        await uow.bookings.save(moved)
        await self._announce(booking, moved)
        cents, cash_cents = offer.refund_cents, offer.cash_cents
        await post_repricing(uow, moved, ids, owed_back_cents=cents, at=now)
        if cash_cents:
            await post_cash_return(uow, moved, ids, amount_cents=cash_cents, at=now)
        card_cents = cents - cash_cents
        await owe_reschedule(
            uow.outbox,
            ids,
            moved,
            zone=self.terms.zone,
            refund_cents=card_cents,
            cash_cents=cash_cents,
            at=now,
        )
        await self._record(booking, moved, said="moved")
        return moved

    async def _announce(self, booking: Booking, moved: Booking) -> None:
        await announce(self.uow, EventType.BOOKING_RESCHEDULED, moved, at=self.now)
        if moved.status is not booking.status:  # it costs nothing any more
            await announce(self.uow, EventType.BOOKING_CONFIRMED, moved, at=self.now)

    async def _hold(self, offer: RescheduleOffer) -> Reschedule:
        """Hold the new slot beside the present one, until the difference is paid."""
        payment = self._payment(offer)
        reschedule = self._reschedule(offer, payment)
        await self.uow.payments.add(payment)
        await self.uow.reschedules.add(reschedule)
        await take_beyond(self.uow.crews, *self._slots(offer), self.terms.schedule)
        if self.asked.staff_name is not None:
            link = owed_difference_link(
                self.ids, offer.booking, reschedule, self.terms, at=self.now
            )
            await self.uow.outbox.owe(link)
        await self._record(offer.booking, offer.booking, said="held a dearer slot for")
        return reschedule

    def _payment(self, offer: RescheduleOffer) -> Payment:
        return Payment(
            id=self.ids.new_id(),
            booking_id=offer.booking.id,
            purpose=PaymentPurpose.RESCHEDULE,
            status=PaymentStatus.PENDING,
            amount_cents=offer.difference_cents,
            customer_email=offer.booking.contact.email,
            created_at=self.now,
            updated_at=self.now,
        )

    def _reschedule(self, offer: RescheduleOffer, payment: Payment) -> Reschedule:
        booking, pickup_at = offer.booking, self._pickup_at(offer)
        hold = self.terms.staff_hold if self.asked.staff_name else self.terms.hold
        return Reschedule(
            id=self.ids.new_id(),
            booking_id=booking.id,
            state=RescheduleState.PENDING,
            quote=offer.quote,
            pickup_at=pickup_at,
            previous_pickup_at=booking.pickup_at,
            difference_cents=offer.difference_cents,
            payment_id=payment.id,
            expires_at=min(self.now + hold, booking.pickup_at, pickup_at),
            requested_by=self.asked.requested_by,
            created_at=self.now,
            updated_at=self.now,
            crew_day_ends_at=self.terms.schedule.crew_day_ends_at,
        )

    async def _moved(
        self, offer: RescheduleOffer, *, hold_expires_at: datetime | None = None
    ) -> Booking:
        return await moved_booking(
            offer.booking,
            offer.quote,
            self.uow,
            pickup_at=self._pickup_at(offer),
            crew_day_ends_at=self.terms.schedule.crew_day_ends_at,
            hold_expires_at=hold_expires_at,
            at=self.now,
        )

    async def _move_crew(self, offer: RescheduleOffer) -> None:
        new, old = self._slots(offer)
        await move_crew(self.uow.crews, old, new, self.terms.schedule)

    def _slots(self, offer: RescheduleOffer) -> tuple[Slot, Slot]:
        """Return the new slot, then the old one."""
        until = self.terms.schedule.crew_day_ends_at
        return Slot.of_quote(offer.quote, crew_day_ends_at=until), Slot.of(offer.booking)

    def _pickup_at(self, offer: RescheduleOffer) -> datetime:
        request = offer.quote.request
        return self.terms.pickup_at(request.pickup_date, request.pickup_time)

    async def _record(self, before: Booking, after: Booking, *, said: str) -> None:
        """Put on record what staff did, and by which override."""
        if self.asked.staff_name is None:
            return
        override = self.asked.override
        to = f"{self.asked.pickup_date} {self.asked.pickup_time:%H:%M}"
        act = status_act(
            before,
            after,
            self.ids,
            staff_name=self.asked.staff_name,
            said=f"{said} {after.booking_number} to {to}",
            notes=f"rules overridden: {override.reason}" if override else "",
        )
        await self.uow.staff_acts.add(replace(act, created_at=self.now))
