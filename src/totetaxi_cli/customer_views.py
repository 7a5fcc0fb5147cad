"""Customers on the terminal: a list, and one with everything about them."""

from collections.abc import Iterable
from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.booking_views import pickup
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import moment, money, print_facts, print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.find_bookings import Search
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.customer_desk import CustomerFilter, find_customers
from totetaxi_core.customers.customer_file import CustomerFile, open_customer_file
from totetaxi_core.customers.look_up_customer import look_up_customer
from totetaxi_core.page import Page, Place
from totetaxi_core.staff.permission import Permission, may
from totetaxi_http.schemas.customer import CustomerProfileResponse
from totetaxi_http.schemas.customer_file import CustomerFileResponse


@attrs.frozen(kw_only=True)
class CustomerListResponse:
    """`next` is the id to ask on from, with --after; null at the end."""

    results: tuple[CustomerProfileResponse, ...]
    next: UUID | None


def list_to_terminal(
    *, search: str | None, is_vip: bool | None, limit: int, after: UUID | None, as_json: bool
) -> None:
    """Print a page of customers.

    Raises:
        CustomerNotFoundError: no customer has the id `after`.
    """
    wanted = CustomerFilter(search=Search.of(search) if search else None, is_vip=is_vip)

    async def job(wiring: Wiring) -> Page[Customer]:
        async with wiring.ports.unit_of_work() as uow:
            last = None if after is None else await uow.customers.get(after)
            place = None if last is None else Place.of(last)
            return await find_customers(uow.customer_desk, wanted, before=place, limit=limit)

    page = run(job)
    oldest = None if page.oldest is None else page.oldest.id
    if as_json:
        results = tuple(CustomerProfileResponse.from_customer(one) for one in page.entries)
        print_json(CustomerListResponse(results=results, next=oldest))
        return
    print_table(
        ("customer", "name", "e-mail", "phone", "bookings", "spent", "VIP", "last booking (UTC)"),
        (_row(customer) for customer in page.entries),
        right=frozenset({"bookings", "spent"}),
        empty="There is no such customer.",
    )
    if oldest is not None:
        typer.echo(f"older ones: --after {oldest}")


def show_to_terminal(reference: str, *, staff: str, as_json: bool) -> None:
    """Print everything about a customer; that it was read goes on record.

    Raises:
        InvalidInputError: no name.
        PermissionDeniedError: staff may not.
        CustomerNotFoundError: there is none.
    """

    async def job(wiring: Wiring, staff_name: str) -> tuple[CustomerFile, CustomerFileResponse]:
        customer = await look_up_customer(reference, wiring.ports)
        file = await open_customer_file(
            customer.id,
            wiring.ports,
            wiring.terms,
            staff_name=staff_name,
            with_analytics=await _may_see_analytics(staff_name, wiring),
        )
        return file, CustomerFileResponse.of(file, wiring.current_book.book)

    file, response = run(as_staff(staff, StaffCommand.CUSTOMERS_SHOW, job))
    if as_json:
        print_json(response)
        return
    print_facts(_facts(file))
    _print_months(file)
    _print_bookings(file)
    _print_addresses(file)
    _print_words(file)


async def _may_see_analytics(staff_name: str, wiring: Wiring) -> bool:
    """Tell it of a member of staff; while there is no account, of anybody."""
    async with wiring.ports.unit_of_work() as uow:
        account = await uow.staff_accounts.find(staff_name)
    return account is None or may(account, Permission.VIEW_CUSTOMER_ANALYTICS)


def _row(customer: Customer) -> tuple[object, ...]:
    return (
        customer.id,
        customer.full_name,
        customer.email,
        customer.phone,
        customer.total_bookings,
        money(customer.total_spent_cents),
        "yes" if customer.is_vip else None,
        moment(customer.last_booking_at),
    )


def _facts(file: CustomerFile) -> Iterable[tuple[str, object]]:
    customer, moved = file.customer, file.money
    yield "customer", customer.id
    yield "name", customer.full_name
    yield "e-mail", customer.email
    yield "phone", customer.phone
    yield "VIP", "yes" if customer.is_vip else "no"
    yield "bookings", customer.total_bookings
    yield "last booking (UTC)", moment(customer.last_booking_at)
    yield "charged", money(moved.charged_cents)
    yield "refunded", money(moved.refunded_cents)
    yield "disputed", money(moved.disputed_cents)
    yield "net", money(moved.net_cents)
    yield "since (UTC)", moment(customer.created_at)
    yield "deleted (UTC)", moment(customer.deleted_at)
    if file.analytics is not None:
        yield "average booking", money(file.analytics.average_booking_cents)
        yield "most used service", file.analytics.most_used_service
        yield "missing to VIP", money(file.analytics.to_vip_cents)


def _print_months(file: CustomerFile) -> None:
    if file.analytics is None or not file.analytics.monthly_spending:
        return
    spent = file.analytics.monthly_spending
    print_table(
        ("month", "spent"),
        [(f"{month:%Y-%m}", money(cents)) for month, cents in spent.items()],
        title="Months",
        right=frozenset({"spent"}),
    )


def _print_bookings(file: CustomerFile) -> None:
    if not file.bookings:
        return
    print_table(
        ("number", "status", "service", "pickup", "total", "made (UTC)"),
        [
            (
                one.booking_number,
                one.status,
                one.quote.request.service_type,
                pickup(one),
                money(one.total_cents),
                moment(one.created_at),
            )
            for one in file.bookings
        ],
        title="Bookings",
        right=frozenset({"total"}),
    )


def _print_addresses(file: CustomerFile) -> None:
    if file.addresses:
        print_table(
            ("address", "where", "used"),
            [(one.nickname, one.address.formatted, one.times_used) for one in file.addresses],
            title="Addresses",
            right=frozenset({"used"}),
        )


def _print_words(file: CustomerFile) -> None:
    if file.notes:
        print_table(
            ("by", "note", "at (UTC)"),
            [(one.staff_name, one.text, moment(one.created_at)) for one in file.notes],
            title="Notes",
        )
    if file.contacts:
        print_table(
            ("by", "how", "summary", "at (UTC)"),
            [
                (
                    one.staff_name,
                    f"{one.channel}, {one.direction}",
                    one.summary,
                    moment(one.created_at),
                )
                for one in file.contacts
            ],
            title="Contacts",
        )
    if file.messages:
        print_table(
            ("message", "subject", "at (UTC)"),
            [(one.kind, one.subject, moment(one.created_at)) for one in file.messages],
            title="Messages",
        )
