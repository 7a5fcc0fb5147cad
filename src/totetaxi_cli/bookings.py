"""`totetaxi bookings`."""

from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.option_group import with_options
from totetaxi_cli.order_options import BookingOptions
from totetaxi_core.bookings.booking_status import BookingStatus

MOST_LISTED = 100

app = typer.Typer(help="Bookings: make, list, show and cancel them.", no_args_is_help=True)

Staff = Annotated[
    str,
    typer.Option(
        "--as",
        envvar="TOTETAXI_STAFF",
        metavar="NAME",
        help="Who does this: on record. A username, once there are accounts (`staff create`).",
    ),
]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Such as TT-7K2M9XQ4.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, with HTTP's names.")]


@app.command()
@with_options(BookingOptions)
def create(
    options: BookingOptions,
    staff: Staff,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Read the booking from JSON, as HTTP's guest-booking takes it; - is standard"
            " input.",
        ),
    ] = None,
    override_reason: Annotated[
        str | None,
        typer.Option(
            "--override-reason",
            metavar="TEXT",
            help="Book outside the schedule's dates or above the charge limit, and say why.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Book for a guest: the crew is held 24 hours for the payment.

    Example: totetaxi bookings create --as maria --service mini_move --package petite
    --date 2026-12-01 --time 09:30 --from 10001 --from-line-1 "350 5th Ave" --from-city "New York"
    --from-state NY --to 11937 --to-line-1 "12 Main St" --to-city "East Hampton" --to-state NY
    --first-name Ada --last-name Lovelace --email ada@example.com --phone +12127365000
    """
    if file is not None and options != BookingOptions():
        raise typer.BadParameter("a file holds the whole booking: no other options beside it")
    from totetaxi_cli.booking_create import create_booking

    create_booking(options, file=file, staff=staff, override_reason=override_reason, as_json=json)


@app.command("list")
def list_(
    status: Annotated[BookingStatus | None, typer.Option("--status", help="Only those.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=MOST_LISTED, help="How many at most.")
    ] = 20,
    after: Annotated[
        str | None,
        typer.Option(
            "--after", metavar="NUMBER", help="Older than this one: what the last list ended with."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List bookings, newest first.

    Example: totetaxi bookings list --status pending --limit 50
    """
    from totetaxi_cli.booking_views import list_to_terminal

    list_to_terminal(status=status, limit=limit, after=after, as_json=json)


@app.command()
def show(number: Number, json: AsJson = False) -> None:
    """Show a booking: price, places, guest, payments, messages and what staff did.

    Example: totetaxi bookings show TT-7K2M9XQ4
    """
    from totetaxi_cli.booking_views import show_to_terminal

    show_to_terminal(number, as_json=json)


@app.command()
def cancel(
    number: Number,
    staff: Staff,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before money goes back.")] = False,
    expected_refund_cents: Annotated[
        int | None,
        typer.Option(
            "--expect-refund-cents",
            min=0,
            metavar="N",
            help="Cancel only if exactly this comes back; then nothing is asked.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Cancel a booking: the crew is free, and all that was paid and is left comes back.

    Example: totetaxi bookings cancel TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.booking_cancel import cancel_to_terminal

    cancel_to_terminal(
        number, staff=staff, yes=yes, expected_refund_cents=expected_refund_cents, as_json=json
    )
