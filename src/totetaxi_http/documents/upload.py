"""A file on its way in: the form it comes in, and the answer."""

from typing import Any, Final

from litestar import Request
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example, OpenAPIMediaType, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from totetaxi_core.documents.document import MAX_BYTES, UPLOADED, DocumentKind
from totetaxi_core.documents.keep_document import FileTooLargeError, KeptDocument, Upload
from totetaxi_http.schemas.document import DocumentFields, DocumentResponse
from totetaxi_http.wire.multipart import (
    ENVELOPE_BYTES,
    FILE,
    MULTIPART,
    FormTooLargeError,
    read_form,
)
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

MAX_BODY_BYTES: Final = MAX_BYTES + ENVELOPE_BYTES
FORM: Final = RequestBody(
    required=True,
    description="One file, and its kind.",
    content={
        MULTIPART: OpenAPIMediaType(
            schema=Schema(
                type=OpenAPIType.OBJECT,
                required=[FILE, "kind"],
                additional_properties=False,
                properties={
                    FILE: Schema(
                        type=OpenAPIType.STRING,
                        format=OpenAPIFormat.BINARY,
                        description="A JPEG, PNG, WebP, HEIC or PDF file of at most 10 MiB.",
                    ),
                    "kind": Schema(type=OpenAPIType.STRING, enum=[*map(str, UPLOADED)]),
                },
            ),
            examples={"example": Example(value={"kind": "photo", FILE: "(the bytes of a file)"})},
        )
    },
)
REPEATED: Final = ResponseSpec(
    DocumentResponse,
    description="The booking has the same content already: this is it",
    examples=[Example(value=ExampleValue(DocumentResponse.EXAMPLE))],
)
UPLOAD_REFUSALS: Final = (
    "invalid",
    "body_too_large",
    "file_too_large",
    "unsupported_media_type",
    "unsupported_file_type",
    "too_many_documents",
    "file_store_unavailable",
)
"""What every upload may answer, besides who asks and for which booking."""
OWN_UPLOAD_REFUSALS: Final = (*UPLOAD_REFUSALS, "documents_closed")
"""The same where it is not by staff."""
OWN_REMOVAL_REFUSALS: Final = (
    "document_not_found",
    "not_your_document",
    "proof_is_kept",
    "documents_closed",
)
"""What a removal that is not by staff may answer."""


async def read_upload(request: Request[Any, Any, Any]) -> Upload:
    """Return the file of the body.

    Raises:
        FileTooLargeError: the body has more bytes than a file may.
        UnsupportedMediaTypeError: it is not multipart/form-data.
        InvalidInputError: fields are missing, unknown, repeated or bad; all are named.
    """
    try:
        fields, sent = await read_form(request, DocumentFields)
    except FormTooLargeError as error:
        raise FileTooLargeError from error
    return Upload(
        kind=DocumentKind(fields.kind),
        content=sent.content,
        file_name=sent.file_name,
        content_type=sent.content_type,
    )


def kept_answer(kept: KeptDocument, shown: DocumentResponse) -> WireResponse[DocumentResponse]:
    return WireResponse(shown, status_code=201 if kept.is_new else 200)
