"""The files on a booking, for staff."""

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.params import FromPath

from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.download_document import find_document
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.documents.remove_document import remove_document
from totetaxi_core.documents.upload_document import upload_document
from totetaxi_core.staff.permission import Permission
from totetaxi_http.documents.download import DOWNLOAD_REFUSALS, FILE_ANSWERS, file_answer
from totetaxi_http.documents.upload import (
    FORM,
    MAX_BODY_BYTES,
    REPEATED,
    UPLOAD_REFUSALS,
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
from totetaxi_http.staff.booking import BOOKING_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, StaffCaller, staff_caller
from totetaxi_http.wire.response import WireResponse

PATH: Final = "/documents/bookings/{booking_id:uuid}"
ONE: Final = f"{PATH}/{{document_id:uuid}}"
EXAMPLES: Final = {**BOOKING_ID, "document_id": DOCUMENT_ID}
NOT_FOUND: Final = (*REFUSALS, "booking_not_found")

Asking = Request[Any, Any, Any]


@get(
    PATH,
    opt={PERMISSION: Permission.READ_BOOKINGS, "path_examples": BOOKING_ID},
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def documents(booking_id: FromPath[UUID], request: Asking) -> DocumentsResponse:
    """List the files on a booking, oldest first."""
    caller = staff_caller(request)
    found = await list_documents(booking_id, caller.ports, by=_by(caller))
    return DocumentsResponse(results=tuple(map(DocumentResponse.from_document, found)))


@post(
    PATH,
    status_code=201,
    opt={
        PERMISSION: Permission.EDIT_BOOKINGS,
        "rate_limit": "booking",
        "path_examples": BOOKING_ID,
        "raw_body": FORM,
    },
    request_max_body_size=MAX_BODY_BYTES,
    security=SECURITY,
    responses={200: REPEATED, **problems(codes=(*NOT_FOUND, *UPLOAD_REFUSALS))},
)
async def document_upload(
    booking_id: FromPath[UUID], request: Asking
) -> WireResponse[DocumentResponse]:
    """Put a file on a booking, of at most 20; the customer sees it too.

    What it is is told by its content, whatever its name and type say. The same content again is
    kept once. That it was added goes on record.
    """
    caller = staff_caller(request)
    upload = await read_upload(request)
    kept = await upload_document(booking_id, upload, caller.ports, by=_by(caller))
    return kept_answer(kept, DocumentResponse.from_document(kept.document))


@get(
    ONE,
    opt={
        PERMISSION: Permission.READ_BOOKINGS,
        "path_examples": EXAMPLES,
        "answers": FILE_ANSWERS,
    },
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, *DOWNLOAD_REFUSALS)),
)
async def document(
    booking_id: FromPath[UUID], document_id: FromPath[UUID], request: Asking
) -> Response[Any]:
    """Download a file on a booking."""
    caller = staff_caller(request)
    found = await find_document(booking_id, document_id, caller.ports, by=_by(caller))
    return await file_answer(found, caller.ports)


@delete(
    ONE,
    status_code=200,
    opt={
        PERMISSION: Permission.EDIT_BOOKINGS,
        "rate_limit": "booking",
        "path_examples": EXAMPLES,
    },
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "document_not_found", "proof_is_kept")),
)
async def document_remove(
    booking_id: FromPath[UUID], document_id: FromPath[UUID], request: Asking
) -> DocumentRemovedResponse:
    """Remove a file from a booking, whoever put it there; proof of delivery is kept.

    That it was removed goes on record.
    """
    caller = staff_caller(request)
    await remove_document(booking_id, document_id, caller.ports, by=_by(caller))
    return DocumentRemovedResponse()


def _by(caller: StaffCaller) -> Caller:
    return Caller.staff(caller.account.username)
