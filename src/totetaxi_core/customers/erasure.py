"""What is left of an account, a booking, a payment and a refund once its person is forgotten.

What money moved, when, and for which service stays. Source: docs/customers.md, "Deletion".
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.customers.customer import Customer, PreferredPickupTime
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.zip_code import FIVE
from totetaxi_core.payments.payment import Payment
from totetaxi_core.payments.refund import STRIPE, SYSTEM, Refund
from totetaxi_core.pricing import LineKind, Quote, QuoteLine

ERASED: Final = "erased"
NOBODY: Final = Contact(first_name="", last_name="", email="", phone="")
"""Whom an erased booking was for; no letter is sent there."""


def erased_account(customer: Customer, *, at: datetime) -> Customer:
    """Return the account without its person, and without any login."""
    return replace(
        customer,
        email="",
        first_name="",
        last_name="",
        phone="",
        password_hash="",
        preferred_pickup_time=PreferredPickupTime.MID_MORNING,
        email_notifications=False,
        sms_notifications=False,
        stripe_customer_id=None,
        token_version=customer.token_version + 1,
        updated_at=at,
        deleted_at=at,
    )


def erased_booking(booking: Booking, *, at: datetime) -> Booking:
    """Return the booking without its person: of its addresses city, state and five digits stay."""
    delivery = booking.delivery_address
    return replace(
        booking,
        contact=NOBODY,
        pickup_address=_area(booking.pickup_address),
        delivery_address=None if delivery is None else _area(delivery),
        item_description="",
        special_instructions="",
        # It was made from address and e-mail.
        cart_key=f"{ERASED}:{booking.id}",
        quote=erased_quote(booking.quote),
        updated_at=at,
        version=booking.version + 1,
    )


def erased_quote(quote: Quote) -> Quote:
    """Return the quote without the last four digits of its ZIPs, and without staff's own words."""
    request, adjustment = quote.request, quote.request.adjustment
    return replace(
        quote,
        request=replace(
            request,
            pickup_zip=request.pickup_zip[:FIVE],
            delivery_zip=request.delivery_zip and request.delivery_zip[:FIVE],
            adjustment=adjustment and replace(adjustment, reason=ERASED),
        ),
        lines=tuple(_erased_line(line) for line in quote.lines),
    )


def erased_payment(payment: Payment) -> Payment:
    return replace(payment, customer_email="")


def erased_refund(refund: Refund) -> Refund:
    """Return the refund without the words of whoever asked for it; our own reasons stay.

    So does the instant of its last change, which is when its money moved.
    """
    if refund.requested_by in (SYSTEM, STRIPE):
        return refund
    return replace(refund, reason=ERASED)


def _area(address: Address) -> Address:
    return Address(
        address_line_1=ERASED,
        city=address.city,
        state=address.state,
        zip_code=address.zip_code[:FIVE],
    )


def _erased_line(line: QuoteLine) -> QuoteLine:
    return replace(line, label=ERASED) if line.kind is LineKind.ADJUSTMENT else line
