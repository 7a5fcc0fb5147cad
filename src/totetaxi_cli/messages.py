"""`totetaxi messages`."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from totetaxi_cli.command_options import AsJson, Limit, Staff
from totetaxi_core.notifications.message import Channel, MessageKind, MessageState

app = typer.Typer(
    help="Mails and text messages: list and read them, have them sent again.",
    no_args_is_help=True,
)
addresses = typer.Typer(
    help="Addresses that refused what we sent: nothing goes there.", no_args_is_help=True
)
app.add_typer(addresses, name="addresses")

MessageId = Annotated[UUID, typer.Argument(metavar="ID", help="As `messages list` shows it.")]


@app.command("list")
def list_(
    to: Annotated[
        str | None, typer.Option("--to", metavar="ADDRESS", help="To this address or number alone.")
    ] = None,
    kind: Annotated[MessageKind | None, typer.Option("--kind", help="Only those.")] = None,
    channel: Annotated[Channel | None, typer.Option("--channel", help="Only those.")] = None,
    state: Annotated[MessageState | None, typer.Option("--state", help="Only those.")] = None,
    number: Annotated[
        str | None, typer.Option("--booking", metavar="NUMBER", help="About this booking alone.")
    ] = None,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        typer.Option("--after", metavar="TEXT", help="Older: what the last list ended with."),
    ] = None,
    json: AsJson = False,
) -> None:
    """List messages, newest first. `unknown` ones may have been sent: look before sending again.

    Example: totetaxi messages list --state unknown
    """
    from totetaxi_cli.message_views import Asked, list_to_terminal

    asked = Asked(
        to=to, kind=kind, channel=channel, state=state, number=number, limit=limit, after=after
    )
    list_to_terminal(asked, as_json=json)


@app.command()
def show(message_id: MessageId, staff: Staff, json: AsJson = False) -> None:
    """Show a message as it is kept: with a mark in place of each token.

    Example: totetaxi messages show 5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03 --as maria
    """
    from totetaxi_cli.message_views import show_to_terminal

    show_to_terminal(message_id, staff=staff, as_json=json)


@app.command("send-again")
def send_again(message_id: MessageId, staff: Staff, json: AsJson = False) -> None:
    """Have a message sent again that was refused, or may be lost: it may then come twice.

    Example: totetaxi messages send-again 5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03 --as maria
    """
    from totetaxi_cli.message_views import send_again_to_terminal

    send_again_to_terminal(message_id, staff=staff, as_json=json)


@app.command()
def settle(
    message_id: MessageId,
    staff: Staff,
    arrived: Annotated[
        bool,
        typer.Option(
            "--arrived/--given-up", help="Whether it came to its addressee, or shall not be sent."
        ),
    ],
    json: AsJson = False,
) -> None:
    """Say of a message that was refused, or may be lost, how it ended; nothing is sent.

    Example: totetaxi messages settle 5b0f7a52-6a1c-4f3e-9d27-8c1e4b6a9f03 --arrived --as maria
    """
    from totetaxi_cli.message_views import settle_to_terminal

    settle_to_terminal(message_id, arrived=arrived, staff=staff, as_json=json)


@app.command()
def preview(
    kind: Annotated[MessageKind, typer.Argument(metavar="KIND", help="Such as reminder.")],
    html: Annotated[bool, typer.Option("--html", help="As HTML.")] = False,
    ics: Annotated[bool, typer.Option("--ics", help="Its calendar entry.")] = False,
    sms: Annotated[bool, typer.Option("--sms", help="The text message beside it.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write to this file.")
    ] = None,
) -> None:
    """Show what a kind of message looks like, of an example booking.

    Example: totetaxi messages preview booking_confirmed --html --out confirmed.html
    """
    from totetaxi_cli.messages_preview import Shape, preview_to_terminal

    chosen = [
        shape
        for shape, is_wanted in zip(Shape, (not (html or ics or sms), html, ics, sms), strict=True)
        if is_wanted
    ]
    if len(chosen) > 1:
        raise typer.BadParameter("choose one of --html, --ics and --sms")
    preview_to_terminal(kind, chosen[0], out=out)


@addresses.command("list")
def addresses_list(limit: Limit = 20, json: AsJson = False) -> None:
    """List the addresses that refused, newest first, and why.

    Example: totetaxi messages addresses list
    """
    from totetaxi_cli.refused_address_views import list_to_terminal

    list_to_terminal(limit=limit, as_json=json)


@addresses.command("forget")
def addresses_forget(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="As the list shows it.")],
    staff: Staff,
    json: AsJson = False,
) -> None:
    """Let messages go to an address again that has refused.

    Example: totetaxi messages addresses forget ada@example.com --as maria
    """
    from totetaxi_cli.refused_address_views import forget_to_terminal

    forget_to_terminal(address, staff=staff, as_json=json)
