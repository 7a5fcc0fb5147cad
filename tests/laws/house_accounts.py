"""What a house's rows and its payment provider say of money, crews and codes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.occupancy import occupied
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import RefundStatus

TAKES_CREWS = frozenset({BookingStatus.PENDING, BookingStatus.CONFIRMED})
TAKES_CARDS = frozenset({IntentStatus.REQUIRES_PAYMENT_METHOD, IntentStatus.REQUIRES_ACTION})
COUNTED = frozenset({RefundStatus.APPROVED, RefundStatus.SENT, RefundStatus.SUCCEEDED})


def all_bookings(house: MemoryHouse) -> list[Booking]:
    return list(house.database.bookings.rows.values())


def active_bookings(house: MemoryHouse) -> list[Booking]:
    return [booking for booking in all_bookings(house) if booking.status in TAKES_CREWS]


def crews_needed(house: MemoryHouse) -> Mapping[tuple[date, int], int]:
    """Return how many crews the active bookings occupy, by date and half hour."""
    return Counter(
        (booking.quote.request.pickup_date, half_hour)
        for booking in active_bookings(house)
        for half_hour in occupied(booking, house.terms.schedule)
    )


def handed_out(house: MemoryHouse) -> list[PaymentIntent]:
    """Return the intents whose secret a payer may have: those we stored."""
    known = {row.intent_id for row in house.database.attempts.rows.values()}
    return [intent for intent in house.stripe.intents() if intent.id in known]


def own_payment_statuses(house: MemoryHouse, booking: Booking) -> list[PaymentStatus]:
    """Return those of the payments for the booking itself, without what came twice."""
    payments = house.payments(booking)
    return [each.status for each in payments if each.purpose is PaymentPurpose.BOOKING]


def kept_cents(house: MemoryHouse, booking: Booking) -> int:
    """Return what the booking's payments brought, less what is owed or gone back."""
    paid = [
        payment.amount_cents
        for payment in house.payments(booking)
        if payment.status is PaymentStatus.SUCCEEDED
    ]
    refunds = house.refunds(booking)
    back = [refund.amount_cents for refund in refunds if refund.status in COUNTED]
    return sum(paid) - sum(back)
