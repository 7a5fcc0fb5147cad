"""Reschedule a booking: its slot, its price and the difference change in one act, or nothing does.

Source: docs/bookings.md, "Rescheduling"; docs/payments.md, "A reschedule".
"""

from dataclasses import dataclass, field, replace

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.end_reschedule import close_reschedule
from totetaxi_core.bookings.pay_stored import Paying, charge_card, open_payment
from totetaxi_core.bookings.reschedule import Reschedule
from totetaxi_core.bookings.reschedule_act import (
    PaymentToCloseError,
    RescheduleAct,
    RescheduleToCloseError,
)
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.bookings.rescheduling import Rescheduling, asked_for
from totetaxi_core.payments.call_off import CalledOff, call_off, settle_paid
from totetaxi_core.payments.confirm_payment import PaymentIncompleteError
from totetaxi_core.payments.gateway import PaymentIntent
from totetaxi_core.payments.payable import PaymentUnderWayError, awaited_payment
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.terms_now import terms_now

MAX_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduled:
    """The booking as it now stands, moved unless a `pending` reschedule waits for its difference.

    `paying` says what the payer pays by, or has paid by; it is empty where nothing is to pay, and
    where staff mailed the link instead. `is_replay`: the same idempotency key had asked before.
    """

    booking: Booking
    pending: Reschedule | None = None
    paying: Paying = field(default_factory=Paying)
    is_replay: bool = False

    @property
    def intent(self) -> PaymentIntent | None:
        return self.paying.intent


async def preview_reschedule(
    rescheduling: Rescheduling, ports: Ports, terms: Terms
) -> RescheduleOffer:
    """Tell the price there, and why a customer would be refused; crews are not looked at.

    Raises:
        BookingNotFoundError: no booking has this id, or it is not in that account.
        NotReschedulableError: it is neither pending nor confirmed, or its pickup is due.
        InvalidInputError: names what the present price book does not offer any more.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        booking = await asked_for(rescheduling, uow)
        booking.require_reschedulable(at=now)
        on, pickup_time = rescheduling.pickup_date, rescheduling.pickup_time
        offer = await RescheduleOffer.of(booking, on, pickup_time, uow, at=now)
        present = await terms_now(uow, terms)
    return replace(offer, refusal_codes=offer.refused_by(ports, present))


async def reschedule_booking(
    rescheduling: Rescheduling, ports: Ports, terms: Terms, *, expected_total_cents: int
) -> Rescheduled:
    """Move the booking; where it gets dearer, hold the new slot until the difference is paid.

    Raises:
        BookingNotFoundError: no booking has this id, or it is not in that account.
        NotReschedulableError: it is neither pending nor confirmed, or its pickup is due.
        NotPayableError: it is pending and its hold has lapsed.
        InvalidInputError: of the schedule, or of what is not on offer any more.
        PriceChangedError: it costs another total there; nothing was changed.
        AmountTooSmallError, AmountNeedsStaffError: of the charge limits.
        SlotUnavailableError: no crew is free there.
        PaymentUnderWayError: a bank is still at a payment of this booking.
        PaymentUnavailableError: Stripe does not answer, and what could be paid stays so.
        PaymentMethodNotFoundError: the customer has no such card; nothing was changed.
        ChargeNotPostedError: the books do not have what was paid for it yet.
        IdempotencyKeyReusedError: the key has moved it for another body.
    """
    await _require_card(rescheduling, ports)
    asking = _Asking(rescheduling, ports, terms, expected_total_cents=expected_total_cents)
    for _ in range(MAX_TRIES):
        done = await asking.once()
        if done is not None:
            if await asking.waits(done.booking):
                return await _open(done, rescheduling, ports, terms)
            return done
    raise PaymentUnderWayError("somebody keeps starting payments for this booking")


async def _require_card(rescheduling: Rescheduling, ports: Ports) -> None:
    """Refuse a card that the customer does not have before anything is changed.

    Raises:
        PaymentMethodNotFoundError: there is none.
    """
    method_id, customer_id = rescheduling.payment_method_id, rescheduling.customer_id
    if method_id is not None and customer_id is not None:
        async with ports.unit_of_work() as uow:
            await uow.payment_methods.get(customer_id, method_id)


@dataclass(slots=True, kw_only=False)
class _Asking:
    """One who asks, and what was closed at Stripe for them so far."""

    rescheduling: Rescheduling
    ports: Ports
    terms: Terms
    expected_total_cents: int = field(kw_only=True)
    called_off: CalledOff = field(default_factory=CalledOff)

    async def once(self) -> Rescheduled | None:
        """Try it in one transaction; None when something was closed and it may be tried again."""
        try:
            async with self.ports.unit_of_work() as uow:
                act = RescheduleAct(self.rescheduling, self.ports, self.terms, uow, self.called_off)
                booking, pending = await act.apply(self.expected_total_cents)
                await uow.commit()
        except PaymentToCloseError as waits:
            await self._call_off(waits.booking)
            return None
        except RescheduleToCloseError:
            await close_reschedule(self.rescheduling.booking_id, self.ports, self.terms)
            return None
        return Rescheduled(booking=booking, pending=pending, is_replay=act.is_replay)

    async def waits(self, booking: Booking) -> bool:
        """Tell whether the customer who asks has to pay for this very move.

        A request that is repeated late may meet another one, which they have not agreed to here.
        """
        asked = self.rescheduling
        if asked.staff_name is not None:
            return False
        async with self.ports.unit_of_work() as uow:
            present = await uow.bookings.get(booking.id)
            pending = await uow.reschedules.pending_of(booking.id)
            awaited = await awaited_payment(present, uow, at=self.ports.clock())
        quote = present.quote if pending is None else pending.quote
        there = (quote.request.pickup_date, quote.request.pickup_time, quote.total_cents)
        wanted = (asked.pickup_date, asked.pickup_time, self.expected_total_cents)
        return awaited is not None and there == wanted

    async def _call_off(self, booking: Booking) -> None:
        """Close what an unpaid booking could be paid by; a payer who was faster is settled.

        Raises:
            PaymentUnderWayError: a bank is still at it.
        """
        async with self.ports.unit_of_work() as uow:
            payments = await uow.payments.of_booking(booking.id)
            attempts = await uow.payments.attempts(booking.id)
        self.called_off = await call_off(booking, payments, attempts, self.ports)
        if self.called_off.paying is None:
            return
        settled = await settle_paid(self.called_off.paying, booking, self.ports, self.terms)
        self.called_off = CalledOff()
        if settled.status is BookingStatus.PENDING:
            raise PaymentUnderWayError(f"the payment of {booking.booking_number} is under way")


async def _open(
    done: Rescheduled, rescheduling: Rescheduling, ports: Ports, terms: Terms
) -> Rescheduled:
    """Give the payer what to pay by; a booking that was stored stands whatever follows."""
    try:
        paying = await _pay(done.booking, rescheduling, ports, terms)
    except (InvalidTransitionError, PaymentUnderWayError, PaymentIncompleteError):
        # It was paid, or ended, while we were at Stripe: it is answered as it now stands.
        paying = Paying()
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(done.booking.id)
        pending = await uow.reschedules.pending_of(booking.id)
    return replace(done, booking=booking, pending=pending, paying=paying)


async def _pay(booking: Booking, rescheduling: Rescheduling, ports: Ports, terms: Terms) -> Paying:
    method_id, customer_id = rescheduling.payment_method_id, rescheduling.customer_id
    if method_id is None or customer_id is None:
        return await open_payment(booking.id, ports, terms)
    return await charge_card(booking.id, method_id, ports, terms, customer_id=customer_id)
