"""Which version of the price book a caller has seen: the ETag of reads, If-Match of changes."""

from typing import Any, Final

from litestar import Request
from litestar.datastructures import ResponseHeader
from litestar.openapi.spec import Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType

from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_http.if_match import HEADER, seen_versions

BOOK_ETAG: Final = ResponseHeader(
    name="ETag", documentation_only=True, description='The price book\'s version, such as `"3"`.'
)
BOOK_IF_MATCH: Final = Parameter(
    name=HEADER,
    param_in="header",
    required=False,
    description="The `ETag` that was seen, in place of `based_on`: when another version is in"
    " effect by now, nothing is done and the answer is 409 `price_book_conflict`. Without either,"
    " what is sent is changed in whichever version is in effect.",
    example='"3"',
    schema=Schema(type=OpenAPIType.STRING),
)


def book_etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def based_on(request: Request[Any, Any, Any], *, named: int | None = None) -> int | None:
    """Return the version that was seen by the header and a body's `based_on`; None by neither.

    Raises:
        PriceBookConflictError: the tag is none of ours, or the two differ.
    """
    seen = seen_versions(request, version=named)
    if seen is None:
        return None
    if not seen:
        raise PriceBookConflictError(f"{HEADER} names no version of the price book, or another one")
    return max(seen)
