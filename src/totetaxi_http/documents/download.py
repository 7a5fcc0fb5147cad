"""A file on its way out: from a folder in pieces, from S3 by a link that lapses."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Response
from litestar.openapi.spec import (
    Example,
    OpenAPIHeader,
    OpenAPIMediaType,
    OpenAPIResponse,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.response import Redirect, Stream
from litestar.status_codes import HTTP_302_FOUND

from totetaxi_core.documents.document import Document
from totetaxi_core.documents.download_document import LINK_LIFETIME
from totetaxi_core.documents.file_name import attachment
from totetaxi_core.documents.file_type import CHECKS
from totetaxi_core.ports import Ports

_TEXT: Final = Schema(type=OpenAPIType.STRING)
FILE_ANSWERS: Final[Mapping[str, OpenAPIResponse]] = {
    "200": OpenAPIResponse(
        description="The file, to be saved under its name",
        headers={
            "Content-Disposition": OpenAPIHeader(
                description="`attachment`, with the file's name.", schema=_TEXT
            )
        },
        content={
            kind.content_type: OpenAPIMediaType(
                schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY),
                examples={"example": Example(value="(the bytes of the file)")},
            )
            for kind in CHECKS
        },
    ),
    "302": OpenAPIResponse(
        description="The file is on S3: a link to it, good for ten minutes",
        headers={
            "location": OpenAPIHeader(description="The link; it needs no login.", schema=_TEXT)
        },
    ),
}
DOWNLOAD_REFUSALS: Final = ("document_not_found", "file_not_found", "file_store_unavailable")


async def file_answer(document: Document, ports: Ports) -> Response[Any]:
    """Return the file as something to be saved, never to be opened in its place.

    Raises:
        StoredFileNotFoundError: the store has lost it.
        FileStoreUnavailableError: the store does not answer.
    """
    url = await ports.files.signed_url(document.storage_key, lifetime=LINK_LIFETIME)
    if url is not None:
        return Redirect(url, status_code=HTTP_302_FOUND)
    return Stream(
        await ports.files.stream(document.storage_key),
        media_type=document.content_type,
        headers={
            "Content-Disposition": attachment(document.file_name),
            "Content-Length": str(document.size_bytes),
        },
    )
