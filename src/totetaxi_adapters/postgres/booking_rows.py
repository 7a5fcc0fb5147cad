"""A booking as a row of its table, and back: every column named once each way."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from totetaxi_adapters.postgres.quote_document import (
    code_book_version_from,
    lines_from,
    pricing_fields,
    request_from,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.pricing import Quote


def row_from_booking(booking: Booking) -> dict[str, object]:
    quote, contact = booking.quote, booking.contact
    delivery = booking.delivery_address
    return {
        "id": booking.id,
        "booking_number": booking.booking_number,
        "status": booking.status,
        "service_type": quote.request.service_type,
        "pickup_date": quote.request.pickup_date,
        "pickup_time": quote.request.pickup_time,
        "pickup_at": booking.pickup_at,
        "estimated_hours": quote.estimated_hours,
        "price_book_version": quote.price_book_version,
        "total_cents": quote.total_cents,
        "pricing_fields": pricing_fields(quote),
        "contact_first_name": contact.first_name,
        "contact_last_name": contact.last_name,
        "contact_email": contact.email,
        "contact_phone": contact.phone,
        "customer_id": booking.customer_id,
        "pickup_address": _address_document(booking.pickup_address),
        "delivery_address": None if delivery is None else _address_document(delivery),
        "item_description": booking.item_description,
        "special_instructions": booking.special_instructions,
        "cart_key": booking.cart_key,
        "placed_by": booking.placed_by,
        "hold_expires_at": booking.hold_expires_at,
        "created_at": booking.created_at,
        "updated_at": booking.updated_at,
        "confirmed_at": booking.confirmed_at,
        "started_at": booking.started_at,
        "completed_at": booking.completed_at,
        "cancelled_at": booking.cancelled_at,
        "cancellation_reason": booking.cancellation_reason,
        "version": booking.version,
        "crew_day_ends_at": booking.crew_day_ends_at,
    }


def booking_from_row(row: Row[Any], lines: Sequence[Sequence[Any]] | None) -> Booking:
    """Return the booking of a row and its quote lines, arrays as `quote_document` has them."""
    reason, delivery = row.cancellation_reason, row.delivery_address
    return Booking(
        id=row.id,
        booking_number=row.booking_number,
        status=BookingStatus(row.status),
        quote=quote_from_row(row, lines),
        contact=_contact(row),
        customer_id=row.customer_id,
        pickup_at=row.pickup_at,
        pickup_address=_address(row.pickup_address),
        delivery_address=None if delivery is None else _address(delivery),
        item_description=row.item_description,
        special_instructions=row.special_instructions,
        cart_key=row.cart_key,
        placed_by=row.placed_by,
        hold_expires_at=row.hold_expires_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        confirmed_at=row.confirmed_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        cancelled_at=row.cancelled_at,
        cancellation_reason=None if reason is None else CancellationReason(reason),
        version=row.version,
        crew_day_ends_at=row.crew_day_ends_at,
    )


def quote_from_row(row: Row[Any], lines: Sequence[Sequence[Any]] | None) -> Quote:
    """Return the price a row and its quote lines hold."""
    return Quote(
        request=request_from(
            row.pricing_fields,
            service_type=row.service_type,
            pickup_date=row.pickup_date,
            pickup_time=row.pickup_time,
        ),
        price_book_version=row.price_book_version,
        lines=lines_from(lines),
        total_cents=row.total_cents,
        estimated_hours=row.estimated_hours,
        code_book_version=code_book_version_from(row.pricing_fields),
    )


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        first_name=row.contact_first_name,
        last_name=row.contact_last_name,
        email=row.contact_email,
        phone=row.contact_phone,
    )


def _address_document(address: Address) -> dict[str, object]:
    point = address.point
    return {
        "address_line_1": address.address_line_1,
        "address_line_2": address.address_line_2,
        "city": address.city,
        "state": address.state,
        "zip_code": address.zip_code,
        "delivery_instructions": address.delivery_instructions,
        "point": point and {"latitude": point.latitude, "longitude": point.longitude},
    }


def _address(document: Mapping[str, Any]) -> Address:
    point = document["point"]
    return Address(
        address_line_1=document["address_line_1"],
        address_line_2=document["address_line_2"],
        city=document["city"],
        state=document["state"],
        zip_code=document["zip_code"],
        delivery_instructions=document["delivery_instructions"],
        point=None
        if point is None
        else Point(latitude=point["latitude"], longitude=point["longitude"]),
    )
