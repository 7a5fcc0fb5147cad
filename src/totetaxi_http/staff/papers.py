"""The papers of a booking and of a day, for staff."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from totetaxi_adapters.papers import Letterhead, print_bill_of_lading, print_day_sheets
from totetaxi_core.documents.bill_of_lading import read_bill_of_lading
from totetaxi_core.documents.invoice import read_invoice, read_receipt
from totetaxi_core.logistics.plan_day import plan_day
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.documents.paper import (
    PDF_ANSWERS,
    invoice_answer,
    pdf_answer,
    receipt_answer,
)
from totetaxi_http.openapi import problems
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller

PATH: Final = "/documents/bookings/{booking_id:uuid}"
OPT: Final = {
    PERMISSION: Permission.READ_BOOKINGS,
    "path_examples": BOOKING_ID,
    "answers": PDF_ANSWERS,
}
NOT_FOUND: Final = (*REFUSALS, "booking_not_found")


@get(f"{PATH}/invoice", opt=OPT, security=SECURITY, responses=problems(codes=NOT_FOUND))
async def invoice(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print what a booking costs, and what was paid and sent back."""
    found = await read_invoice(booking_id, staff_caller(request).ports)
    return await invoice_answer(found, state.terms)


@get(
    f"{PATH}/receipt",
    opt=OPT,
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "nothing_paid")),
)
async def receipt(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print the receipt of a booking, once something was paid."""
    found = await read_receipt(booking_id, staff_caller(request).ports)
    return await receipt_answer(found, state.terms)


@get(
    f"{PATH}/bill-of-lading",
    opt=OPT,
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "invalid_transition")),
)
async def bill_of_lading(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print what the crew carries, from whom to whom, with room for the signatures.

    409 `invalid_transition` for a booking that is pending or cancelled.
    """
    bill, terms = await read_bill_of_lading(booking_id, staff_caller(request).ports), state.terms
    return await pdf_answer(
        lambda: print_bill_of_lading(bill, Letterhead.of(terms), terms.zone),
        name=f"bill-of-lading-{bill.booking.booking_number}.pdf",
    )


@get(
    "/documents/day-sheets/{plan_on:date}",
    opt={
        PERMISSION: Permission.DISPATCH,
        "path_examples": {"plan_on": "2026-12-01"},
        "answers": PDF_ANSWERS,
    },
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "planner_unavailable")),
)
async def day_sheets(
    plan_on: FromPath[date], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print a sheet per crew for a date of New York: where to be when, and what to carry.

    Its last sheet names the bookings no crew can drive.
    """
    ports, terms = staff_caller(request).ports, state.terms
    plan = await plan_day(plan_on, ports, terms)
    return await pdf_answer(
        lambda: print_day_sheets(plan, Letterhead.of(terms), terms.zone, printed_at=ports.clock()),
        name=f"day-sheets-{plan_on.isoformat()}.pdf",
    )
