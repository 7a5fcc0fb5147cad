"""Our own link to pay a booking."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

import attrs

from totetaxi_core.payments.open_payment_link import RenewedLink


@attrs.frozen(kw_only=True)
class PaymentLinkResponse:
    """Good until the hold ends. `has_replaced`: a page the payer may have had open is closed."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_number": "TT-7K3M9QXA",
        "url": "https://api.totetaxi.com/api/public/pay?manage_token=C5xPbjpXTR6aZF-LLH0ekA.mR4v0",
        "lapses_at": "2026-11-26T15:02:00Z",
        "has_replaced": False,
    }

    booking_number: str
    url: str
    lapses_at: datetime
    has_replaced: bool

    @classmethod
    def from_link(cls, link: RenewedLink) -> Self:
        return cls(
            booking_number=link.booking.booking_number,
            url=link.url,
            lapses_at=link.lapses_at,
            has_replaced=link.has_replaced,
        )
