"""The addresses a customer keeps."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, delete, get, patch, post, put
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath, JSONBody

from totetaxi_core.customers.keep_addresses import (
    add_address,
    change_address,
    list_addresses,
    look_up_address,
    remove_address,
)
from totetaxi_core.customers.saved_address import SavedAddress
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.saved_address import (
    SavedAddressBody,
    SavedAddressChanges,
    SavedAddressResponse,
    refuse_half_point,
)
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of
from totetaxi_http.wire.response import WireResponse
from totetaxi_http.wire.schema import ExampleValue

ONE: Final = {"path_examples": {"address_id": SavedAddressResponse.EXAMPLE["id"]}}
NOT_FOUND: Final = (*REFUSALS, "saved_address_not_found")

Asking = Request[Any, Any, Any]


@attrs.frozen(kw_only=True)
class AddressesQuery:
    """Which part of the list."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"page_size": "50"}

    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )


@attrs.frozen(kw_only=True)
class AddressesResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [SavedAddressResponse.EXAMPLE],
        "next": None,
        "previous": None,
    }

    results: tuple[SavedAddressResponse, ...]
    next: str | None
    previous: str | None


@attrs.frozen(kw_only=True)
class AddressRemovedResponse:
    EXAMPLE: ClassVar[Mapping[str, object]] = {"message": "The address is removed."}

    message: str = "The address is removed."


@get(
    "/addresses",
    dependencies={"asked": query_of(AddressesQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def addresses(
    asked: FromQueryClass[AddressesQuery], request: Asking, state: ServiceState
) -> AddressesResponse:
    """List the addresses you keep, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    page = await list_addresses(
        customer_caller(request).customer.id,
        state.ports,
        before=place_of(cursor.before),
        after=place_of(cursor.after),
        limit=asked.page_size,
    )
    return AddressesResponse(
        results=tuple(_shown(saved, state) for saved in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@post(
    "/addresses",
    status_code=201,
    security=SECURITY,
    responses={
        200: ResponseSpec(
            SavedAddressResponse,
            description="The same address, saved before, as it is now described",
            examples=[Example(value=ExampleValue(SavedAddressResponse.EXAMPLE))],
        ),
        **problems(codes=("invalid", *REFUSALS, "too_many_saved_addresses")),
    },
)
async def address_create(
    data: JSONBody[SavedAddressBody], request: Asking, state: ServiceState
) -> WireResponse[SavedAddressResponse]:
    """Keep an address, of at most 50; the same one again is kept once."""
    kept = await add_address(customer_caller(request).customer.id, data.to_entry(), state.ports)
    return WireResponse(_shown(kept.saved, state), status_code=201 if kept.is_new else 200)


@get(
    "/addresses/{address_id:uuid}", opt=ONE, security=SECURITY, responses=problems(codes=NOT_FOUND)
)
async def address(
    address_id: FromPath[UUID], request: Asking, state: ServiceState
) -> SavedAddressResponse:
    """Show an address you keep."""
    found = await look_up_address(customer_caller(request).customer.id, address_id, state.ports)
    return _shown(found, state)


@put(
    "/addresses/{address_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "address_saved_already")),
)
async def address_replace(
    address_id: FromPath[UUID],
    data: JSONBody[SavedAddressBody],
    request: Asking,
    state: ServiceState,
) -> SavedAddressResponse:
    """Describe an address anew; what is left out goes back to its default."""
    entry, caller = data.to_entry(), customer_caller(request)
    changed = await change_address(caller.customer.id, address_id, lambda _: entry, state.ports)
    return _shown(changed, state)


@patch(
    "/addresses/{address_id:uuid}",
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=("invalid", *NOT_FOUND, "address_saved_already")),
)
async def address_change(
    address_id: FromPath[UUID],
    data: JSONBody[SavedAddressChanges],
    request: Asking,
    state: ServiceState,
) -> SavedAddressResponse:
    """Change some of an address; what is left out, or null, stays as it is."""
    refuse_half_point(data)
    caller = customer_caller(request)
    changed = await change_address(caller.customer.id, address_id, data.applied_to, state.ports)
    return _shown(changed, state)


@delete(
    "/addresses/{address_id:uuid}",
    status_code=200,
    opt=ONE,
    security=SECURITY,
    responses=problems(codes=NOT_FOUND),
)
async def address_remove(
    address_id: FromPath[UUID], request: Asking, state: ServiceState
) -> AddressRemovedResponse:
    """Remove an address from those you keep; your bookings stay as they are."""
    await remove_address(customer_caller(request).customer.id, address_id, state.ports)
    return AddressRemovedResponse()


def _shown(saved: SavedAddress, state: ServiceState) -> SavedAddressResponse:
    return SavedAddressResponse.from_saved(saved, state.book)
