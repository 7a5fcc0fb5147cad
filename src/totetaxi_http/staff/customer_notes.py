"""Notes of staff on a customer, and the contact log."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, get, post
from litestar.params import FromPath, JSONBody

from totetaxi_core.customers.write_customer_note import (
    list_contacts,
    list_customer_notes,
    log_contact,
    write_customer_note,
)
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.customer_note import (
    CustomerContactBody,
    CustomerContactResponse,
    CustomerContactsResponse,
    CustomerNoteBody,
    CustomerNoteResponse,
    CustomerNotesResponse,
)
from totetaxi_http.staff.customers import CUSTOMER_ID
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

READING = {PERMISSION: Permission.READ_CUSTOMERS, "path_examples": CUSTOMER_ID}
WRITING = {
    PERMISSION: Permission.EDIT_CUSTOMERS,
    "rate_limit": "booking",
    "path_examples": CUSTOMER_ID,
}
CODES = ("invalid", *REFUSALS, "customer_not_found")


@attrs.frozen(kw_only=True)
class WrittenQuery:
    """How many at a time."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "20"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@get(
    "/customers/{customer_id:uuid}/notes",
    opt=READING,
    dependencies={"asked": query_of(WrittenQuery)},
    security=SECURITY,
    responses=problems(codes=CODES),
)
async def customer_notes(
    customer_id: FromPath[UUID],
    asked: FromQueryClass[WrittenQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> CustomerNotesResponse:
    """List what staff wrote about a customer, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await list_customer_notes(
        customer_id,
        staff_caller(request).ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return CustomerNotesResponse(
        results=tuple(CustomerNoteResponse.from_note(one) for one in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/customers/{customer_id:uuid}/notes",
    opt=WRITING,
    security=SECURITY,
    responses=problems(codes=CODES),
)
async def customer_note(
    customer_id: FromPath[UUID], data: JSONBody[CustomerNoteBody], request: Request[Any, Any, Any]
) -> CustomerNoteResponse:
    """Write a note on a customer, for other staff; customers never see it."""
    caller = staff_caller(request)
    name = caller.account.username
    return CustomerNoteResponse.from_note(
        await write_customer_note(customer_id, data.text, caller.ports, staff_name=name)
    )


@get(
    "/customers/{customer_id:uuid}/contacts",
    opt=READING,
    dependencies={"asked": query_of(WrittenQuery)},
    security=SECURITY,
    responses=problems(codes=CODES),
)
async def customer_contacts(
    customer_id: FromPath[UUID],
    asked: FromQueryClass[WrittenQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> CustomerContactsResponse:
    """List when staff and a customer spoke or wrote, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await list_contacts(
        customer_id,
        staff_caller(request).ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return CustomerContactsResponse(
        results=tuple(CustomerContactResponse.from_contact(one) for one in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/customers/{customer_id:uuid}/contacts",
    opt=WRITING,
    security=SECURITY,
    responses=problems(codes=CODES),
)
async def customer_contact(
    customer_id: FromPath[UUID],
    data: JSONBody[CustomerContactBody],
    request: Request[Any, Any, Any],
) -> CustomerContactResponse:
    """Log that staff and a customer spoke or wrote."""
    caller = staff_caller(request)
    name = caller.account.username
    return CustomerContactResponse.from_contact(
        await log_contact(customer_id, data.to_contact(), caller.ports, staff_name=name)
    )
