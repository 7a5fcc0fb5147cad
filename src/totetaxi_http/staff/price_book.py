"""The price book as a whole: which versions there are, what each holds, taking one back."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlencode

import attrs
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.publish_book import withdraw_book
from totetaxi_core.price_book.published_version import MOST_VERSIONS
from totetaxi_core.price_book.read_books import (
    ShelvedBook,
    changes_of,
    list_versions,
    look_at_shelf,
    look_up_book,
)
from totetaxi_core.price_book.roll_back_book import roll_back_book
from totetaxi_core.staff.permission import Permission
from totetaxi_http.book_version import BOOK_ETAG, book_etag
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.price_book_entry import (
    BookReasonBody,
    PriceBookResponse,
    WaitingBookResponse,
)
from totetaxi_http.schemas.price_book_version import ChangeResponse, PriceBookVersionResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Whole
from totetaxi_http.wire.page import USUAL, PageSize
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

NEEDED: Final = {PERMISSION: Permission.MANAGE_PRICING}
ONE: Final = NEEDED | {"path_examples": {"book_version": 1}}
NOT_FOUND: Final = (*REFUSALS, "price_book_version_not_found")

Asking = Request[Any, Any, Any]
Version = Annotated[int, Whole(minimum=1, maximum=MOST_VERSIONS)]


@attrs.frozen(kw_only=True)
class PriceBookVersionsQuery:
    """Versions below one, and how many at most."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"before": "9", "page_size": "20"}

    before: Version | None = None
    page_size: PageSize = USUAL


@attrs.frozen(kw_only=True)
class PriceBookVersionsResponse:
    """Newest first, those taken back too."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [PriceBookVersionResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[PriceBookVersionResponse, ...]
    next: str | None
    previous: str | None = None


@attrs.frozen(kw_only=True)
class ComparisonQuery:
    """What to compare with: the version it was made from unless said."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"against": "1"}

    against: Version | None = None


@attrs.frozen(kw_only=True)
class VersionChangesResponse:
    """What differs from the version `compared_with`, in words; the first one's is 0."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "compared_with": 3,
        "changes": [ChangeResponse.EXAMPLE],
    }

    compared_with: int
    changes: tuple[ChangeResponse, ...]


@get(
    "/price-book/versions",
    opt=NEEDED,
    dependencies={"asked": query_of(PriceBookVersionsQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def book_versions(
    asked: FromQueryClass[PriceBookVersionsQuery], request: Asking, state: ServiceState
) -> PriceBookVersionsResponse:
    """List the versions of the price book, newest first: who published which, and why."""
    ports = staff_caller(request).ports
    page = await list_versions(ports, before=asked.before, limit=asked.page_size)
    shelf = await look_at_shelf(ports)
    onward = None
    if page.oldest is not None:
        query = urlencode({"before": page.oldest.version, "page_size": asked.page_size})
        onward = f"{state.terms.public_url}{request.scope['path']}?{query}"
    return PriceBookVersionsResponse(
        results=tuple(
            PriceBookVersionResponse.from_version(one, shelf=shelf) for one in page.entries
        ),
        next=onward,
    )


@get(
    "/price-book/versions/{book_version:int}",
    opt=ONE,
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def book_version(
    book_version: FromPath[int], request: Asking
) -> WireResponse[PriceBookResponse]:
    """Show a version with its document, whether or not it was ever in effect."""
    ports = staff_caller(request).ports
    return await _shown(await look_up_book(ports, version=book_version), ports)


@get(
    "/price-book/versions/{book_version:int}/changes",
    opt=ONE,
    dependencies={"asked": query_of(ComparisonQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def book_changes(
    book_version: FromPath[int], asked: FromQueryClass[ComparisonQuery], request: Asking
) -> VersionChangesResponse:
    """Tell what a version changed, and for which bookings, in words."""
    ports = staff_caller(request).ports
    base, changes = await changes_of(book_version, ports, against=asked.against)
    return VersionChangesResponse(
        compared_with=base, changes=tuple(map(ChangeResponse.from_change, changes))
    )


@get(
    "/price-book/current",
    opt=NEEDED,
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def book_current(request: Asking) -> WireResponse[PriceBookResponse]:
    """Show the version in effect with its document."""
    ports = staff_caller(request).ports
    return await _shown(await look_up_book(ports), ports)


@get("/price-book/waiting", opt=NEEDED, security=SECURITY, responses=problems(codes=REFUSALS))
async def book_waiting(request: Asking) -> WaitingBookResponse:
    """Show the version that waits for its day with its document, if one does."""
    ports = staff_caller(request).ports
    shelf = await look_at_shelf(ports)
    if shelf.waiting is None:
        return WaitingBookResponse(waiting=None)
    found = await look_up_book(ports, version=shelf.waiting.version)
    return WaitingBookResponse(waiting=PriceBookResponse.of(found, shelf=shelf))


@post(
    "/price-book/versions/{book_version:int}/withdraw",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "price_book_not_waiting")),
)
async def book_withdraw(
    book_version: FromPath[int], data: JSONBody[BookReasonBody], request: Asking
) -> PriceBookVersionResponse:
    """Take back the version that waits for its day: it never comes into effect."""
    caller = staff_caller(request)
    await look_up_book(caller.ports, version=book_version)
    withdrawn = await withdraw_book(
        book_version, caller.ports, reason=data.reason, by=caller.account.username
    )
    shelf = await look_at_shelf(caller.ports)
    return PriceBookVersionResponse.from_version(withdrawn, shelf=shelf)


@post(
    "/price-book/versions/{book_version:int}/rollback",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "price_book_conflict")),
)
async def book_rollback(
    book_version: FromPath[int], data: JSONBody[BookReasonBody], request: Asking
) -> PriceBookVersionResponse:
    """Bring the prices of an earlier version back, at once, as a new version."""
    caller = staff_caller(request)
    ports = caller.ports
    await look_up_book(ports, version=book_version)
    published = await roll_back_book(
        book_version, ports, reason=data.reason, by=caller.account.username
    )
    found = await look_up_book(ports, version=published.version)
    return PriceBookVersionResponse.from_version(found.published, shelf=await look_at_shelf(ports))


async def _shown(found: ShelvedBook, ports: Ports) -> WireResponse[PriceBookResponse]:
    shown = PriceBookResponse.of(found, shelf=await look_at_shelf(ports))
    return WireResponse(shown, headers=book_etag(found.book.version))
