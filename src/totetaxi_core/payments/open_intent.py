"""Give the payer an intent to pay: the live one if there is one, a new one otherwise."""

from dataclasses import dataclass, replace
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.gateway import (
    IntentNotFoundError,
    IntentStatus,
    PaymentIntent,
    PaymentUnavailableError,
)
from totetaxi_core.payments.live_intent import intent_of_attempt
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
)
from totetaxi_core.payments.repositories import LiveAttemptExistsError
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.unit_of_work import UnitOfWork

MAX_ATTEMPTS_A_CALL = 3


class NotPayableError(InvalidTransitionError):
    """The booking waits for no payment: it is paid, or over, or its hold has lapsed."""

    def __init__(self, booking: Booking) -> None:
        lapsed = booking.status is BookingStatus.PENDING
        stands = "was not paid in time" if lapsed else f"is {booking.status.replace('_', ' ')}"
        DomainError.__init__(
            self, f"booking {booking.booking_number} {stands}: it is not waiting for a payment"
        )
        self.status, self.target = booking.status, BookingStatus.CONFIRMED


@dataclass(frozen=True, slots=True)
class _Open:
    booking: Booking
    payment: Payment
    attempt: PaymentAttempt


async def open_intent(
    booking_id: UUID, ports: Ports, *, receipt_email: str | None = None
) -> PaymentIntent:
    """Return the booking's intent; its secret goes to the payer only while the hold stands.

    `receipt_email` replaces the booking's own for an intent not made yet.

    Raises:
        BookingNotFoundError: no booking has this id.
        NotPayableError: it waits for no payment, or its hold has lapsed.
        PaymentUnavailableError: Stripe does not answer; the booking stands, ask again.
        PaymentMisconfiguredError: Stripe refuses us; a person must look.
    """
    for _ in range(MAX_ATTEMPTS_A_CALL):
        opened = await _live_attempt(booking_id, ports, receipt_email=receipt_email)
        if opened is None:
            continue
        intent = await _intent(opened, ports)
        if intent is None or intent.status is IntentStatus.CANCELED:
            await _end(opened.attempt, intent, ports)
        elif await _is_handed_out(intent, opened, ports):
            return intent
    raise PaymentUnavailableError("the payment could not be started: please try again")


async def _live_attempt(
    booking_id: UUID, ports: Ports, *, receipt_email: str | None
) -> _Open | None:
    """Return the booking with its live attempt, made if need be; None if another was faster."""
    try:
        async with ports.unit_of_work() as uow:
            booking = await uow.bookings.get(booking_id, lock=True)
            _require_payable(booking, ports)
            payment = await _booking_payment(booking_id, uow)
            attempts = await uow.payments.attempts(booking_id)
            live = next((each for each in attempts if each.state is AttemptState.LIVE), None)
            if live is None:
                if receipt_email is not None:
                    payment = replace(payment, customer_email=receipt_email)
                    await uow.payments.save(payment)
                live = PaymentAttempt(
                    id=ports.ids.new_id(),
                    payment_id=payment.id,
                    booking_id=booking_id,
                    number=len(attempts) + 1,
                    state=AttemptState.LIVE,
                    created_at=ports.clock(),
                )
                await uow.payments.add_attempt(live)
            await uow.commit()
            return _Open(booking, payment, live)
    except LiveAttemptExistsError:
        return None


async def _intent(opened: _Open, ports: Ports) -> PaymentIntent | None:
    """Return the attempt's intent; None when Stripe has none, or has none any more."""
    try:
        return await intent_of_attempt(
            opened.attempt,
            opened.payment,
            opened.booking,
            gateway=ports.payments,
            now=ports.clock(),
        )
    except IntentNotFoundError:
        return None


async def _booking_payment(booking_id: UUID, uow: UnitOfWork) -> Payment:
    payments = await uow.payments.of_booking(booking_id, lock=True)
    return next(each for each in payments if each.purpose is PaymentPurpose.BOOKING)


def _require_payable(booking: Booking, ports: Ports) -> None:
    if not booking.is_payable(at=ports.clock()):
        raise NotPayableError(booking)


async def _end(attempt: PaymentAttempt, intent: PaymentIntent | None, ports: Ports) -> None:
    """End the attempt, noting its canceled intent: what Stripe tells of it later is known then."""
    intent_id = intent.id if intent else attempt.intent_id
    async with ports.unit_of_work() as uow:
        await uow.bookings.get(attempt.booking_id, lock=True)
        for each in await uow.payments.attempts(attempt.booking_id):
            if each.id == attempt.id and each.state is AttemptState.LIVE:
                ended = replace(each, state=AttemptState.ENDED, intent_id=intent_id)
                await uow.payments.save_attempt(ended)
        await uow.commit()


async def _is_handed_out(intent: PaymentIntent, opened: _Open, ports: Ports) -> bool:
    """Store whose intent it is; False when the attempt was ended while we were at Stripe.

    A booking that ended meanwhile gets its intent cancelled.

    Raises:
        NotPayableError: the booking ended, or its hold has lapsed.
    """
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(opened.booking.id, lock=True)
        if booking.is_payable(at=ports.clock()):
            return await _is_stored(intent, opened.attempt, uow)
    await ports.payments.cancel_intent(intent.id)
    raise NotPayableError(booking)


async def _is_stored(intent: PaymentIntent, attempt: PaymentAttempt, uow: UnitOfWork) -> bool:
    """Name the attempt's intent, if the attempt is live still and no other intent is its own."""
    attempts = await uow.payments.attempts(attempt.booking_id)
    present = next(each for each in attempts if each.id == attempt.id)
    if present.state is not AttemptState.LIVE or present.intent_id not in (None, intent.id):
        return False
    await uow.payments.save_attempt(replace(present, intent_id=intent.id))
    await uow.commit()
    return True
