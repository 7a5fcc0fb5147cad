"""One price: what the lines add up to is what is owed, asked for and charged."""

from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import BookingBooks


def one_price(books: BookingBooks) -> Iterator[str]:
    quote = books.booking.quote
    lines = sum(line.amount_cents for line in quote.lines)
    if lines != quote.total_cents:
        yield f"the lines add up to {lines} cents, the total is {quote.total_cents}"
    asked = {each.amount_cents for each in books.own_payments}
    asked |= {each.amount_cents for each in books.intents}
    for cents in sorted(asked - {quote.total_cents}):
        yield f"{cents} cents are asked for where the price is {quote.total_cents}"
