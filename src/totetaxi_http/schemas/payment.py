"""A payment as staff see it."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self
from uuid import UUID

import attrs

from totetaxi_core.payments.find_payments import FoundPayment
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus


@attrs.frozen(kw_only=True)
class FoundPaymentResponse:
    """The charge and the card are known once it succeeded; `completed_at` is when it did."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "id": "2f1d7c3a-9b4e-4a52-8d6f-0c5e7b9a1d34",
        "booking_id": "0b9c4f6e-3a57-4d1e-9a64-5f8b2c7d1e90",
        "booking_number": "TT-7K3M9QXA",
        "purpose": "booking",
        "status": "succeeded",
        "amount_cents": 99_500,
        "customer_email": "ada@example.com",
        "stripe_charge_id": "ch_3Qx1ZK2eZvKYlo2C",
        "card_brand": "visa",
        "card_last_four": "4242",
        "created_at": "2026-11-25T15:00:02Z",
        "updated_at": "2026-11-25T15:04:10Z",
        "completed_at": "2026-11-25T15:04:10Z",
    }

    id: UUID
    booking_id: UUID
    booking_number: str
    purpose: PaymentPurpose
    status: PaymentStatus
    amount_cents: int
    customer_email: str
    stripe_charge_id: str | None
    card_brand: str | None
    card_last_four: str | None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None

    @classmethod
    def from_found(cls, found: FoundPayment) -> Self:
        payment = found.payment
        return cls(
            id=payment.id,
            booking_id=payment.booking_id,
            booking_number=found.booking_number,
            purpose=payment.purpose,
            status=payment.status,
            amount_cents=payment.amount_cents,
            customer_email=payment.customer_email,
            stripe_charge_id=payment.stripe_charge_id,
            card_brand=payment.card_brand,
            card_last_four=payment.card_last_four,
            created_at=payment.created_at,
            updated_at=payment.updated_at,
            completed_at=payment.completed_at,
        )
