"""Refunds: list them, ask for them, approve and reject them."""

from collections.abc import Awaitable, Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.payments.decide_refund import (
    RefundRequest,
    approve_refund,
    reject_refund,
    request_refund_once,
)
from totetaxi_core.payments.find_refunds import FoundRefund, find_refunds
from totetaxi_core.payments.list_refunds import look_up_refund
from totetaxi_core.payments.refund import Refund, RefundStatus
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.idempotency import KEY, REPLAYED, REPLAYED_HEADER, idempotency_key
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.refund import RefundResponse
from totetaxi_http.staff.guard import (
    ABOUT_BOOKING,
    PERMISSION,
    REFUSALS,
    SECURITY,
    StaffCaller,
    staff_caller,
)
from totetaxi_http.wire.constraints import Text, Whole
from totetaxi_http.wire.page import (
    USUAL,
    Cursor,
    PageSize,
    PlaceCursor,
    place_of,
    place_text,
)
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

ROUTE = "staff-refund"
REFUND_ID = RefundResponse.EXAMPLE["id"]
DECISION = {
    PERMISSION: Permission.APPROVE_REFUNDS,
    "rate_limit": "booking",
    "path_examples": {"refund_id": REFUND_ID},
}
DECISION_REFUSALS = (*REFUSALS, "refund_not_found", "invalid_transition")


@attrs.frozen(kw_only=True)
class RefundRequestBody:
    """Without `amount_cents` it is all that is left of a payment of the booking."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "booking_id": RefundResponse.EXAMPLE["booking_id"],
        "amount_cents": 5_000,
        "reason": "a box was wet",
    }

    booking_id: UUID
    reason: Annotated[str, Text(max_length=500)]
    amount_cents: Annotated[int, Whole(minimum=1)] | None = None


@attrs.frozen(kw_only=True)
class RefundsQuery:
    """Which refunds: all, or those that stand so."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"status": "requested"}

    status: RefundStatus | None = None
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class RefundsResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [RefundResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[RefundResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/refunds",
    opt={PERMISSION: Permission.READ_REFUNDS},
    dependencies={"asked": query_of(RefundsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def refunds(
    asked: FromQueryClass[RefundsQuery], request: Request[Any, Any, Any], state: ServiceState
) -> RefundsResponse:
    """List refunds, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    async with staff_caller(request).ports.unit_of_work() as uow:
        page = await find_refunds(
            uow.refund_desk,
            status=asked.status,
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return RefundsResponse(
        results=tuple(
            RefundResponse.from_refund(one.refund, booking_number=one.booking_number)
            for one in page.entries
        ),
        next=Cursor(before=_place(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=_place(page.newest)).url(request, public_url=url),
    )


@post(
    "/refunds",
    opt={
        PERMISSION: Permission.REQUEST_REFUNDS,
        "rate_limit": "booking",
        "headers": (KEY,),
    },
    response_headers=(REPLAYED_HEADER,),
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            *REFUSALS,
            "booking_not_found",
            "refund_exceeds_payment",
            "idempotency_key_reused",
        )
    ),
)
async def refund_request(
    data: JSONBody[RefundRequestBody], request: Request[Any, Any, Any]
) -> WireResponse[RefundResponse]:
    """Ask for a refund of what a booking paid; it is sent once it is approved.

    A refund is of one payment: the first that has `amount_cents` left. A booking that moved to a
    dearer time has two or more, each with a refund of its own; 409 `refund_exceeds_payment` says
    what is left of which.

    An `Idempotency-Key` header (1 to 255 characters) makes a repeated request of the same member
    of staff answer with the same refund, as it now stands, for 24 h, marked
    `Idempotency-Replayed: true`.
    """
    caller = staff_caller(request)
    request.state[ABOUT_BOOKING] = data.booking_id
    key = await idempotency_key(request, route=ROUTE, caller=f"staff:{caller.account.id}")
    wanted = RefundRequest(reason=data.reason, amount_cents=data.amount_cents, idempotency_key=key)
    name = caller.account.username
    asked = await request_refund_once(data.booking_id, wanted, caller.ports, staff_name=name)
    headers = REPLAYED if asked.is_replay else {}
    return WireResponse(await _shown(asked.refund, caller), status_code=201, headers=headers)


@post(
    "/refunds/{refund_id:uuid}/approve",
    status_code=200,
    opt=DECISION,
    security=SECURITY,
    responses=problems(codes=(*DECISION_REFUSALS, "refund_exceeds_payment")),
)
async def approve(refund_id: FromPath[UUID], request: Request[Any, Any, Any]) -> RefundResponse:
    """Approve a refund: it is on its way to Stripe within seconds."""
    caller = staff_caller(request)
    name = caller.account.username
    return await _told(approve_refund(refund_id, caller.ports, staff_name=name), caller)


@post(
    "/refunds/{refund_id:uuid}/reject",
    status_code=200,
    opt=DECISION,
    security=SECURITY,
    responses=problems(codes=DECISION_REFUSALS),
)
async def reject(refund_id: FromPath[UUID], request: Request[Any, Any, Any]) -> RefundResponse:
    """Reject a refund: its amount may be asked for again."""
    caller = staff_caller(request)
    name = caller.account.username
    return await _told(reject_refund(refund_id, caller.ports, staff_name=name), caller)


def _place(found: FoundRefund | None) -> str | None:
    return None if found is None else place_text(found.refund)


async def _told(act: Awaitable[Refund], caller: StaffCaller) -> RefundResponse:
    return await _shown(await act, caller)


async def _shown(refund: Refund, caller: StaffCaller) -> RefundResponse:
    listed = await look_up_refund(refund.id, caller.ports)
    return RefundResponse.from_refund(listed.refund, booking_number=listed.booking_number)
