"""`totetaxi payments`."""

import typer

from totetaxi_cli.bookings import AsJson, Number, Staff

app = typer.Typer(help="Payments: send a guest a new link to pay.", no_args_is_help=True)


@app.callback()
def payments() -> None:
    """Keep `link` a command of its own while it is the only one."""


@app.command()
def link(number: Number, staff: Staff, json: AsJson = False) -> None:
    """Mail a new link to pay a booking; what could pay it before is closed first.

    Example: totetaxi payments link TT-7K2M9XQ4 --as maria
    """
    from totetaxi_cli.payment_link import link_to_terminal

    link_to_terminal(number, staff=staff, as_json=json)
