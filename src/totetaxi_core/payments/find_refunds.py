"""Find refunds at the desk, newest first, a page at a time, each with its booking's number."""

from dataclasses import dataclass
from typing import Protocol

from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.payments.refund import Refund, RefundStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRefund:
    """A refund, and the number of its booking."""

    refund: Refund
    booking_number: str


class RefundDesk(Protocol):
    """Reads refunds for staff, in its unit of work's transaction."""

    async def page(
        self,
        *,
        status: RefundStatus | None,
        before: Place | None = None,
        after: Place | None = None,
        limit: int,
    ) -> tuple[FoundRefund, ...]:
        """Return refunds newest first: the newest, those older than `before`, or the next newer.

        Only one of the two places may be given.
        """
        ...


async def find_refunds(
    desk: RefundDesk,
    *,
    status: RefundStatus | None,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[FoundRefund]:
    """Return at most `limit` refunds, the newest, or next to a place."""
    found = await desk.page(status=status, before=before, after=after, limit=limit + 1)
    return page_of(found, before=before, after=after, limit=limit)
