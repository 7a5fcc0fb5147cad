"""The price book one entry at a time: each change is a new version, on record."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from urllib.parse import urlencode

import attrs
from litestar import Request, get, patch, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.entry_edit import (
    EntryEdit,
    adding,
    changing,
    changing_single,
    retiring,
)
from totetaxi_core.price_book.publish_book import Publishing
from totetaxi_core.price_book.published_version import MOST_VERSIONS
from totetaxi_core.price_book.read_books import look_at_shelf, look_up_book
from totetaxi_core.price_book.sections import (
    NamedEntry,
    entries_of,
    find_entry,
    section_named,
)
from totetaxi_core.staff.permission import Permission
from totetaxi_http.book_version import BOOK_ETAG, BOOK_IF_MATCH, based_on, book_etag
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.price_book_entry import (
    RULE_ID,
    EditedEntryResponse,
    EntriesResponse,
    EntryChangesBody,
    EntryResponse,
    NewEntryBody,
    RetirementBody,
)
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Text, Whole
from totetaxi_http.wire.page import MOST, PageSize
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse

READ: Final = {
    PERMISSION: Permission.MANAGE_PRICING,
    "path_examples": {"section": "surcharge-rules"},
}
READ_ONE: Final = READ | {
    "path_examples": {"section": "surcharge-rules", "entry_id": RULE_ID},
}
NOT_FOUND: Final = ("invalid", *REFUSALS, "price_book_section_not_found")
NO_ENTRY: Final = (*NOT_FOUND, "price_book_entry_not_found")
CHANGES: Final = (*NOT_FOUND, "price_book_conflict", "price_book_entry_exists")

Asking = Request[Any, Any, Any]
Version = Annotated[int, Whole(minimum=1, maximum=MOST_VERSIONS)]
Changing = NewEntryBody | EntryChangesBody | RetirementBody


@attrs.frozen(kw_only=True)
class EntriesQuery:
    """Entries of the version in effect unless said, after one of them."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"version": "3", "page_size": "100"}

    version: Version | None = None
    after: Annotated[str, Text(max_length=500)] | None = attrs.field(
        default=None, metadata={"description": "The `entry_id` the last page ended with."}
    )
    page_size: PageSize = MOST


