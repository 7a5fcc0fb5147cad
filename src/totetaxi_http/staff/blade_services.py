"""Helicopter services: each change is a new version of the price book, on record."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.entry_edit import EntryEdit, adding, changing, retiring
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.publish_book import Publishing
from totetaxi_core.price_book.read_books import look_up_book
from totetaxi_core.price_book.sections import BookSection, EntryNotFoundError
from totetaxi_core.staff.permission import Permission
from totetaxi_http.book_version import BOOK_ETAG, BOOK_IF_MATCH, based_on, book_etag
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.blade_service import (
    BladeServiceChangesBody,
    NewBladeServiceBody,
    StaffBladeServiceResponse,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.response import WireResponse

SECTION: Final = BookSection.BLADE_SERVICES
NEEDED: Final = {PERMISSION: Permission.MANAGE_BLADE_SERVICES}
ONE: Final = NEEDED | {
    "path_examples": {"blade_service_id": StaffBladeServiceResponse.EXAMPLE["id"]}
}
NOT_FOUND: Final = (*REFUSALS, "price_book_entry_not_found")
CHANGES: Final = ("invalid", *REFUSALS, "price_book_conflict", "price_book_entry_exists")
RETIRED: Final = "Retired a helicopter service"

Asking = Request[Any, Any, Any]
Answer = WireResponse[StaffBladeServiceResponse]


@attrs.frozen(kw_only=True)
class BladeServicesResponse:
    """All there are, in the book's order, retired ones too; they are few."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [StaffBladeServiceResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[StaffBladeServiceResponse, ...]
    next: str | None = None
    previous: str | None = None


@get(
    "/blade-services",
    opt=NEEDED,
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def blade_services(request: Asking) -> WireResponse[BladeServicesResponse]:
    """List the helicopter services of the price book in effect."""
    book = (await look_up_book(staff_caller(request).ports)).book
    found = (StaffBladeServiceResponse.of(one, version=book.version) for one in book.blade_services)
    return WireResponse(
        BladeServicesResponse(results=tuple(found)), headers=book_etag(book.version)
    )


@get(
    "/blade-services/{blade_service_id:uuid}",
    opt=ONE,
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def blade_service(blade_service_id: FromPath[UUID], request: Asking) -> Answer:
    """Show a helicopter service."""
    book = (await look_up_book(staff_caller(request).ports)).book
    return _answer(book, blade_service_id)


@post(
    "/blade-services",
    opt=NEEDED | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=CHANGES),
)
async def blade_service_create(data: JSONBody[NewBladeServiceBody], request: Asking) -> Answer:
    """Offer another helicopter service, at once: a new version of the price book."""
    edit = adding(SECTION, data.to_entry())
    book = await _edit(
        edit,
        request,
        act=Publishing.BLADE_SERVICE_CREATED,
        reason=data.to_reason(),
        named=data.based_on,
    )
    return _answer(book, UUID(edit.entry_id), status=201)


@patch(
    "/blade-services/{blade_service_id:uuid}",
    opt=ONE | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "price_book_entry_not_found")),
)
async def blade_service_change(
    blade_service_id: FromPath[UUID], data: JSONBody[BladeServiceChangesBody], request: Asking
) -> Answer:
    """Change a helicopter service, or offer a retired one again: a new version of the price book.

    What is left out, or null, stays as it is.
    """
    book = await _edit(
        changing(SECTION, str(blade_service_id), data.to_changes()),
        request,
        act=Publishing.BLADE_SERVICE_CHANGED,
        reason=data.to_reason(),
        named=data.based_on,
    )
    return _answer(book, blade_service_id)


@delete(
    "/blade-services/{blade_service_id:uuid}",
    status_code=200,
    opt=ONE | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "price_book_conflict")),
)
async def blade_service_retire(blade_service_id: FromPath[UUID], request: Asking) -> Answer:
    """Retire a helicopter service: nobody can book it any more, and old bookings still name it.

    It is a new version of the price book, where it stays with `is_active` false.
    """
    book = await _edit(
        retiring(SECTION, str(blade_service_id)),
        request,
        act=Publishing.BLADE_SERVICE_RETIRED,
        reason=RETIRED,
    )
    return _answer(book, blade_service_id)


async def _edit(
    edit: EntryEdit,
    request: Asking,
    *,
    act: Publishing,
    reason: str,
    named: int | None = None,
) -> PriceBook:
    caller = staff_caller(request)
    return await edit_price_book(
        edit,
        caller.ports,
        based_on=based_on(request, named=named),
        reason=reason,
        by=caller.account.username,
        act=act,
    )


def _answer(book: PriceBook, service_id: UUID, *, status: int = 200) -> Answer:
    for service in book.blade_services:
        if service.id == service_id:
            shown = StaffBladeServiceResponse.of(service, version=book.version)
            return WireResponse(shown, status_code=status, headers=book_etag(book.version))
    raise EntryNotFoundError(SECTION, str(service_id))
