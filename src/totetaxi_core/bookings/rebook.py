"""Order the same things as an old booking, on another day and at today's prices."""

from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID

from totetaxi_core.bookings.booking import CUSTOMER, Booking
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.repositories import IdempotencyKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebooking:
    """When, and what does not carry over from the old booking.

    Without a `pickup_time` it is the old one's. Its discount code is gone unless given anew, and
    so is what staff took off or added.
    """

    contact: Contact
    pickup_date: date
    pickup_time: time | None
    discount_code: str | None = None
    expected_total_cents: int | None = None
    allow_duplicate: bool = False
    wants_intent: bool = True
    payment_method_id: UUID | None = None
    idempotency_key: IdempotencyKey | None = None


def order_again(booking: Booking, rebooking: Rebooking) -> Order:
    """Return the order of an account's booking once more."""
    request = replace(
        booking.quote.request,
        pickup_date=rebooking.pickup_date,
        pickup_time=rebooking.pickup_time or booking.quote.request.pickup_time,
        discount_code=rebooking.discount_code,
        adjustment=None,
    )
    return Order(
        request=request,
        contact=rebooking.contact,
        pickup_address=booking.pickup_address,
        delivery_address=booking.delivery_address,
        customer_id=booking.customer_id,
        payment_method_id=rebooking.payment_method_id,
        item_description=booking.item_description,
        special_instructions=booking.special_instructions,
        expected_total_cents=rebooking.expected_total_cents,
        allow_duplicate=rebooking.allow_duplicate,
        wants_intent=rebooking.wants_intent,
        idempotency_key=rebooking.idempotency_key,
        placed_by=CUSTOMER,
    )
