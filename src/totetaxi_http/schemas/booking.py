"""A booking as those who may see it see it, and as anybody may."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import ClassVar, Self
from uuid import UUID

import attrs
from litestar.datastructures import ResponseHeader

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus, CancellationReason
from totetaxi_core.catalog import ServiceType
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.follow_booking import FollowedBooking
from totetaxi_core.money import dollars
from totetaxi_core.payments.gateway import IntentStatus, PaymentIntent
from totetaxi_http.schemas.address import DELIVERY_ADDRESS, AddressFields
from totetaxi_http.schemas.preview import LineResponse

ETAG = ResponseHeader(
    name="ETag", documentation_only=True, description='The booking\'s version, such as `"1"`.'
)


@attrs.frozen(kw_only=True)
class BookingResponse:
    """Everything about a booking, for its owner and for staff."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K3M9QXA",
        "status": "pending",
        "service_type": "mini_move",
        "pickup_date": "2026-12-01",
        "pickup_time": "09:30",
        "estimated_hours": 2,
        "total_price_cents": 99_500,
        "total_price_dollars": "995.00",
        "breakdown": [LineResponse.EXAMPLE],
        "price_book_version": 1,
        "pickup_address": AddressFields.EXAMPLE,
        "delivery_address": DELIVERY_ADDRESS,
        "item_description": "",
        "special_instructions": "",
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "phone": "+12127365000",
        "hold_expires_at": "2026-11-25T15:32:00Z",
        "created_at": "2026-11-25T15:02:00Z",
        "updated_at": "2026-11-25T15:02:00Z",
        "confirmed_at": None,
        "cancelled_at": None,
        "cancellation_reason": None,
    }

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
        quote, contact, delivery = booking.quote, booking.contact, booking.delivery_address
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
            first_name=contact.first_name,
            last_name=contact.last_name,
            email=contact.email,
            phone=contact.phone,
            hold_expires_at=booking.hold_expires_at,
            created_at=booking.created_at,
            updated_at=booking.updated_at,
            confirmed_at=booking.confirmed_at,
            cancelled_at=booking.cancelled_at,
            cancellation_reason=booking.cancellation_reason,
        )

    def of_the_cart(self) -> Self:
        """Return only what whoever knows the cart knows: the rest needs the manage token."""
        delivery = self.delivery_address
        return attrs.evolve(
            self,
            pickup_address=self.pickup_address.without_what_guides_the_driver(),
            delivery_address=delivery and delivery.without_what_guides_the_driver(),
            item_description="",
            special_instructions="",
            first_name=None,
            last_name=None,
            phone=None,
        )


CONFIRMED: Mapping[str, object] = {
    **BookingResponse.EXAMPLE,
    "status": "confirmed",
    "hold_expires_at": None,
    "updated_at": "2026-11-25T15:04:10Z",
    "confirmed_at": "2026-11-25T15:04:10Z",
}
"""The example, once it is paid."""


@attrs.frozen(kw_only=True)
class BookingStatusResponse:
    """What anybody with the number may know: nothing personal."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_number": "TT-7K3M9QXA",
        "status": "confirmed",
        "service_type": "mini_move",
        "pickup_date": "2026-12-01",
        "pickup_time": "09:30",
        "courier_status": "assigned",
        "created_at": "2026-11-25T15:02:00Z",
        "updated_at": "2026-11-25T15:04:10Z",
        "confirmed_at": "2026-11-25T15:04:10Z",
        "started_at": None,
        "completed_at": None,
        "cancelled_at": None,
    }

    booking_number: str
    status: BookingStatus
    service_type: ServiceType
    pickup_date: date
    pickup_time: time
    courier_status: CourierTaskStatus | None
    created_at: datetime
    updated_at: datetime
    confirmed_at: datetime | None
    started_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None

    @classmethod
    def from_followed(cls, followed: FollowedBooking) -> Self:
        booking, courier = followed.booking, followed.courier
        request = booking.quote.request
        return cls(
            booking_number=booking.booking_number,
            status=booking.status,
            service_type=request.service_type,
            pickup_date=request.pickup_date,
            pickup_time=request.pickup_time,
            courier_status=courier.status,
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

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "client_secret": "pi_3SXk2eFq8LmT4vWz_secret_c0Zt5RkYw1",
        "payment_intent_id": "pi_3SXk2eFq8LmT4vWz",
        "status": "requires_payment_method",
    }

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
