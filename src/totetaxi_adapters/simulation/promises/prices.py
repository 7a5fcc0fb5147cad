"""One price: what the lines add up to is what is owed, asked for and charged."""

from collections.abc import Iterator

from totetaxi_adapters.simulation.promises.books import BookingBooks
from totetaxi_core.payments.payment import AttemptState


def one_price(books: BookingBooks) -> Iterator[str]:
    quote = books.booking.quote
    lines = sum(line.amount_cents for line in quote.lines)
    if lines != quote.total_cents:
        yield f"the lines add up to {lines} cents, the total is {quote.total_cents}"
    if books.has_moved:
        yield from _asked_of_moved(books)
        return
    asked = {each.amount_cents for each in books.own_payments}
    asked |= {each.amount_cents for each in books.intents}
    for cents in sorted(asked - {quote.total_cents}):
        yield f"{cents} cents are asked for where the price is {quote.total_cents}"


def _asked_of_moved(books: BookingBooks) -> Iterator[str]:
    """What can be paid now is what its payment is for, at the price of today."""
    payments = {each.id: each for each in books.payments}
    intents = {each.id: each for each in books.intents}
    for attempt in books.attempts:
        intent = intents.get(attempt.intent_id or "")
        if attempt.state is AttemptState.LIVE and intent is not None:
            cents = payments[attempt.payment_id].amount_cents
            if intent.amount_cents != cents:
                yield f"{intent.amount_cents} cents are asked for where {cents} are to pay"
