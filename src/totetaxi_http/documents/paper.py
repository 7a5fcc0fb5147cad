"""A paper on its way out: a PDF, printed as it is asked for."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from litestar import Response
from litestar.openapi.spec import (
    Example,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from totetaxi_adapters.papers import Letterhead, print_invoice, print_receipt
from totetaxi_core.documents.invoice import Invoice
from totetaxi_core.ports import Terms

PDF: Final = "application/pdf"
PDF_ANSWERS: Final[Mapping[str, OpenAPIResponse]] = {
    "200": OpenAPIResponse(
        description="The paper, as a PDF",
        headers={
            "Content-Disposition": OpenAPIHeader(
                description="`inline`, with a name for the file.",
                schema=Schema(type=OpenAPIType.STRING),
            )
        },
        content={
            PDF: OpenAPIMediaType(
                schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY),
                examples={"example": Example(value="(the bytes of the PDF)")},
            )
        },
    )
}


async def invoice_answer(invoice: Invoice, terms: Terms) -> Response[bytes]:
    """Return the invoice on paper."""
    name = f"invoice-{invoice.booking.booking_number}.pdf"
    return await pdf_answer(
        lambda: print_invoice(invoice, Letterhead.of(terms), terms.zone), name=name
    )


async def receipt_answer(receipt: Invoice, terms: Terms) -> Response[bytes]:
    """Return the receipt on paper."""
    name = f"receipt-{receipt.booking.booking_number}.pdf"
    return await pdf_answer(
        lambda: print_receipt(receipt, Letterhead.of(terms), terms.zone), name=name
    )


async def pdf_answer(print_paper: Callable[[], bytes], *, name: str) -> Response[bytes]:
    """Print beside the event loop, and return the PDF under a name of ASCII letters."""
    return Response(
        await asyncio.to_thread(print_paper),
        media_type=PDF,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
