"""The files on a guest's own booking, by manage token."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.look_up import look_up_managed
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.download_document import find_document
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.documents.remove_document import remove_document
from totetaxi_core.documents.upload_document import upload_document
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
from totetaxi_http.manage_token import SECURITY, manage_token_of
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.document import (
    DOCUMENT_ID,
    DocumentRemovedResponse,
    DocumentResponse,
    DocumentsResponse,
)
from totetaxi_http.wire.response import WireResponse

PATH: Final = "/manage/documents"
ONE: Final = f"{PATH}/{{document_id:uuid}}"
REFUSALS: Final = ("invalid_manage_token", "booking_not_found", "database_unavailable")
EXAMPLES: Final = {"document_id": DOCUMENT_ID}

Asking = Request[Any, Any, Any]


@get(PATH, opt={"rate_limit": "lookup"}, security=SECURITY, responses=problems(codes=REFUSALS))
async def documents(request: Asking, state: ServiceState) -> DocumentsResponse:
    """List the files on the booking that the `X-Manage-Token` header is for, oldest first."""
    booking = await _booking(request, state)
    found = await list_documents(booking.id, state.ports, by=Caller.guest())
    return DocumentsResponse.for_customers(found)


@post(
    PATH,
    status_code=201,
    opt={"rate_limit": "booking", "raw_body": FORM},
    request_max_body_size=MAX_BODY_BYTES,
    security=SECURITY,
    responses={
        200: REPEATED,
        **problems(codes=(*REFUSALS, *OWN_UPLOAD_REFUSALS)),
    },
)
async def document_upload(request: Asking, state: ServiceState) -> WireResponse[DocumentResponse]:
    """Put a file on the booking of the `X-Manage-Token`, of at most 20, until it is over.

    What it is is told by its content, whatever its name and type say. The same content again is
    kept once.
    """
    booking = await _booking(request, state)
    upload = await read_upload(request)
    kept = await upload_document(booking.id, upload, state.ports, by=Caller.guest())
    return kept_answer(kept, DocumentResponse.from_document(kept.document).for_customers())


@get(
    ONE,
    opt={"rate_limit": "lookup", "path_examples": EXAMPLES, "answers": FILE_ANSWERS},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *DOWNLOAD_REFUSALS)),
)
async def document(
    document_id: FromPath[UUID], request: Asking, state: ServiceState
) -> Response[Any]:
    """Download a file of the booking of the `X-Manage-Token`."""
    booking = await _booking(request, state)
    found = await find_document(booking.id, document_id, state.ports, by=Caller.guest())
    return await file_answer(found, state.ports)


@delete(
    ONE,
    status_code=200,
    opt={"rate_limit": "booking", "path_examples": EXAMPLES},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, *OWN_REMOVAL_REFUSALS)),
)
async def document_remove(
    document_id: FromPath[UUID], request: Asking, state: ServiceState
) -> DocumentRemovedResponse:
    """Remove a file you put on the booking of the `X-Manage-Token`, until that is completed."""
    booking = await _booking(request, state)
    await remove_document(booking.id, document_id, state.ports, by=Caller.guest())
    return DocumentRemovedResponse()


async def _booking(request: Asking, state: ServiceState) -> Booking:
    """Return whose token it is: strangers are refused before a body is read."""
    return await look_up_managed(manage_token_of(request), state.ports, state.terms)
