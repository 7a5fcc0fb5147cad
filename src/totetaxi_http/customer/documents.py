"""The files on a booking of one's account."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from totetaxi_core.bookings.owner import booking_of_customer
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.download_document import find_document
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.documents.remove_document import remove_document
from totetaxi_core.documents.upload_document import upload_document
from totetaxi_http.customer.booking import BOOKING_ID
from totetaxi_http.customer.booking import PATH as BOOKING
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.documents.download import DOWNLOAD_REFUSALS, FILE_ANSWERS, file_answer
from totetaxi_http.documents.upload import (
    FORM,
    MAX_BODY_BYTES,
    OWN_REMOVAL_REFUSALS,
    OWN_UPLOAD_REFUSALS,
    REPEATED,
    kept_answer,
    read_upload,
)
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.document import (
    DOCUMENT_ID,
    DocumentRemovedResponse,
    DocumentResponse,
    DocumentsResponse,
)
from totetaxi_http.wire.response import WireResponse

PATH: Final = f"{BOOKING}/documents"
ONE: Final = f"{PATH}/{{document_id:uuid}}"
EXAMPLES: Final = {**BOOKING_ID, "document_id": DOCUMENT_ID}
NOT_FOUND: Final = (*REFUSALS, "booking_not_found")

Asking = Request[Any, Any, Any]


@get(
    PATH, opt={"path_examples": BOOKING_ID}, security=SECURITY, responses=problems(codes=NOT_FOUND)
)
async def own_documents(
    booking_id: FromPath[UUID], request: Asking, state: ServiceState
) -> DocumentsResponse:
    """List the files on a booking of the account, oldest first."""
    found = await list_documents(booking_id, state.ports, by=_caller(request))
    return DocumentsResponse.for_customers(found)


@post(
    PATH,
    status_code=201,
    opt={"rate_limit": "booking", "path_examples": BOOKING_ID, "raw_body": FORM},
    request_max_body_size=MAX_BODY_BYTES,
    security=SECURITY,
    responses={
        200: REPEATED,
        **problems(codes=(*NOT_FOUND, *OWN_UPLOAD_REFUSALS)),
    },
)
async def own_document_upload(
    booking_id: FromPath[UUID], request: Asking, state: ServiceState
) -> WireResponse[DocumentResponse]:
    """Put a file on a booking of the account, of at most 20, until that is over.

    What it is is told by its content, whatever its name and type say. The same content again is
    kept once.
    """
    caller = _caller(request)
    async with state.ports.unit_of_work() as uow:  # strangers are refused before a body is read
        await booking_of_customer(booking_id, customer_caller(request).customer.id, uow)
    upload = await read_upload(request)
    kept = await upload_document(booking_id, upload, state.ports, by=caller)
    return kept_answer(kept, DocumentResponse.from_document(kept.document).for_customers())


@get(
    ONE,
    opt={"path_examples": EXAMPLES, "answers": FILE_ANSWERS},
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, *DOWNLOAD_REFUSALS)),
)
async def own_document(
    booking_id: FromPath[UUID],
    document_id: FromPath[UUID],
    request: Asking,
    state: ServiceState,
) -> Response[Any]:
    """Download a file on a booking of the account."""
    found = await find_document(booking_id, document_id, state.ports, by=_caller(request))
    return await file_answer(found, state.ports)


@delete(
    ONE,
    status_code=200,
    opt={"rate_limit": "booking", "path_examples": EXAMPLES},
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, *OWN_REMOVAL_REFUSALS)),
)
async def own_document_remove(
    booking_id: FromPath[UUID],
    document_id: FromPath[UUID],
    request: Asking,
    state: ServiceState,
) -> DocumentRemovedResponse:
    """Remove a file you put on a booking of the account, until that is completed."""
    await remove_document(booking_id, document_id, state.ports, by=_caller(request))
    return DocumentRemovedResponse()


def _caller(request: Asking) -> Caller:
    return Caller.customer(customer_caller(request).customer.id)