@attrs.frozen(kw_only=True)
class EntryQuery:
    """Of the version in effect unless said."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {"version": "3"}

    version: Version | None = None


@get(
    "/price-book/{section:str}",
    opt=READ,
    dependencies={"asked": query_of(EntriesQuery)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*NO_ENTRY, "price_book_version_not_found")),
)
async def book_section(
    section: FromPath[str],
    asked: FromQueryClass[EntriesQuery],
    request: Asking,
    state: ServiceState,
) -> WireResponse[EntriesResponse]:
    """List the entries of a section, retired ones too; a single object is one entry.

    Sections are packages, organizing-services, specialty-items, standard-delivery, blade-services,
    surcharge-rules, zones, service-area, tax-rules, fees, discount-codes and cancellation-terms.
    """
    part = section_named(section)
    book = (await look_up_book(staff_caller(request).ports, version=asked.version)).book
    found = entries_of(book.document, part)
    if asked.after is not None:
        found = found[found.index(find_entry(book.document, part, asked.after)) + 1 :]
    onward = None
    if len(found) > asked.page_size:
        found = found[: asked.page_size]
        query = _next_query(found[-1], asked, book_version=book.version)
        onward = f"{state.terms.public_url}{request.scope['path']}?{query}"
    listed = tuple(EntryResponse.of(one, section=part, version=book.version) for one in found)
    return WireResponse(
        EntriesResponse(results=listed, next=onward, price_book_version=book.version),
        headers=book_etag(book.version),
    )


@get(
    "/price-book/{section:str}/{entry_id:str}",
    opt=READ_ONE,
    dependencies={"asked": query_of(EntryQuery)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*NO_ENTRY, "price_book_version_not_found")),
)
async def book_entry(
    section: FromPath[str],
    entry_id: FromPath[str],
    asked: FromQueryClass[EntryQuery],
    request: Asking,
) -> WireResponse[EntryResponse]:
    """Show an entry, named by its id, slug or code; a zone by its name."""
    part = section_named(section)
    book = (await look_up_book(staff_caller(request).ports, version=asked.version)).book
    found = find_entry(book.document, part, entry_id)
    return WireResponse(
        EntryResponse.of(found, section=part, version=book.version),
        headers=book_etag(book.version),
    )


@post(
    "/price-book/{section:str}",
    opt=READ | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "price_book_section_shape")),
)
async def book_entry_create(
    section: FromPath[str], data: JSONBody[NewEntryBody], request: Asking
) -> WireResponse[EditedEntryResponse]:
    """Add an entry: a new version of the price book, at once or from `effective_at` on.

    Faults are named by their path in the body, such as `entry.zones.0`.
    """
    edit = adding(section_named(section), data.entry, at="entry")
    return await _edit(edit, data, request, act=Publishing.ENTRY_ADDED, status=201)


@patch(
    "/price-book/{section:str}",
    opt=READ | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*NOT_FOUND, "price_book_conflict", "price_book_section_shape")),
)
async def book_section_change(
    section: FromPath[str], data: JSONBody[EntryChangesBody], request: Asking
) -> WireResponse[EditedEntryResponse]:
    """Change a section that is one object: standard-delivery, fees, service-area or terms.

    What is left out stays, null takes a field away. It is a new version of the price book. Of a
    section that is a list, entries are changed one by one.
    """
    edit = changing_single(section_named(section), data.changes, at="changes")
    return await _edit(edit, data, request, act=Publishing.ENTRY_CHANGED)


@patch(
    "/price-book/{section:str}/{entry_id:str}",
    opt=READ_ONE | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*CHANGES, "price_book_entry_not_found")),
)
async def book_entry_change(
    section: FromPath[str],
    entry_id: FromPath[str],
    data: JSONBody[EntryChangesBody],
    request: Asking,
) -> WireResponse[EditedEntryResponse]:
    """Change an entry: what is left out stays, null takes a field away.

    It is a new version of the price book. A retired entry is brought back by `is_active` true.
    Faults are named by their path in the body, such as `changes.amount_cents`.
    """
    edit = changing(section_named(section), entry_id, data.changes, at="changes")
    return await _edit(edit, data, request, act=Publishing.ENTRY_CHANGED)


@post(
    "/price-book/{section:str}/{entry_id:str}/retire",
    status_code=200,
    opt=READ_ONE | {"headers": (BOOK_IF_MATCH,)},
    response_headers=(BOOK_ETAG,),
    security=SECURITY,
    responses=problems(codes=(*NO_ENTRY, "price_book_conflict", "price_book_section_shape")),
)
async def book_entry_retire(
    section: FromPath[str],
    entry_id: FromPath[str],
    data: JSONBody[RetirementBody],
    request: Asking,
) -> WireResponse[EditedEntryResponse]:
    """Retire an entry: it is not offered or charged any more, and old bookings still name it.

    It stays in the book, with `is_active` false. A zone is taken out, and must be named by no rule
    and not be served any more. It is a new version of the price book.
    """
    edit = retiring(section_named(section), entry_id)
    return await _edit(edit, data, request, act=Publishing.ENTRY_RETIRED)


async def _edit(
    edit: EntryEdit, data: Changing, request: Asking, *, act: Publishing, status: int = 200
) -> WireResponse[EditedEntryResponse]:
    caller = staff_caller(request)
    book = await edit_price_book(
        edit,
        caller.ports,
        based_on=based_on(request, named=data.based_on),
        reason=data.reason,
        by=caller.account.username,
        act=act,
        effective_at=data.effective_at,
    )
    known = await look_up_book(caller.ports, version=book.version)
    shelf = await look_at_shelf(caller.ports)
    return WireResponse(
        EditedEntryResponse.of(edit, book, published=known.published, shelf=shelf),
        status_code=status,
        headers=book_etag(book.version),
    )


def _next_query(last: NamedEntry, asked: EntriesQuery, *, book_version: int) -> str:
    """Return the query of the next page, of the same version whatever is published meanwhile."""
    return urlencode(
        {"version": book_version, "after": last.entry_id, "page_size": asked.page_size}
    )
