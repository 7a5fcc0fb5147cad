"""The invoice and receipt of a booking of one's account."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get
from litestar.params import FromPath

from totetaxi_core.documents.invoice import read_invoice, read_receipt
from totetaxi_http.customer.booking import BOOKING_ID, PATH
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.documents.paper import PDF_ANSWERS, invoice_answer, receipt_answer
from totetaxi_http.openapi import problems

OPT: Final = {"path_examples": BOOKING_ID, "answers": PDF_ANSWERS}


@get(
    f"{PATH}/invoice",
    opt=OPT,
    security=SECURITY,
    responses=problems(codes=("booking_not_found", *REFUSALS)),
)
async def own_invoice(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print what a booking of the account costs, and what was paid and sent back."""
    owner = customer_caller(request).customer.id
    return await invoice_answer(
        await read_invoice(booking_id, state.ports, customer_id=owner), state.terms
    )


@get(
    f"{PATH}/receipt",
    opt=OPT,
    security=SECURITY,
    responses=problems(codes=("booking_not_found", "nothing_paid", *REFUSALS)),
)
async def own_receipt(
    booking_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> Response[bytes]:
    """Print the receipt of a booking of the account, once something was paid."""
    owner = customer_caller(request).customer.id
    return await receipt_answer(
        await read_receipt(booking_id, state.ports, customer_id=owner), state.terms
    )
