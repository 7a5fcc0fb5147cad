"""A booking of their account, as its customer sees it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.bookings.show_own_booking import OwnBooking
from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.schemas.cancellation import CancellationOfferResponse
from totetaxi_http.schemas.delivery import DeliveryLegResponse, DeliveryProofResponse
from totetaxi_http.schemas.reschedule import WaitingRescheduleResponse


@attrs.frozen(kw_only=True)
class CardResponse:
    """What tells a card from others."""

    brand: str
    last_four: str


@attrs.frozen(kw_only=True)
class OwnPaymentResponse:
    """A payment of the booking. `refunded_cents` of it have gone back already."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "purpose": "booking",
        "status": "succeeded",
        "amount_cents": 99_500,
        "refunded_cents": 0,
        "card": {"brand": "visa", "last_four": "4242"},
        "created_at": "2026-11-25T15:02:00Z",
        "completed_at": "2026-11-25T15:04:10Z",
    }

    purpose: PaymentPurpose
    status: PaymentStatus
    amount_cents: int
    refunded_cents: int
    card: CardResponse | None
    created_at: datetime
    completed_at: datetime | None

    @classmethod
    def from_payment(cls, payment: Payment, *, refunded_cents: int) -> Self:
        return cls(
            purpose=payment.purpose,
            status=payment.status,
            amount_cents=payment.amount_cents,
            refunded_cents=refunded_cents,
            card=_card(payment),
            created_at=payment.created_at,
            completed_at=payment.completed_at,
        )


def _card(payment: Payment) -> CardResponse | None:
    if payment.card_brand is None or payment.card_last_four is None:
        return None
    return CardResponse(brand=payment.card_brand, last_four=payment.card_last_four)


@attrs.frozen(kw_only=True)
class OwnRefundResponse:
    """Money on its way back, or arrived. `updated_at` is when it came to stand as it does."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "5f0c8f0e-6d43-4c0a-9a53-2a8f0e1c7b55",
        "amount_cents": 5_000,
        "status": "sent",
        "created_at": "2026-11-26T10:00:00Z",
        "updated_at": "2026-11-26T10:00:02Z",
    }

    id: UUID
    amount_cents: int
    status: RefundStatus
    created_at: datetime
    updated_at: datetime

    @classmethod
    def from_refund(cls, refund: Refund) -> Self:
        return cls(
            id=refund.id,
            amount_cents=refund.amount_cents,
            status=refund.status,
            created_at=refund.created_at,
            updated_at=refund.updated_at,
        )


@attrs.frozen(kw_only=True)
class OwnBookingResponse(BookingResponse):
    """A booking with its money; `cancellation` is what cancelling now sends back.

    `cancellation` is null once the customer cannot cancel any more. `reschedule` is where it moves
    once the difference is paid, null unless one waits. A refund that staff have not
    granted is not shown. `courier_status` is null unless it is to be driven or was; `tracking_url`
    shows where the driver is, once the courier has the drive. `legs` say the same of each leg.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **CONFIRMED,
        "started_at": None,
        "completed_at": None,
        "courier_status": "assigned",
        "tracking_url": "https://onf.lt/7be01c4d9a",
        "legs": [DeliveryLegResponse.EXAMPLE],
        "proof_of_delivery": [],
        "payments": [OwnPaymentResponse.EXAMPLE],
        "refunds": [OwnRefundResponse.EXAMPLE],
        "cancellation": {"refund_cents": 94_500, "refund_bp": 10_000, "paid_cents": 94_500},
        "reschedule": None,
    }

    started_at: datetime | None
    completed_at: datetime | None
    courier_status: CourierTaskStatus | None
    tracking_url: str | None
    legs: tuple[DeliveryLegResponse, ...]
    proof_of_delivery: tuple[DeliveryProofResponse, ...]
    payments: tuple[OwnPaymentResponse, ...]
    refunds: tuple[OwnRefundResponse, ...]
    cancellation: CancellationOfferResponse | None
    reschedule: WaitingRescheduleResponse | None

    @classmethod
    def from_own(cls, own: OwnBooking, *, public_url: str) -> Self:
        """Return everything the customer may know."""
        booking, offer, waiting = own.booking, own.cancellation, own.reschedule
        told = BookingResponse.from_booking(booking)
        folder_url = f"{public_url}/api/customer/bookings/{booking.id}/documents"
        return cls(
            **attrs.asdict(told, recurse=False),
            started_at=booking.started_at,
            completed_at=booking.completed_at,
            courier_status=own.courier.status,
            tracking_url=own.courier.tracking_url,
            legs=tuple(map(DeliveryLegResponse.of, own.legs)),
            proof_of_delivery=tuple(
                DeliveryProofResponse.of(one, folder_url=folder_url) for one in own.proof
            ),
            payments=tuple(
                OwnPaymentResponse.from_payment(one, refunded_cents=own.refunded_cents(one))
                for one in own.payments
            ),
            refunds=tuple(OwnRefundResponse.from_refund(one) for one in own.refunds),
            cancellation=CancellationOfferResponse.from_offer(offer) if offer else None,
            reschedule=WaitingRescheduleResponse.from_reschedule(waiting) if waiting else None,
        )
