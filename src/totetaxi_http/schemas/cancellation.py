"""What cancelling sends back."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

import attrs

from totetaxi_core.bookings.cancel_booking import CancellationOffer
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.wire.constraints import Whole


@attrs.frozen(kw_only=True)
class CancellationOfferResponse:
    """`refund_cents` comes back: `refund_bp` basis points of `paid_cents`, rounded down.

    `paid_cents` is what was paid, less what is on its way back already.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "refund_cents": 49_750,
        "refund_bp": 5_000,
        "paid_cents": 99_500,
    }

    refund_cents: int
    refund_bp: int
    paid_cents: int

    @classmethod
    def from_offer(cls, offer: CancellationOffer) -> Self:
        return cls(
            refund_cents=offer.refund_cents,
            refund_bp=offer.refund_bp,
            paid_cents=offer.paid_cents,
        )


@attrs.frozen(kw_only=True)
class CancellationBody:
    """The refund that was shown, so that nothing else can come back than what was agreed to."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"expected_refund_cents": 49_750}

    expected_refund_cents: Annotated[int, Whole(minimum=0)]


@attrs.frozen(kw_only=True)
class CancellationResponse:
    """The booking, cancelled."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "message": "Your booking is cancelled.",
        "booking": {
            **CONFIRMED,
            "status": "cancelled",
            "updated_at": "2026-11-29T18:20:00Z",
            "cancelled_at": "2026-11-29T18:20:00Z",
            "cancellation_reason": "customer",
        },
    }

    message: str
    booking: BookingResponse
