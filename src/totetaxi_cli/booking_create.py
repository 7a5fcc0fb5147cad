"""Book for a guest, in the name of a member of staff."""

import sys
from pathlib import Path

import attrs
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
from totetaxi_core.bookings.book_as_guest import BookedAsGuest, book_as_guest
from totetaxi_core.scheduling.schedule_override import ScheduleOverride
from totetaxi_http.public.guest_booking import GuestBookingResponse
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.guest_booking import GuestBookingBody

PROBE_S = 1.0


def create_booking(
    options: BookingOptions,
    *,
    file: Path | None,
    staff: str,
    override_reason: str | None,
    as_json: bool,
) -> None:
    """Book and print what came of it.

    Raises:
        PermissionDeniedError: staff may not.
        InvalidInputError: the faults that HTTP would answer.
        DomainError: each that `place_booking` raises; then nothing was stored.
    """
    override = None if override_reason is None else ScheduleOverride(reason=override_reason)
    raw = None if file is None else _read(file)

    async def job(wiring: Wiring, placed_by: str) -> tuple[BookedAsGuest, str | None]:
        body = _body(options, raw, wiring)
        with faults_as_sent(attrs.asdict(body, recurse=False)):
            order = body.to_order(placed_by=placed_by, override=override)
            booked = await book_as_guest(order, wiring.ports, wiring.terms)
        intent = booked.intent
        page = None if intent is None else await _pay_page(intent.id, wiring.settings)
        return booked, page

    booked, page = run_with_stripe(as_staff(staff, StaffCommand.BOOKINGS_CREATE, job))
    if as_json:
        print_json(GuestBookingResponse.from_booked(booked))
    else:
        print_facts(_facts(booked, page))


def _read(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _body(options: BookingOptions, raw: bytes | None, wiring: Wiring) -> GuestBookingBody:
    body: GuestBookingBody = (
        structured(booking_fields(options, wiring.current_book.book), GuestBookingBody, wiring)
        if raw is None
        else structured_raw(raw, GuestBookingBody, wiring)
    )
    return body


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


def _facts(booked: BookedAsGuest, page: str | None) -> list[tuple[str, object]]:
    booking, intent = booked.booking, booked.intent
    request, hold = booking.quote.request, booking.hold_expires_at
    return [
        ("number", booking.booking_number),
        ("status", f"{booking.status}{', booked before' if booked.is_repeat else ''}"),
        ("pickup", f"{request.pickup_date:%a} {request.pickup_date} {request.pickup_time:%H:%M}"),
        ("total", money(booking.total_cents)),
        ("hold until", f"{hold:%Y-%m-%d %H:%M} UTC" if hold else None),
        ("manage token", booked.manage_token),
        ("payment intent", f"{intent.id} ({intent.status})" if intent else None),
        ("payment error", booked.payment_error),
        ("pay at", page),
    ]
