"""Staff confirm a booking in cash, start it, complete it, cancel it."""

from typing import Any
from uuid import UUID

from litestar import Request, put
from litestar.params import FromPath, JSONBody

from totetaxi_core.bookings.advance_booking import complete_booking, start_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.cancel_booking import Cancelling, cancel_booking
from totetaxi_core.bookings.confirm_in_cash import confirm_in_cash
from totetaxi_core.bookings.status_change import StatusChange
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.require_permission import require_permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.if_match import IF_MATCH, seen_versions
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.booking import ETAG, BookingResponse, etag
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.status_change import StatusChangeBody, StatusChangeResponse, TargetStatus
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import (
    OR_PERMISSION,
    PERMISSION,
    REFUSALS,
    SECURITY,
    TAKES_PERMISSION,
    staff_caller,
)
from totetaxi_http.wire.response import WireResponse


@put(
    "/bookings/{booking_id:uuid}/status",
    opt={
        PERMISSION: Permission.EDIT_BOOKINGS,
        OR_PERMISSION: Permission.CONFIRM_IN_CASH,
        "rate_limit": "booking",
        "headers": (IF_MATCH,),
        "path_examples": BOOKING_ID,
    },
    response_headers=(ETAG,),
    security=SECURITY,
    responses=problems(
        codes=(
            "invalid",
            *REFUSALS,
            "booking_not_found",
            "invalid_transition",
            "refund_changed",
            "payment_under_way",
            "stale_version",
            "payment_unavailable",
            "payment_misconfigured",
        )
    ),
)
async def booking_status(
    booking_id: FromPath[UUID],
    data: JSONBody[StatusChangeBody],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> WireResponse[StatusChangeResponse]:
    """Move a booking to another status; who did it, and why, goes on record.

    `confirmed` needs the permission `confirm_in_cash`, every other status `edit_bookings`. Of two
    who change the same `ETAG` at once the second is answered 412. 409 `refund_changed` has what
    comes back as `cancellation`.
    """
    caller = staff_caller(request)
    in_cash = data.status is TargetStatus.CONFIRMED
    needed = Permission.CONFIRM_IN_CASH if in_cash else Permission.EDIT_BOOKINGS
    request.state[TAKES_PERMISSION] = needed
    await require_permission(caller.account, needed, caller.ports)
    with with_rule_faults(data, state):
        data.check()
    change = StatusChange(
        booking_id=booking_id,
        staff_name=caller.account.username,
        notes=data.notes,
        seen_versions=seen_versions(request, version=data.version),
    )
    changed = await _changed(change, data, caller.ports, state.terms)
    stands = changed.status.replace("_", " ")
    body = StatusChangeResponse(
        message=f"{changed.booking_number} is {stands}.",
        booking=BookingResponse.from_booking(changed),
    )
    return WireResponse(body, headers=etag(changed))


async def _changed(
    change: StatusChange, data: StatusChangeBody, ports: Ports, terms: Terms
) -> Booking:
    match data.status:
        case TargetStatus.CONFIRMED:
            return await confirm_in_cash(change, ports, terms)
        case TargetStatus.IN_PROGRESS:
            return await start_booking(change, ports, terms)
        case TargetStatus.COMPLETED:
            return await complete_booking(change, ports, terms)
        case TargetStatus.CANCELLED:
            expected_cents = data.expected_refund_cents or 0
            cancelling = Cancelling(
                booking_id=change.booking_id,
                staff_name=change.staff_name,
                notes=change.notes,
                seen_versions=change.seen_versions,
            )
            return (
                await cancel_booking(cancelling, ports, terms, expected_refund_cents=expected_cents)
            ).booking
