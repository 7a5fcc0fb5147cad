"""Book: store the booking first, then ask Stripe for the intent to pay it."""

from dataclasses import dataclass, replace
from typing import Literal

from totetaxi_core.bookings.booking import Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.bookings.guest_order import GuestOrder
from totetaxi_core.bookings.place_booking import PlacedBooking, place_booking
from totetaxi_core.payments.gateway import (
    PaymentIntent,
    PaymentMisconfiguredError,
    PaymentUnavailableError,
)
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedAsGuest:
    """What the guest gets. `manage_token` is None for a repeat: it was mailed the first time.

    `intent` is None when nothing is to pay, was not asked for, or could not be had, which
    `payment_error` tells.
    """

    booking: Booking
    manage_token: str | None
    intent: PaymentIntent | None
    payment_error: Literal["payment_unavailable"] | None
    is_repeat: bool
    is_replay: bool


async def book_as_guest(order: GuestOrder, ports: Ports, terms: Terms) -> BookedAsGuest:
    """Book and, if wanted, open the payment. A booking that was stored stands whatever follows.

    Raises:
        DomainError: each that `place_booking` raises; then nothing was stored.
    """
    placed = await place_booking(order, ports, terms)
    if placed.is_lapsed:
        # Its sweep is due: end it now, so that the same cart can be booked afresh.
        await end_unpaid(placed.booking.id, ports, terms, reason=CancellationReason.PAYMENT_TIMEOUT)
        placed = await place_booking(order, ports, terms)
    try:
        intent, payment_error = await _open(placed, order, ports, terms)
    except (InvalidTransitionError, PaymentUnderWayError):
        # It was paid, or ended, while we were at Stripe: it is answered as it now stands.
        intent, payment_error = None, None
        placed = replace(placed, booking=await _present(placed.booking, ports))
    await _release_key(order, ports)
    return BookedAsGuest(
        booking=placed.booking,
        manage_token=None if placed.is_repeat else terms.manage_tokens.token(placed.booking.id),
        intent=intent,
        payment_error=payment_error,
        is_repeat=placed.is_repeat,
        is_replay=placed.is_replay,
    )


async def _present(booking: Booking, ports: Ports) -> Booking:
    async with ports.unit_of_work() as uow:
        return await uow.bookings.get(booking.id)


async def _open(
    placed: PlacedBooking, order: GuestOrder, ports: Ports, terms: Terms
) -> tuple[PaymentIntent | None, Literal["payment_unavailable"] | None]:
    if not order.wants_intent or not placed.booking.is_payable(at=ports.clock()):
        return None, None
    try:
        return await open_intent(placed.booking.id, ports, terms), None
    except (PaymentUnavailableError, PaymentMisconfiguredError):
        return None, "payment_unavailable"


async def _release_key(order: GuestOrder, ports: Ports) -> None:
    """End the key's lease: from now on a replay is answered at once."""
    if order.idempotency_key is None:
        return
    async with ports.unit_of_work() as uow:
        record = await uow.idempotency.find(order.idempotency_key, now=ports.clock())
        if record is not None:
            await uow.idempotency.save(replace(record, leased_until=None))
            await uow.commit()
