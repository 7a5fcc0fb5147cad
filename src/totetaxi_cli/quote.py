"""`totetaxi quote`."""

from typing import Annotated

import typer

from totetaxi_cli.option_group import with_options
from totetaxi_cli.order_options import PricingOptions


@with_options(PricingOptions)
def quote(
    options: PricingOptions,
    json: Annotated[
        bool, typer.Option("--json", help="Print what HTTP's pricing-preview answers.")
    ] = False,
) -> None:
    """Price a move with today's price book, line by line, and tell whether it can be booked.

    Example: totetaxi quote --service mini_move --package petite --date 2026-12-01 --time 09:30
    --from 10001 --to 11937
    """
    from totetaxi_cli.price_quote import quote_price

    quote_price(options, as_json=json)
