"""Find payments at the desk, newest first, a page at a time, each with its booking's number."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.payments.payment import Payment, PaymentPurpose, PaymentStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPayment:
    """A payment, and the number of its booking."""

    payment: Payment
    booking_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """Which payments; what is None does not matter. `created_until` is not included."""

    status: PaymentStatus | None = None
    purpose: PaymentPurpose | None = None
    booking_id: UUID | None = None
    created_from: datetime | None = None
    created_until: datetime | None = None


class PaymentDesk(Protocol):
    """Reads payments for staff, in its unit of work's transaction."""

    async def page(
        self,
        wanted: PaymentFilter,
        *,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundPayment, ...]:
        """Return payments newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


async def find_payments(
    desk: PaymentDesk,
    wanted: PaymentFilter,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[FoundPayment]:
    """Return at most `limit` payments, the newest, or next to a place."""
    found = await desk.page(wanted, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)
