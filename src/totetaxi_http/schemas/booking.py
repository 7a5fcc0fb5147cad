"""A booking as those who may see it see it, and as anybody may."""

from datetime import date, datetime, time
from typing import Literal, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.money import dollars
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_http.schemas.address import AddressFields
from totetaxi_http.schemas.preview import LineResponse


@attrs.frozen(kw_only=True)
class BookingResponse:
    """Everything about a booking, for its owner and for staff."""

    id: UUID
    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_date: date
    pickup_time: time
    estimated_hours: int
    total_price_cents: int
    total_price_dollars: str
    breakdown: tuple[LineResponse, ...]
    price_book_version: int
    pickup_address: AddressFields
    delivery_address: AddressFields | None
    item_description: str
    special_instructions: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    hold_expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    cancellation_reason: CancellationReason | None

    @classmethod
    def from_booking(cls, booking: Booking) -> Self:
        quote, guest, delivery = booking.quote, booking.guest, booking.delivery_address
        return cls(
            id=booking.id,
            booking_number=booking.booking_number,
            status=booking.status,
            service_type=quote.request.service_type,
            pickup_date=quote.request.pickup_date,
            pickup_time=quote.request.pickup_time,
            estimated_hours=quote.estimated_hours,
            total_price_cents=quote.total_cents,
            total_price_dollars=dollars(quote.total_cents),
            breakdown=tuple([LineResponse.from_line(line) for line in quote.lines]),
            price_book_version=quote.price_book_version,
            pickup_address=AddressFields.from_address(booking.pickup_address),
            delivery_address=AddressFields.from_address(delivery) if delivery else None,
            item_description=booking.item_description,
            special_instructions=booking.special_instructions,
            first_name=guest.first_name if guest else None,
            last_name=guest.last_name if guest else None,
            email=guest.email if guest else None,
            phone=guest.phone if guest else None,
            hold_expires_at=booking.hold_expires_at,
            created_at=booking.created_at,
            updated_at=booking.updated_at,
            confirmed_at=booking.confirmed_at,
            cancelled_at=booking.cancelled_at,
            cancellation_reason=booking.cancellation_reason,
        )


@attrs.frozen(kw_only=True)
class BookingStatusResponse:
    """What anybody with the number may know: nothing personal."""

    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_date: date
    pickup_time: time
    courier_status: Literal["waiting"] | None
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def from_booking(cls, booking: Booking) -> Self:
        request = booking.quote.request
        return cls(
            booking_number=booking.booking_number,
            status=booking.status,
            service_type=request.service_type,
            pickup_date=request.pickup_date,
            pickup_time=request.pickup_time,
            courier_status="waiting" if booking.status is BookingStatus.CONFIRMED else None,
            created_at=booking.created_at,
            updated_at=booking.updated_at,
            confirmed_at=booking.confirmed_at,
            started_at=booking.started_at,
            completed_at=booking.completed_at,
            cancelled_at=booking.cancelled_at,
        )


@attrs.frozen(kw_only=True)
class PaymentResponse:
    """What a browser needs to pay. The secret is for the payer alone."""

    client_secret: str
    payment_intent_id: str
    status: IntentStatus

    @classmethod
    def from_intent(cls, intent: PaymentIntent) -> Self:
        return cls(
            client_secret=intent.client_secret,
            payment_intent_id=intent.id,
            status=intent.status,
        )


def etag(booking: Booking) -> dict[str, str]:
    """Return the header that names the booking's version."""
    return {"ETag": f'"{booking.version}"'}
