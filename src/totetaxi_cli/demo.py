"""`totetaxi demo`."""

from typing import Annotated

import typer

PAYING_CARD = "4242424242424242"


def demo(
    card: Annotated[
        str,
        typer.Option(
            "--card",
            metavar="NUMBER",
            help="Test card to pay with: 4000000000000002 is declined, 4000002760003184 asks for"
            " approval.",
        ),
    ] = PAYING_CARD,
) -> None:
    """Walk one booking from the catalog to its confirmation, showing each step.

    It really books, on the data of this machine, and pays at the sandbox; a service of its own
    answers it, whether or not another one runs. Not in production, nor with keys of Stripe.

    Example: totetaxi demo --card 4000002760003184
    """
    from totetaxi_cli.demo_start import start_demo

    start_demo(card)
