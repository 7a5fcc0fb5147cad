"""Discount codes: made, limited and paused by staff, each time by a new price book version."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import attrs
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.discount_codes.manage_codes import change_code, create_code
from totetaxi_core.discount_codes.read_codes import find_uses, list_codes, look_up_code
from totetaxi_core.staff.permission import Permission
from totetaxi_http.book_version import BOOK_IF_MATCH, based_on
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.discount_code import (
    DiscountCodeChangesBody,
    DiscountCodeResponse,
    DiscountUseResponse,
    NewDiscountCodeBody,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

NEEDED: Final = {PERMISSION: Permission.MANAGE_PRICING}
ONE: Final = NEEDED | {"path_examples": {"code": DiscountCodeResponse.EXAMPLE["code"]}}
NOT_FOUND: Final = (*REFUSALS, "price_book_entry_not_found")
CHANGES: Final = ("invalid", *REFUSALS, "price_book_conflict")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class DiscountCodesResponse:
    """All of the price book in effect, in its order, paused and expired ones too; they are few."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [DiscountCodeResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[DiscountCodeResponse, ...]
    next: str | None = None
    previous: str | None = None


@attrs.frozen(kw_only=True)
class DiscountUsesQuery:
    """A page of them."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "20"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class DiscountUsesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [DiscountUseResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[DiscountUseResponse, ...]
    next: str | None
    previous: str | None


@get("/discount-codes", opt=NEEDED, security=SECURITY, responses=problems(codes=REFUSALS))
async def discount_codes(request: Asking) -> DiscountCodesResponse:
    """List the discount codes, how each stands, and how often it is used."""
    found = await list_codes(staff_caller(request).ports)
    return DiscountCodesResponse(results=tuple(map(DiscountCodeResponse.from_known, found)))


@post(
    "/discount-codes",
    opt=NEEDED | {"headers": (BOOK_IF_MATCH,)},
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "price_book_entry_exists")),
)
async def discount_code_create(
    data: JSONBody[NewDiscountCodeBody], request: Asking
) -> DiscountCodeResponse:
    """Make a discount code, good at once: a new version of the price book.

    Codes are told apart without case, and a paused one still has its name.
    """
    caller = staff_caller(request)
    known = await create_code(
        data.to_entry(),
        caller.ports,
        reason=data.to_reason(),
        by=caller.account.username,
        based_on=based_on(request, named=data.based_on),
    )
    return DiscountCodeResponse.from_known(known)


@get("/discount-codes/{code:str}", opt=ONE, security=SECURITY, responses=problems(codes=NOT_FOUND))
async def discount_code(code: FromPath[str], request: Asking) -> DiscountCodeResponse:
    """Show a discount code, how it stands, and how often it is used."""
    known = await look_up_code(code, staff_caller(request).ports)
    return DiscountCodeResponse.from_known(known)


@patch(
    "/discount-codes/{code:str}",
    opt=ONE | {"headers": (BOOK_IF_MATCH,)},
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "price_book_entry_not_found")),
)
async def discount_code_change(
    code: FromPath[str], data: JSONBody[DiscountCodeChangesBody], request: Asking
) -> DiscountCodeResponse:
    """Limit, pause or resume a discount code, or change its dates: a new price book version.

    Bookings keep what they were given. A limit below what is used takes nothing back; a price
    quoted before a pause is honored for the half hour its quote token lives.
    """
    caller = staff_caller(request)
    known = await change_code(
        code,
        data.to_changes(),
        caller.ports,
        reason=data.to_reason(code),
        by=caller.account.username,
        based_on=based_on(request, named=data.based_on),
    )
    return DiscountCodeResponse.from_known(known)


@get(
    "/discount-codes/{code:str}/uses",
    opt=ONE,
    dependencies={"asked": query_of(DiscountUsesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND)),
)
async def discount_code_uses(
    code: FromPath[str],
    asked: FromQueryClass[DiscountUsesQuery],
    request: Asking,
    state: ServiceState,
) -> DiscountUsesResponse:
    """List the bookings that have a use of a code, newest first.

    A booking that died unpaid gave its use back, and is not among them.
    """
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await find_uses(
        code,
        staff_caller(request).ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return DiscountUsesResponse(
        results=tuple(map(DiscountUseResponse.from_use, page.entries)),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )
