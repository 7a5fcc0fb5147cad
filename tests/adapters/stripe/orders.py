"""Orders of made-up bookings, and a gateway onto a sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from totetaxi_adapters.stripe import StripeBounds, StripePaymentGateway
from totetaxi_core.payments.checkout import SessionOrder
from totetaxi_core.payments.gateway import IntentOrder, RefundOrder

HASTY: Final = StripeBounds(timeout_s=5)


def intent_order(*, attempt: int = 1, amount_cents: int = 99_500) -> IntentOrder:
    return IntentOrder(
        booking_id=uuid4(),
        booking_number="TT-7K3M9QXA",
        payment_id=uuid4(),
        attempt=attempt,
        amount_cents=amount_cents,
        receipt_email="ann@example.com",
    )


def session_order(
    *, expires_at: datetime, attempt: int = 1, amount_cents: int = 99_500
) -> SessionOrder:
    return SessionOrder(
        booking_id=uuid4(),
        booking_number="TT-7K3M9QXA",
        payment_id=uuid4(),
        attempt=attempt,
        amount_cents=amount_cents,
        receipt_email="ann@example.com",
        expires_at=expires_at,
    )


def refund_order(
    intent_id: str, amount_cents: int, *, refund_id: UUID | None = None
) -> RefundOrder:
    return RefundOrder(
        refund_id=refund_id or uuid4(),
        booking_id=uuid4(),
        intent_id=intent_id,
        amount_cents=amount_cents,
    )


@asynccontextmanager
async def gateway_to(
    api_base: str, *, key: str = "sk_test_any", bounds: StripeBounds = HASTY
) -> AsyncIterator[StripePaymentGateway]:
    gateway = StripePaymentGateway(key, api_base=api_base, bounds=bounds)
    try:
        yield gateway
    finally:
        await gateway.close()
