"""`totetaxi documents`."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli import papers
from totetaxi_cli.command_options import AsJson, Number, Staff
from totetaxi_core.documents.document import DocumentKind

app = typer.Typer(
    help="Files on bookings (photos, certificates, floor plans, proof of delivery), and papers.",
    no_args_is_help=True,
)

Document = Annotated[UUID, typer.Argument(metavar="ID", help="Of `documents list`.")]


@app.command("list")
def list_(booking: Number, json: AsJson = False) -> None:
    """List the files on a booking, oldest first.

    Example: totetaxi documents list TT-7K2M9XQ4
    """
    from totetaxi_cli.document_views import list_to_terminal

    list_to_terminal(booking, as_json=json)


@app.command()
def add(
    booking: Number,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            exists=True,
            dir_okay=False,
            readable=True,
            help="A JPEG, PNG, WebP, HEIC or PDF file of at most 10 MiB.",
        ),
    ],
    staff: Staff,
    kind: Annotated[DocumentKind, typer.Option("--kind", help="What it shows.")],
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="What to call it; else as it is.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Put a file on a booking; its customer sees it too.

    Example: totetaxi documents add TT-7K2M9XQ4 coi.pdf --kind certificate_of_insurance --as maria
    """
    from totetaxi_cli.document_acts import add_to_terminal

    add_to_terminal(booking, file, kind=kind, name=name, staff=staff, as_json=json)


@app.command()
def get(
    booking: Number,
    document: Document,
    staff: Staff,
    to: Annotated[
        Path | None,
        typer.Option("--to", metavar="PATH", help="Where to; else its own name, in this folder."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Save a file of a booking here; a file that is there already is never replaced.

    Example: totetaxi documents get TT-7K2M9XQ4 7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77 --as maria
    """
    from totetaxi_cli.document_views import get_to_terminal

    get_to_terminal(booking, document, to=to, staff=staff, as_json=json)


@app.command()
def remove(booking: Number, document: Document, staff: Staff, json: AsJson = False) -> None:
    """Remove a file from a booking; proof of delivery is kept.

    Example: totetaxi documents remove TT-7K2M9XQ4 7c1d5b1e-94f2-4a52-8f0b-3f6a1c9d2e77 --as maria
    """
    from totetaxi_cli.document_acts import remove_to_terminal

    remove_to_terminal(booking, document, staff=staff, as_json=json)


app.command()(papers.receipt)
app.command()(papers.invoice)
app.command()(papers.bill_of_lading)
app.command()(papers.day_sheets)
