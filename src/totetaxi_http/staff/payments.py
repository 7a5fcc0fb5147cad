"""Payments, as staff find them."""

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get

from totetaxi_core.payments.find_payments import FoundPayment, PaymentFilter, find_payments
from totetaxi_core.payments.payment import PaymentPurpose, PaymentStatus
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.payment import FoundPaymentResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.business_day import begin_of, end_of
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class PaymentsQuery:
    """Which payments; the days they were made on are New York's, both included."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"status": "succeeded", "date_from": "2026-11-01"}

    status: PaymentStatus | None = None
    purpose: PaymentPurpose | None = None
    booking_id: UUID | None = None
    date_from: date | None = None
    date_to: date | None = None
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )

    def to_filter(self, zone: tzinfo) -> PaymentFilter:
        return PaymentFilter(
            status=self.status,
            purpose=self.purpose,
            booking_id=self.booking_id,
            created_from=begin_of(self.date_from, zone),
            created_until=end_of(self.date_to, zone),
        )


@attrs.frozen(kw_only=True)
class PaymentsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [FoundPaymentResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[FoundPaymentResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/payments",
    opt={PERMISSION: Permission.READ_PAYMENTS},
    dependencies={"asked": query_of(PaymentsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def payments(
    asked: FromQueryClass[PaymentsQuery], request: Request[Any, Any, Any], state: ServiceState
) -> PaymentsResponse:
    """List payments, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    async with staff_caller(request).ports.unit_of_work() as uow:
        page = await find_payments(
            uow.payment_desk,
            asked.to_filter(state.terms.zone),
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return PaymentsResponse(
        results=tuple(FoundPaymentResponse.from_found(one) for one in page.entries),
        next=Cursor(before=_place(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=_place(page.newest)).url(request, public_url=url),
    )


def _place(found: FoundPayment | None) -> str | None:
    return None if found is None else place_text(found.payment)
