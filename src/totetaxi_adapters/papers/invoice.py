"""Invoice and receipt of a booking."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from totetaxi_adapters.papers.sheet import Heading, Letterhead, grid, print_sheet
from totetaxi_adapters.papers.typeface import (
    AMOUNT,
    HEADING,
    SMALL,
    STRONG,
    STRONG_AMOUNT,
    words,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.invoice import Invoice
from totetaxi_core.money import money_words
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.scheduling.long_date import long_date


def print_invoice(invoice: Invoice, letterhead: Letterhead, zone: tzinfo) -> bytes:
    """Return the invoice as a PDF; its times are of `zone`."""
    return _print("Invoice", invoice, letterhead, zone)


def print_receipt(invoice: Invoice, letterhead: Letterhead, zone: tzinfo) -> bytes:
    """Return the receipt as a PDF; its times are of `zone`."""
    return _print("Receipt", invoice, letterhead, zone)


def _print(title: str, invoice: Invoice, letterhead: Letterhead, zone: tzinfo) -> bytes:
    booking = invoice.booking
    heading = Heading(
        title=title,
        subject=booking.booking_number,
        printed=f"{booking.booking_number} · as of {moment(invoice.issued_at, zone)}",
    )
    story: list[Flowable] = [
        _parties(booking),
        words("What it costs", HEADING),
        _prices(booking),
        KeepTogether(list(_money(invoice, zone))),
    ]
    return print_sheet(story, heading, letterhead)


def moment(at: datetime, zone: tzinfo) -> str:
    """Return such as `Tuesday, December 1, 2026, 09:30`."""
    local = at.astimezone(zone)
    return f"{long_date(local.date())}, {local:%H:%M}"


def _parties(booking: Booking) -> Table:
    contact, request = booking.contact, booking.quote.request
    whom = "\n".join(one for one in (contact.full_name, contact.email, contact.phone) if one)
    at = f"{long_date(request.pickup_date)}, {request.pickup_time:%H:%M}"
    what = [request.service_type.label, at, f"From: {booking.pickup_address.formatted}"]
    if booking.delivery_address is not None:
        what.append(f"To: {booking.delivery_address.formatted}")
    heads = [words("For", STRONG), words("Service", STRONG)]
    return grid([heads, [words(whom.strip()), words("\n".join(what))]], 2, 3)


def _prices(booking: Booking) -> Table:
    rows = [
        [words(_label(line)), words(money_words(line.amount_cents), AMOUNT)]
        for line in booking.quote.lines
    ]
    total = [words("Total", STRONG), words(money_words(booking.total_cents), STRONG_AMOUNT)]
    return grid([*rows, total], 4, 1)


def _label(line: QuoteLine) -> str:
    if line.quantity > 1 and line.unit_cents is not None:
        return f"{line.label}: {line.quantity} at {money_words(line.unit_cents)}"
    return line.label


def _money(invoice: Invoice, zone: tzinfo) -> Iterator[Flowable]:
    """Say what came and went, and what that leaves."""
    yield words("Payments", HEADING)
    rows = [
        [
            words(line.label),
            words(moment(line.at, zone), SMALL),
            words(money_words(line.amount_cents), AMOUNT),
        ]
        for line in invoice.money_lines
    ]
    empty = words("")
    sums = [("Paid", invoice.paid_cents)]
    if invoice.sent_back_cents:
        sums.append(("Sent back", invoice.sent_back_cents))
    sums.append(("Still to pay", invoice.due_cents))
    for label, cents in sums:
        rows.append([words(label, STRONG), empty, words(money_words(cents), STRONG_AMOUNT)])
    yield grid(rows, 5, 5, 2)
    yield Spacer(0, 8)
    yield words("All amounts are in US dollars. Thank you for your business.", SMALL)
