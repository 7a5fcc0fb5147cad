"""Book for a guest or a customer, in the name of a member of staff."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from totetaxi_adapters.http_server import LOOPBACK
from totetaxi_adapters.providers import STRIPE_PATH, uses_stripe_sandbox
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.order_body import booking_fields, structured, structured_raw
from totetaxi_cli.order_options import BookingOptions
from totetaxi_cli.output import money, print_facts, print_json
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.book_by_staff import (
    BookedByStaff,
    book_by_staff,
    contact_of_account,
    customer_of_email,
)
from totetaxi_http.schemas.staff_booking import (
    StaffBookingBody,
    StaffBookingResponse,
    staff_faults_as_sent,
)

PROBE_S = 1.0


@dataclass(frozen=True, kw_only=True)
class StaffChoices:
    """What only staff may say of a booking, beside its options or its file."""

    customer_email: str | None = None
    override_reason: str | None = None
    adjustment_cents: int | None = None
    adjustment_reason: str | None = None


def create_booking(
    options: BookingOptions,
    choices: StaffChoices,
    *,
    file: Path | None,
    staff: str,
    as_json: bool,
) -> None:
    """Book and print what came of it.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: the faults that HTTP would answer.
        CustomerNotFoundError: no customer has the e-mail address.
        DomainError: each that `place_booking` raises; then nothing was stored.
    """
    raw = None if file is None else _read(file)

    async def job(wiring: Wiring, placed_by: str) -> tuple[BookedByStaff, str | None]:
        body = await _body(options, choices, raw, wiring)
        booked = await _book(body, wiring, placed_by=placed_by)
        intent = booked.intent
        page = None if intent is None else await _pay_page(intent.id, wiring.settings)
        return booked, page

    booked, page = run_with_stripe(as_staff(staff, StaffCommand.BOOKINGS_CREATE, job))
    if as_json:
        print_json(StaffBookingResponse.from_booked(booked))
    else:
        print_facts(_facts(booked, page))


def _read(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


async def _body(
    options: BookingOptions, choices: StaffChoices, raw: bytes | None, wiring: Wiring
) -> StaffBookingBody:
    said = await _said(choices, wiring)
    body: StaffBookingBody = (
        structured(
            booking_fields(options, wiring.current_book.book) | said, StaffBookingBody, wiring
        )
        if raw is None
        else structured_raw(_with(raw, said), StaffBookingBody, wiring)
    )
    return body


async def _said(choices: StaffChoices, wiring: Wiring) -> dict[str, object]:
    """Return the body's fields that only staff have, as far as they were given."""
    said: dict[str, object] = {}
    if choices.override_reason is not None:
        said["override_reason"] = choices.override_reason
    if choices.customer_email is not None:
        customer = await customer_of_email(choices.customer_email, wiring.ports)
        said["customer_id"] = str(customer.id)
    if choices.adjustment_cents is not None:
        said["price_adjustment"] = {
            "amount_cents": choices.adjustment_cents,
            "reason": choices.adjustment_reason,
        }
    return said


def _with(raw: bytes, said: Mapping[str, object]) -> bytes:
    """Return a file's booking with what was said beside it; a bad file as it is."""
    try:
        body = json.loads(raw) if said else None
    except ValueError:
        return raw
    return json.dumps({**body, **said}).encode() if isinstance(body, dict) else raw


async def _book(body: StaffBookingBody, wiring: Wiring, *, placed_by: str) -> BookedByStaff:
    contact = None
    if body.customer_id is not None:
        contact = await contact_of_account(body.customer_id, wiring.ports)
    with staff_faults_as_sent(body):
        order = body.to_order(contact, placed_by=placed_by)
        return await book_by_staff(order, wiring.ports, wiring.terms)


async def _pay_page(intent_id: str, settings: Settings) -> str | None:
    """Return the sandbox's page to pay the intent, if a service with the sandbox runs here."""
    if not uses_stripe_sandbox(settings):
        return None
    page = f"http://{LOOPBACK}:{settings.port}{STRIPE_PATH}/pay/{intent_id}"
    async with httpx.AsyncClient(timeout=PROBE_S, trust_env=False) as http:
        try:
            answer = await http.get(page)
        except httpx.HTTPError:
            return None  # nobody serves there: then there is no page to name
    return page if answer.is_success else None


def _facts(booked: BookedByStaff, page: str | None) -> list[tuple[str, object]]:
    booking, intent = booked.booking, booked.intent
    request, hold = booking.quote.request, booking.hold_expires_at
    return [
        ("number", booking.booking_number),
        ("status", f"{booking.status}{', booked before' if booked.is_repeat else ''}"),
        ("pickup", f"{request.pickup_date:%a} {request.pickup_date} {request.pickup_time:%H:%M}"),
        ("total", money(booking.total_cents)),
        ("hold until", f"{hold:%Y-%m-%d %H:%M} UTC" if hold else None),
        ("manage token", booked.manage_token),
        ("payment link", booked.payment_link),
        ("payment intent", f"{intent.id} ({intent.status})" if intent else None),
        ("payment error", booked.payment_error),
        ("pay at", page),
    ]
