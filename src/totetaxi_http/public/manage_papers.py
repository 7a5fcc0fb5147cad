"""A guest's own invoice and receipt, by manage token."""

from typing import Any, Final

from litestar import Request, Response, get

from totetaxi_core.bookings.look_up import look_up_managed
from totetaxi_core.documents.invoice import read_invoice, read_receipt
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.documents.paper import PDF_ANSWERS, invoice_answer, receipt_answer
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems

OPT: Final = {"rate_limit": "lookup", "answers": PDF_ANSWERS}
REFUSALS: Final = ("invalid_manage_token", "booking_not_found", "database_unavailable")


@get("/manage/invoice", opt=OPT, security=SECURITY, responses=problems(codes=REFUSALS))
async def manage_invoice(request: Request[Any, Any, Any], state: ServiceState) -> Response[bytes]:
    """Print what the booking of the `X-Manage-Token` costs, and what was paid and sent back."""
    booking = await look_up_managed(manage_token_of(request), state.ports, state.terms)
    return await invoice_answer(await read_invoice(booking.id, state.ports), state.terms)


@get(
    "/manage/receipt",
    opt=OPT,
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "nothing_paid")),
)
async def manage_receipt(request: Request[Any, Any, Any], state: ServiceState) -> Response[bytes]:
    """Print the receipt of the booking of the `X-Manage-Token`, once something was paid."""
    booking = await look_up_managed(manage_token_of(request), state.ports, state.terms)
    return await receipt_answer(await read_receipt(booking.id, state.ports), state.terms)
