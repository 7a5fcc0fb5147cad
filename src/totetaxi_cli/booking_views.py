"""Bookings on the terminal: a list, and one with everything about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.booking_drive import print_drive
from totetaxi_cli.booking_list_response import BookingListResponse
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import moment, money, print_facts, print_json, print_table
from totetaxi_cli.price_quote import print_lines
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.book_by_staff import customer_of_email
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.bookings.find_bookings import BookingFilter, Search
from totetaxi_core.bookings.list_bookings import BookingPage, list_bookings
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.bookings.show_booking import BookingFile, read_booking
from totetaxi_core.catalog import ServiceType
from totetaxi_core.geography.address import Address
from totetaxi_core.payments.booking_money import BookingMoney
from totetaxi_core.payments.dispute import Dispute
from totetaxi_http.schemas.booking import BookingResponse
from totetaxi_http.schemas.booking_file import BookingFileResponse


@dataclass(frozen=True, kw_only=True)
class WantedBookings:
    """Which bookings; None does not matter. The days are of pickup, both included."""

    status: BookingStatus | None = None
    first: date | None = None
    last: date | None = None
    service: ServiceType | None = None
    search: str | None = None
    customer_email: str | None = None


def list_to_terminal(
    wanted: WantedBookings, *, limit: int, after: str | None, as_json: bool
) -> None:
    """Print a page of bookings.

    Raises:
        BookingNotFoundError: no booking has the number `after`.
        CustomerNotFoundError: no customer has the e-mail address.
    """

    async def job(wiring: Wiring) -> BookingPage:
        chosen = await _filter(wanted, wiring)
        return await list_bookings(wiring.ports, chosen, after=after, limit=limit)

    page = run(job)
    if as_json:
        results = tuple(BookingResponse.from_booking(one) for one in page.bookings)
        print_json(BookingListResponse(results=results, next=page.next_after))
        return
    print_table(
        ("number", "status", "service", "pickup", "contact", "total", "made (UTC)"),
        (_row(booking) for booking in page.bookings),
        right=frozenset({"total"}),
        empty="There is no such booking.",
    )
    if page.next_after is not None:
        typer.echo(f"older ones: --after {page.next_after}")


def show_to_terminal(number: str, *, staff: str, as_json: bool) -> None:
    """Print everything about a booking; that it was read goes on record.

    Raises:
        InvalidInputError: no name.
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
    """

    async def job(wiring: Wiring, staff_name: str) -> BookingFile:
        booking = await look_up_status(number, wiring.ports)
        return await read_booking(booking.id, wiring.ports, staff_name=staff_name)

    file = run(as_staff(staff, StaffCommand.BOOKINGS_SHOW, job))
    if as_json:
        print_json(BookingFileResponse.of(file))
        return
    booking = file.booking
    print_facts(_facts(booking))
    print_lines(booking.quote.lines, total_cents=booking.total_cents)
    print_drive(file)
    _print_money(file)
    _print_words(file)


async def _filter(wanted: WantedBookings, wiring: Wiring) -> BookingFilter:
    email = wanted.customer_email
    owner = None if email is None else await customer_of_email(email, wiring.ports)
    return BookingFilter(
        status=wanted.status,
        service_type=wanted.service,
        pickup_from=wanted.first,
        pickup_to=wanted.last,
        search=None if wanted.search is None else Search.of(wanted.search),
        customer_id=None if owner is None else owner.id,
    )


def _row(booking: Booking) -> tuple[object, ...]:
    request = booking.quote.request
    return (
        booking.booking_number,
        booking.status,
        request.service_type,
        pickup(booking),
        booking.contact.full_name,
        money(booking.total_cents),
        moment(booking.created_at),
    )


def _facts(booking: Booking) -> Iterable[tuple[str, object]]:
    reason = booking.cancellation_reason
    yield "number", booking.booking_number
    yield "status", f"{booking.status} ({reason})" if reason else booking.status
    yield "service", booking.quote.request.service_type
    yield "pickup", f"{pickup(booking)}, {booking.quote.estimated_hours} h"
    yield "from", _place(booking.pickup_address)
    yield "to", _place(booking.delivery_address)
    contact = booking.contact
    who = f"{contact.full_name}, {contact.email}, {contact.phone}"
    yield "contact", "erased" if contact.is_erased else who
    yield "items", booking.item_description
    yield "instructions", booking.special_instructions
    yield "placed by", booking.placed_by
    yield "price book", f"version {booking.quote.price_book_version}"
    yield "made (UTC)", moment(booking.created_at)
    yield "hold until (UTC)", moment(booking.hold_expires_at)
    yield "confirmed (UTC)", moment(booking.confirmed_at)
    yield "started (UTC)", moment(booking.started_at)
    yield "completed (UTC)", moment(booking.completed_at)
    yield "cancelled (UTC)", moment(booking.cancelled_at)


def _print_money(file: BookingFile) -> None:
    attempts = {one.payment_id: one for one in file.attempts}  # the last of each payment
    if file.payments:
        print_table(
            ("purpose", "status", "amount", "card", "attempt", "payment intent"),
            [
                (
                    payment.purpose,
                    payment.status,
                    money(payment.amount_cents),
                    f"{payment.card_brand} {payment.card_last_four}"
                    if payment.card_brand
                    else None,
                    f"{attempt.number}, {attempt.state}" if attempt else None,
                    attempt.intent_id if attempt else None,
                )
                for payment in file.payments
                for attempt in (attempts.get(payment.id),)
            ],
            title="Payments",
            right=frozenset({"amount"}),
        )
    if file.refunds:
        print_table(
            ("refund", "status", "amount", "reason", "asked by", "at (UTC)"),
            [
                (
                    refund.id,
                    f"{refund.status}: {refund.failure_reason}"
                    if refund.failure_reason
                    else refund.status,
                    money(refund.amount_cents),
                    refund.reason,
                    refund.requested_by,
                    moment(refund.created_at),
                )
                for refund in file.refunds
            ],
            title="Refunds",
            right=frozenset({"amount"}),
        )
    if file.disputes:
        _print_disputes(file.disputes)
    if file.money.movements:
        _print_movements(file.money)


def _print_disputes(disputes: Iterable[Dispute]) -> None:
    print_table(
        ("dispute", "status", "amount", "withdrawn", "reason", "evidence by (UTC)"),
        [
            (
                one.stripe_dispute_id,
                one.status,
                money(one.amount_cents),
                money(one.withdrawn_cents),
                one.reason,
                moment(one.due_by) if one.is_undecided else None,
            )
            for one in disputes
        ],
        title="Disputes",
        right=frozenset({"amount", "withdrawn"}),
    )


def _print_movements(sums: BookingMoney) -> None:
    print_table(
        ("what", "status", "amount", "since (UTC)", "at Stripe"),
        [
            (one.kind, one.status, money(one.amount_cents), moment(one.at), one.stripe_id)
            for one in sums.movements
        ],
        title="Money",
        right=frozenset({"amount"}),
    )
    print_facts(
        [
            ("charged", money(sums.charged_cents)),
            ("refunded", money(sums.refunded_cents)),
            ("pending", money(sums.pending_cents)),
            ("disputed", money(sums.disputed_cents)),
            ("net", money(sums.net_cents)),
        ]
    )


def _print_words(file: BookingFile) -> None:
    if file.staff_acts:
        print_table(
            ("who", "what", "said", "at (UTC)"),
            [
                (act.staff_name, act.action_type, act.description, moment(act.created_at))
                for act in file.staff_acts
            ],
            title="Staff",
        )
    if file.notes:
        print_table(
            ("who", "note", "at (UTC)"),
            [(note.staff_name, note.text, moment(note.created_at)) for note in file.notes],
            title="Notes",
        )
    if file.messages:
        print_table(
            ("kind", "to", "subject", "at (UTC)"),
            [(one.kind, one.to, one.subject, moment(one.created_at)) for one in file.messages],
            title="Messages",
        )


def pickup(booking: Booking) -> str:
    """Return when we call, such as `Tue 2026-12-01 09:30`."""
    request = booking.quote.request
    return f"{request.pickup_date:%a} {request.pickup_date} {request.pickup_time:%H:%M}"


def _place(address: Address | None) -> str | None:
    if address is None:
        return None
    parts = (
        address.address_line_1,
        address.address_line_2,
        address.city,
        f"{address.state} {address.zip_code}",
    )
    return ", ".join(part for part in parts if part)
