"""Book: store the booking first, then ask Stripe for the intent to pay it, or charge a card."""

from dataclasses import dataclass, replace

from totetaxi_core.bookings.booking import GUEST, Booking, InvalidTransitionError
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.bookings.end_unpaid import end_unpaid
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.pay_stored import Paying, PaymentFailure, charge_card, open_payment
from totetaxi_core.bookings.place_booking import PlacedBooking, place_booking
from totetaxi_core.payments.confirm_payment import PaymentIncompleteError
from totetaxi_core.payments.gateway import PaymentIntent
from totetaxi_core.payments.payable import PaymentUnderWayError
from totetaxi_core.ports import Ports, Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """The booking and how to pay it.

    `intent` is None when nothing is to pay, was not asked for, or could not be had, which
    `payment_error` tells; `decline_message` is the bank's sentence for the payer. `is_repeat`: the
    same cart was booked before; `is_anothers`: but not by, or for, whoever orders it now, so that
    nothing personal of it may be told.
    """

    booking: Booking
    intent: PaymentIntent | None
    payment_error: PaymentFailure | None
    is_repeat: bool
    is_replay: bool
    is_anothers: bool = False
    decline_message: str | None = None


async def book(order: Order, ports: Ports, terms: Terms) -> Booked:
    """Book and, if wanted, open the payment or charge the order's card.

    A booking that was stored stands whatever follows.

    Raises:
        DomainError: each that `place_booking` raises; then nothing was stored.
    """
    placed = await place_booking(order, ports, terms)
    if placed.is_lapsed:
        # Its sweep is due: end it now, so that the same cart can be booked afresh.
        await end_unpaid(placed.booking.id, ports, terms, reason=CancellationReason.PAYMENT_TIMEOUT)
        placed = await place_booking(order, ports, terms)
    try:
        paying = await _pay(placed, order, ports, terms)
    except (InvalidTransitionError, PaymentUnderWayError, PaymentIncompleteError):
        # It was paid, or ended, while we were at Stripe: it is answered as it now stands.
        paying = Paying(is_past=True)
    await _release_key(order, ports)
    return Booked(
        booking=await _present(placed.booking, ports) if paying.is_past else placed.booking,
        intent=paying.intent,
        payment_error=paying.failure,
        decline_message=paying.decline_message,
        is_repeat=placed.is_repeat,
        is_replay=placed.is_replay,
        is_anothers=_is_anothers(placed, order),
    )


def _is_anothers(placed: PlacedBooking, order: Order) -> bool:
    first = placed.booking
    if not placed.is_repeat:
        return False
    if order.customer_id is not None:
        return first.customer_id != order.customer_id
    # A guest's booking is a guest's still, whichever account it went into by its address.
    return first.customer_id is not None and first.placed_by != GUEST


async def _present(booking: Booking, ports: Ports) -> Booking:
    async with ports.unit_of_work() as uow:
        return await uow.bookings.get(booking.id)


async def _pay(placed: PlacedBooking, order: Order, ports: Ports, terms: Terms) -> Paying:
    if not placed.booking.is_payable(at=ports.clock()) or _is_anothers(placed, order):
        return Paying()
    booking_id, card_id = placed.booking.id, order.payment_method_id
    if card_id is None or order.customer_id is None or _has_moved(placed.booking, order):
        return await open_payment(booking_id, ports, terms) if order.wants_intent else Paying()
    return await charge_card(booking_id, card_id, ports, terms, customer_id=order.customer_id)


def _has_moved(booking: Booking, order: Order) -> bool:
    """Tell whether it waits in another slot by now, whose price the order does not agree to."""
    there, wanted = booking.quote.request, order.request
    return (there.pickup_date, there.pickup_time) != (wanted.pickup_date, wanted.pickup_time)


async def _release_key(order: Order, ports: Ports) -> None:
    """End the key's lease: from now on a replay is answered at once."""
    if order.idempotency_key is None:
        return
    async with ports.unit_of_work() as uow:
        record = await uow.idempotency.find(order.idempotency_key, now=ports.clock())
        if record is not None:
            await uow.idempotency.save(replace(record, leased_until=None))
            await uow.commit()
