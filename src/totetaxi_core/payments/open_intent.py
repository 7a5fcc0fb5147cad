"""Give the payer an intent to pay: the live one if there is one, a new one otherwise."""

from dataclasses import dataclass, replace
from uuid import UUID

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent, PaymentUnavailableError
from totetaxi_core.payments.live_intent import intent_of_attempt
from totetaxi_core.payments.payment import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentPurpose,
)
from totetaxi_core.payments.repositories import LiveAttemptExistsError
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

MAX_ATTEMPTS_A_CALL = 3


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
        InvalidTransitionError: it waits for no payment, or its hold has lapsed.
        PaymentUnavailableError: Stripe does not answer; the booking stands, ask again.
        PaymentMisconfiguredError: Stripe refuses us; a person must look.
    """
    for _ in range(MAX_ATTEMPTS_A_CALL):
        opened = await _live_attempt(booking_id, ports, receipt_email=receipt_email)
        if opened is None:
            continue
        intent = await intent_of_attempt(
            opened.attempt,
            opened.payment,
            opened.booking,
            gateway=ports.payments,
            now=ports.clock(),
        )
        if intent is None or intent.status is IntentStatus.CANCELED:
            await _end(opened.attempt, ports)
            continue
        return await _hand_out(intent, opened, ports)
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


async def _booking_payment(booking_id: UUID, uow: UnitOfWork) -> Payment:
    payments = await uow.payments.of_booking(booking_id, lock=True)
    return next(each for each in payments if each.purpose is PaymentPurpose.BOOKING)


def _require_payable(booking: Booking, ports: Ports) -> None:
    if not booking.is_payable(at=ports.clock()):
        raise InvalidTransitionError(
            booking.booking_number, booking.status, BookingStatus.CONFIRMED
        )


async def _end(attempt: PaymentAttempt, ports: Ports) -> None:
    async with ports.unit_of_work() as uow:
        await uow.bookings.get(attempt.booking_id, lock=True)
        for each in await uow.payments.attempts(attempt.booking_id):
            if each.id == attempt.id and each.state is AttemptState.LIVE:
                await uow.payments.save_attempt(replace(each, state=AttemptState.ENDED))
        await uow.commit()


async def _hand_out(intent: PaymentIntent, opened: _Open, ports: Ports) -> PaymentIntent:
    """Store whose intent it is. A booking that ended meanwhile gets its intent cancelled."""
    async with ports.unit_of_work() as uow:
        booking = await uow.bookings.get(opened.booking.id, lock=True)
        still_open = booking.is_payable(at=ports.clock())
        if still_open and opened.attempt.intent_id is None:
            await uow.payments.save_attempt(replace(opened.attempt, intent_id=intent.id))
        await uow.commit()
    if not still_open:
        await ports.payments.cancel_intent(intent.id)
        _require_payable(booking, ports)
    return intent
