"""The papers of `totetaxi documents`: receipt, invoice, bill of lading and day sheets."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.command_options import DATE, Number, Staff

To = Annotated[
    Path | None,
    typer.Option("--to", metavar="PATH", help="Where to; else a name of its own, in this folder."),
]


def receipt(booking: Number, staff: Staff, to: To = None) -> None:
    """Save the receipt of a booking as a PDF, once something was paid.

    Example: totetaxi documents receipt TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.paper_files import save_receipt

    save_receipt(booking, to=to, staff=staff)


def invoice(booking: Number, staff: Staff, to: To = None) -> None:
    """Save the invoice of a booking as a PDF: its prices, and what was paid and sent back.

    Example: totetaxi documents invoice TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.paper_files import save_invoice

    save_invoice(booking, to=to, staff=staff)


def bill_of_lading(booking: Number, staff: Staff, to: To = None) -> None:
    """Save the bill of lading of a booking as a PDF, for the crew to have signed.

    Example: totetaxi documents bill-of-lading TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.paper_files import save_bill_of_lading

    save_bill_of_lading(booking, to=to, staff=staff)


def day_sheets(
    on: Annotated[
        datetime,
        typer.Argument(metavar="YYYY-MM-DD", formats=[DATE], help="The day of the pickups."),
    ],
    staff: Staff,
    to: To = None,
) -> None:
    """Save a PDF with a sheet per crew: where to be when, whom to call, what to carry.

    The crews drive as `dispatch plan` says.

    Example: totetaxi documents day-sheets 2026-12-01 --as lou
    """
    from totetaxi_cli.paper_files import save_day_sheets

    save_day_sheets(on.date(), to=to, staff=staff)
