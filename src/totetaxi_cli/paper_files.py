"""Print papers into files, which are never replaced."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TypeAlias
from uuid import UUID

import typer
from rich.filesize import decimal

from totetaxi_adapters.papers import (
    Letterhead,
    print_bill_of_lading,
    print_day_sheets,
    print_invoice,
    print_receipt,
)
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.document_views import new_file
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.bookings.look_up import look_up_status
from totetaxi_core.documents.bill_of_lading import read_bill_of_lading
from totetaxi_core.documents.invoice import read_invoice, read_receipt
from totetaxi_core.logistics.plan_day import plan_day

Print: TypeAlias = Callable[[UUID, Wiring, Letterhead], Awaitable[bytes]]


def save_receipt(number: str, *, to: Path | None, staff: str) -> None:
    """Save the receipt.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        NothingPaidError: nothing was paid for it.
        FileExistsError: there is a file of this name already.
    """

    async def printed(booking_id: UUID, wiring: Wiring, letterhead: Letterhead) -> bytes:
        found = await read_receipt(booking_id, wiring.ports)
        return print_receipt(found, letterhead, wiring.terms.zone)

    _save(number, StaffCommand.DOCUMENTS_RECEIPT, printed, name="receipt", to=to, staff=staff)


def save_invoice(number: str, *, to: Path | None, staff: str) -> None:
    """Save the invoice.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        FileExistsError: there is a file of this name already.
    """

    async def printed(booking_id: UUID, wiring: Wiring, letterhead: Letterhead) -> bytes:
        found = await read_invoice(booking_id, wiring.ports)
        return print_invoice(found, letterhead, wiring.terms.zone)

    _save(number, StaffCommand.DOCUMENTS_INVOICE, printed, name="invoice", to=to, staff=staff)


def save_bill_of_lading(number: str, *, to: Path | None, staff: str) -> None:
    """Save the bill of lading.

    Raises:
        PermissionDeniedError: staff may not.
        BookingNotFoundError: no booking has this number.
        NotCarriedError: it is pending or cancelled.
        FileExistsError: there is a file of this name already.
    """

    async def printed(booking_id: UUID, wiring: Wiring, letterhead: Letterhead) -> bytes:
        found = await read_bill_of_lading(booking_id, wiring.ports)
        return print_bill_of_lading(found, letterhead, wiring.terms.zone)

    command = StaffCommand.DOCUMENTS_BILL_OF_LADING
    _save(number, command, printed, name="bill-of-lading", to=to, staff=staff)


def save_day_sheets(plan_on: date, *, to: Path | None, staff: str) -> None:
    """Save the day sheets of every crew.

    Raises:
        PermissionDeniedError: staff may not.
        PlannerUnavailableError: the routing solver is not installed, or failed.
        FileExistsError: there is a file of this name already.
    """
    path = to or Path(f"day-sheets-{plan_on.isoformat()}.pdf")

    async def job(wiring: Wiring, _staff_name: str) -> None:
        ports, terms = wiring.ports, wiring.terms
        plan = await plan_day(plan_on, ports, terms)
        letterhead = Letterhead.of(terms)
        _write(path, print_day_sheets(plan, letterhead, terms.zone, printed_at=ports.clock()))

    run(as_staff(staff, StaffCommand.DOCUMENTS_DAY_SHEETS, job))


def _save(
    number: str,
    command: StaffCommand,
    printed: Print,
    *,
    name: str,
    to: Path | None,
    staff: str,
) -> None:
    async def job(wiring: Wiring, _staff_name: str) -> None:
        booking = await look_up_status(number, wiring.ports)
        path = to or Path(f"{name}-{booking.booking_number}.pdf")
        _write(path, await printed(booking.id, wiring, Letterhead.of(wiring.terms)))

    run(as_staff(staff, command, job))


def _write(path: Path, content: bytes) -> None:
    with new_file(path) as file:
        file.write(content)
    typer.echo(f"saved {path}, {decimal(len(content))}")
