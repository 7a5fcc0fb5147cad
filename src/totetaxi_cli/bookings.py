"""`totetaxi bookings`."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.command_options import OLDER, TIME, AsJson, Limit, Notes, Number, Staff, day
from totetaxi_cli.option_group import with_options
from totetaxi_cli.order_options import BookingOptions
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.catalog import ServiceType

app = typer.Typer(
    help="Bookings: make, list and show them, and see each through to its end.",
    no_args_is_help=True,
)


@app.command()
@with_options(BookingOptions)
def create(
    options: BookingOptions,
    staff: Staff,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file",
            help="Read the booking from JSON, as HTTP's staff/bookings takes it; - is standard"
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
    customer: Annotated[
        str | None,
        typer.Option(
            "--customer",
            metavar="EMAIL",
            help="Book into this customer's account, in place of a guest's name and address.",
        ),
    ] = None,
    adjustment_cents: Annotated[
        int | None,
        typer.Option(
            "--adjust-cents", metavar="N", help="Add to the price, or (negative) take off it."
        ),
    ] = None,
    adjustment_reason: Annotated[
        str | None,
        typer.Option("--adjust-reason", metavar="TEXT", help="Why: a line of the price."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Book for a guest or a customer: the crew is held 24 hours for the payment.

    Example: totetaxi bookings create --as maria --service mini_move --package petite
    --date 2026-12-01 --time 09:30 --from 10001 --from-line-1 "350 5th Ave" --from-city "New York"
    --from-state NY --to 11937 --to-line-1 "12 Main St" --to-city "East Hampton" --to-state NY
    --first-name Ada --last-name Lovelace --email ada@example.com --phone +12127365000
    """
    if file is not None and options != BookingOptions():
        raise typer.BadParameter("a file holds the whole booking: no other options beside it")
    if (adjustment_cents is None) != (adjustment_reason is None):
        raise typer.BadParameter("give --adjust-cents and --adjust-reason, or neither")
    from totetaxi_cli.booking_create import StaffChoices, create_booking

    choices = StaffChoices(
        customer_email=customer,
        override_reason=override_reason,
        adjustment_cents=adjustment_cents,
        adjustment_reason=adjustment_reason,
    )
    create_booking(options, choices, file=file, staff=staff, as_json=json)


@app.command("list")
def list_(
    status: Annotated[BookingStatus | None, typer.Option("--status", help="Only those.")] = None,
    first: Annotated[
        datetime | None,
        day("--from", "Picked up on or after this day."),
    ] = None,
    last: Annotated[
        datetime | None,
        day("--to", "Picked up on or before this day."),
    ] = None,
    service: Annotated[
        ServiceType | None, typer.Option("--service", help="Only of this service.")
    ] = None,
    search: Annotated[
        str | None,
        typer.Option(
            "--search",
            metavar="TEXT",
            help="A booking or telephone number, or how an e-mail address, whole or last name"
            " begins.",
        ),
    ] = None,
    customer: Annotated[
        str | None,
        typer.Option("--customer", metavar="EMAIL", help="Only in this customer's account."),
    ] = None,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="NUMBER", help=OLDER),
    ] = None,
    json: AsJson = False,
) -> None:
    """List bookings, newest first.

    Example: totetaxi bookings list --status confirmed --from 2026-12-01 --to 2026-12-07
    --search lovelace
    """
    if search is not None and not search.strip():
        raise typer.BadParameter("must not be blank", param_hint="--search")
    from totetaxi_cli.booking_views import WantedBookings, list_to_terminal

    wanted = WantedBookings(
        status=status,
        first=first.date() if first else None,
        last=last.date() if last else None,
        service=service,
        search=search,
        customer_email=customer,
    )
    list_to_terminal(wanted, limit=limit, after=after, as_json=json)


@app.command()
def show(number: Number, staff: Staff, json: AsJson = False) -> None:
    """Show a booking: price, places, contact, payments, messages, what staff did; it is on record.

    Example: totetaxi bookings show TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.booking_views import show_to_terminal

    show_to_terminal(number, staff=staff, as_json=json)


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
    notes: Notes = "",
    json: AsJson = False,
) -> None:
    """Cancel a booking: the crew is free, and all that was paid and is left comes back.

    Example: totetaxi bookings cancel TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.booking_cancel import cancel_to_terminal

    cancel_to_terminal(
        number,
        staff=staff,
        notes=notes,
        yes=yes,
        expected_refund_cents=expected_refund_cents,
        as_json=json,
    )


@app.command()
def reschedule(
    number: Number,
    staff: Staff,
    date: Annotated[
        datetime,
        day("--date", "The new day."),
    ],
    time: Annotated[
        datetime,
        typer.Option("--time", formats=[TIME], metavar="HH:MM", help="The new time of the pickup."),
    ],
    override_reason: Annotated[
        str | None,
        typer.Option(
            "--override-reason",
            metavar="TEXT",
            help="Move it outside the schedule's dates or above the charge limit, and say why.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it moves.")] = False,
    expected_total_cents: Annotated[
        int | None,
        typer.Option(
            "--expect-total-cents",
            min=0,
            metavar="N",
            help="Move it only if it costs exactly this there; then nothing is asked.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Move a booking to another date and time: the difference goes back, or a link to pay it out.

    Example: totetaxi bookings reschedule TT-7K2M9XQ4 --date 2026-12-02 --time 09:30 --as maria
    """
    from totetaxi_cli.booking_reschedule import MoveOptions, reschedule_to_terminal

    options = MoveOptions(
        pickup_date=date.date(),
        pickup_time=time.time(),
        override_reason=override_reason,
        expected_total_cents=expected_total_cents,
        yes=yes,
        as_json=json,
    )
    reschedule_to_terminal(number, options, staff=staff)


@app.command()
def confirm(
    number: Number,
    staff: Staff,
    cash: Annotated[
        bool, typer.Option("--cash", help="Its whole price was paid in cash: needed.")
    ] = False,
    notes: Notes = "",
    json: AsJson = False,
) -> None:
    """Confirm a pending booking that was paid in cash; its payment by card is called off.

    Example: totetaxi bookings confirm TT-7K2M9XQ4 --cash --as lou
    """
    if not cash:
        message = "say --cash: a booking paid by card is confirmed by its payment"
        raise typer.BadParameter(message, param_hint="--cash")
    from totetaxi_cli.booking_status import confirm_to_terminal

    confirm_to_terminal(number, staff=staff, notes=notes, as_json=json)


@app.command()
def start(number: Number, staff: Staff, notes: Notes = "", json: AsJson = False) -> None:
    """Record that the driver of a confirmed booking has set out.

    Example: totetaxi bookings start TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.booking_status import start_to_terminal

    start_to_terminal(number, staff=staff, notes=notes, as_json=json)


@app.command()
def complete(number: Number, staff: Staff, notes: Notes = "", json: AsJson = False) -> None:
    """Record that a booking is done; a confirmed one need not be started first.

    Example: totetaxi bookings complete TT-7K2M9XQ4 --as maria --notes "left with the doorman"
    """
    from totetaxi_cli.booking_status import complete_to_terminal

    complete_to_terminal(number, staff=staff, notes=notes, as_json=json)


@app.command()
def note(
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="At most 2,000 characters.")],
    staff: Staff,
    json: AsJson = False,
) -> None:
    """Write a note on a booking, for other staff; `bookings show` has them all.

    Example: totetaxi bookings note TT-7K2M9XQ4 "the elevator is out of order" --as maria
    """
    from totetaxi_cli.booking_note import note_to_terminal

    note_to_terminal(number, text, staff=staff, as_json=json)
