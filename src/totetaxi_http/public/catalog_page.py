"""A page of the catalog, made once for each price book, and its validator.

Browsers and proxies may keep it, but ask each time whether it still stands: prices change at the
instant staff say, and everybody must see them within a second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.datastructures import ResponseHeader
from litestar.openapi.spec import OpenAPIHeader, OpenAPIResponse, Parameter, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.status_codes import HTTP_304_NOT_MODIFIED

from totetaxi_core.price_book import PriceBook
from totetaxi_http.wire.converter import json_bytes
from totetaxi_http.wire.response import WireResponse

HEADER: Final = "If-None-Match"
ANY: Final = "*"
ASK_EACH_TIME: Final = "public, no-cache"
PAGES_KEPT: Final = 64

_TEXT: Final = Schema(type=OpenAPIType.STRING)
_ABOUT_ETAG: Final = "Changes whenever the page does; send it back as `If-None-Match`."
_ABOUT_CACHE: Final = f"`{ASK_EACH_TIME}`: keep it, and ask each time whether it still stands."
CATALOG_HEADERS: Final = (
    ResponseHeader(name="ETag", documentation_only=True, description=_ABOUT_ETAG),
    ResponseHeader(name="Cache-Control", documentation_only=True, description=_ABOUT_CACHE),
)
IF_NONE_MATCH: Final = Parameter(
    name=HEADER,
    param_in="header",
    required=False,
    description="An `ETag` that was seen: while the page is still the same, the answer is an empty"
    " 304.",
    example='"6f1c0e6f0d3b4a5f8e7d6c5b4a392817"',
    schema=_TEXT,
)
NOT_MODIFIED: Final[Mapping[str, OpenAPIResponse]] = {
    "304": OpenAPIResponse(
        description="The page is still the one with this `ETag`",
        headers={
            "ETag": OpenAPIHeader(description=_ABOUT_ETAG, schema=_TEXT),
            "Cache-Control": OpenAPIHeader(description=_ABOUT_CACHE, schema=_TEXT),
        },
    )
}
CATALOG_OPT: Final[Mapping[str, object]] = {"headers": (IF_NONE_MATCH,), "answers": NOT_MODIFIED}


@dataclass(frozen=True, slots=True)
class _Page:
    """The bytes of an answer and their strong validator, quotes included."""

    body: bytes
    etag: str


def catalog_answer(
    request: Request[Any, Any, Any],
    book: PriceBook,
    make: Callable[..., object],
    *which: UUID,
) -> WireResponse[Any]:
    """Return what `make` shows of the book, or 304 to who has it already.

    `make` is a function of a module or of a class, called with the book and `which`: a page is
    kept for each.
    """
    page = _page(book, make, *which)
    headers = {"ETag": page.etag, "Cache-Control": ASK_EACH_TIME}
    if _has_seen(request, page.etag):
        return WireResponse(None, headers=headers, status_code=HTTP_304_NOT_MODIFIED)
    return WireResponse(page.body, headers=headers)


@lru_cache(maxsize=PAGES_KEPT)
def _page(book: PriceBook, make: Callable[..., object], *which: UUID) -> _Page:
    body = json_bytes(make(book, *which))
    # Of the bytes, not of the book: a release may show the same book in another way.
    return _Page(body, f'"{sha256(body).hexdigest()[:32]}"')


def _has_seen(request: Request[Any, Any, Any], etag: str) -> bool:
    """Compare weakly, as RFC 9110, 13.1.2 has it: a proxy may have made the tag weak."""
    header = request.headers.get(HEADER, "")
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return header.strip() == ANY or etag in tags
