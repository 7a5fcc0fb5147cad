"""`totetaxi pricebook`."""

from typing import Annotated

import typer

app = typer.Typer(help="The price book: what everything costs.", no_args_is_help=True)


@app.command()
def show(
    json: Annotated[bool, typer.Option("--json", help="Print the document itself.")] = False,
) -> None:
    """Show the price book in effect: catalog, fees, rules, taxes and terms.

    Example: totetaxi pricebook show --json > prices.json
    """
    from totetaxi_cli.price_book_view import show_book

    show_book(as_json=json)
