"""Addresses that refuse what we send: staff see them, and let messages go there again."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

import attrs
from litestar import Request, delete, get
from litestar.params import FromPath

from totetaxi_core.notifications.send_again import forget_one_refusal
from totetaxi_core.page import page_of
from totetaxi_core.staff.permission import Permission
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.refused_address import REFUSED_ADDRESS_ID, RefusedAddressResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of


@attrs.frozen(kw_only=True)
class RefusedAddressesQuery:
    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "20"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class RefusedAddressesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [RefusedAddressResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[RefusedAddressResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/messages/refused-addresses",
    opt={PERMISSION: Permission.READ_MESSAGES},
    dependencies={"asked": query_of(RefusedAddressesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def refused_addresses(
    asked: FromQueryClass[RefusedAddressesQuery],
    request: Request[Any, Any, Any],
    state: ServiceState,
) -> RefusedAddressesResponse:
    """List the addresses that refused, newest first: nothing goes there."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    before, after = place_of(cursor.before), place_of(cursor.after)
    async with staff_caller(request).ports.unit_of_work() as uow:
        found = await uow.refused_addresses.page(
            before=before, after=after, limit=asked.page_size + 1
        )
    page = page_of(found, before=before, after=after, limit=asked.page_size)
    return RefusedAddressesResponse(
        results=tuple(RefusedAddressResponse.from_refused(one) for one in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@delete(
    "/messages/refused-addresses/{refused_address_id:uuid}",
    status_code=200,
    opt={PERMISSION: Permission.SEND_MESSAGES, "path_examples": REFUSED_ADDRESS_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "address_not_refused")),
)
async def refused_address_forget(
    refused_address_id: FromPath[UUID], request: Request[Any, Any, Any]
) -> RefusedAddressResponse:
    """Let messages go to an address again that has refused; what was remembered is answered."""
    caller = staff_caller(request)
    name = caller.account.username
    removed = await forget_one_refusal(refused_address_id, caller.ports, staff_name=name)
    return RefusedAddressResponse.from_refused(removed)
