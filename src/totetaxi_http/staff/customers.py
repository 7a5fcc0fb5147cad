"""Customers, as staff find and open them."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Final
from uuid import UUID

import attrs
from litestar import Request, get
from litestar.params import FromPath

from totetaxi_core.bookings.find_bookings import Search
from totetaxi_core.customers.customer_desk import CustomerFilter, find_customers
from totetaxi_core.customers.customer_file import open_customer_file
from totetaxi_core.staff.permission import Permission, may
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.schemas.customer_file import CustomerFileResponse
from totetaxi_http.staff.guard import PERMISSION, REFUSALS, SECURITY, staff_caller
from totetaxi_http.wire.constraints import Text
from totetaxi_http.wire.page import USUAL, Cursor, PageSize, PlaceCursor, place_of, place_text
from totetaxi_http.wire.query import FromQueryClass, query_of

CUSTOMER_ID: Final = {"customer_id": CustomerProfileResponse.EXAMPLE["id"]}


@attrs.frozen(kw_only=True)
class CustomersQuery:
    """Which customers with an account; guests are found by their bookings."""

    EXAMPLE: ClassVar[Mapping[str, str]] = {"search": "lovelace", "is_vip": "true"}

    search: Annotated[str, Text(max_length=254)] | None = attrs.field(
        default=None,
        metadata={
            "description": "A telephone number, a booking's number, or how an e-mail address, a"
            " whole name or a last name begins; its case does not matter."
        },
    )
    is_vip: bool | None = None
    page_size: PageSize = USUAL
    cursor: PlaceCursor | None = attrs.field(
        default=None, metadata={"description": "Only as `next` and `previous` have it."}
    )

    def to_filter(self) -> CustomerFilter:
        search = None if self.search is None else Search.of(self.search)
        return CustomerFilter(search=search, is_vip=self.is_vip)


@attrs.frozen(kw_only=True)
class CustomersResponse:
    """Newest first; `next` leads to older ones, `previous` to newer ones."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "results": [CustomerProfileResponse.EXAMPLE],
        "next": "https://api.totetaxi.com/api/staff/customers?cursor="
        "before-1795619520000000-1d2c3b4a5e6f4a7b8c9d0e1f2a3b4c5d",
        "previous": None,
    }

    results: tuple[CustomerProfileResponse, ...]
    next: str | None
    previous: str | None


@get(
    "/customers",
    opt={PERMISSION: Permission.READ_CUSTOMERS},
    dependencies={"asked": query_of(CustomersQuery)},
    security=SECURITY,
    responses=problems(codes=("invalid", *REFUSALS)),
)
async def customers(
    asked: FromQueryClass[CustomersQuery], request: Request[Any, Any, Any], state: ServiceState
) -> CustomersResponse:
    """List customers, newest first."""
    cursor, url = Cursor.read(asked.cursor), state.terms.public_url
    async with staff_caller(request).ports.unit_of_work() as uow:
        page = await find_customers(
            uow.customer_desk,
            asked.to_filter(),
            before=place_of(cursor.before),
            after=place_of(cursor.after),
            limit=asked.page_size,
        )
    return CustomersResponse(
        results=tuple(CustomerProfileResponse.from_customer(one) for one in page.entries),
        next=Cursor(before=place_text(page.oldest)).url(request, public_url=url),
        previous=Cursor(after=place_text(page.newest)).url(request, public_url=url),
    )


@get(
    "/customers/{customer_id:uuid}",
    opt={PERMISSION: Permission.READ_CUSTOMERS, "path_examples": CUSTOMER_ID},
    security=SECURITY,
    responses=problems(codes=(*REFUSALS, "customer_not_found")),
)
async def customer(
    customer_id: FromPath[UUID], request: Request[Any, Any, Any], state: ServiceState
) -> CustomerFileResponse:
    """Show a customer with bookings, money, addresses, messages, notes and contacts.

    That it was read goes on record as `customer_read`.
    """
    caller = staff_caller(request)
    file = await open_customer_file(
        customer_id,
        caller.ports,
        state.terms,
        staff_name=caller.account.username,
        with_analytics=may(caller.account, Permission.VIEW_CUSTOMER_ANALYTICS),
    )
    return CustomerFileResponse.of(file, state.book)
