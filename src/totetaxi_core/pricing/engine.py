"""The one price engine: preview, booking, intent, invoice and simulation all ask it.

Source: docs/pricing.md.
"""

from datetime import datetime

from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing.choices import choose
from totetaxi_core.pricing.compiled_book import CompiledBook, compiled
from totetaxi_core.pricing.extras import extra_lines
from totetaxi_core.pricing.fare import ORGANIZING_BASE, fare
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.pricing.reductions import adjustment_line, discount_line, tax_lines


def quote(request: QuoteRequest, book: PriceBook, *, at: datetime | None = None) -> Quote:
    """Price a request: pure, and the same answer every time.

    Neither calendar nor charge limits are looked at. `at` is the aware instant at which a discount
    code must be valid; without one, a code with a validity of its own is refused.

    Raises:
        InvalidInputError: names every bad field; `outside_service_area` or
            `discount_unavailable` when nothing else is wrong.
    """
    prices = compiled(book)
    choices = choose(request, prices)
    base = fare(request, choices, prices)
    hours = base.hours + sum(service.estimated_hours for service in choices.organizing)
    lines = extra_lines(request, choices, prices)
    if base.line is not None:
        lines.insert(0, base.line)
    surcharges = prices.surcharges.lines(
        request,
        zips=(choices.pickup_zip, choices.delivery_zip),
        base_cents=base.line.amount_cents if base.line is not None else 0,
        hours=hours,
    )
    lines += surcharges
    lines += _closing_lines(request, prices, lines, at=at)
    kept = tuple([line for line in lines if line.amount_cents or line is ORGANIZING_BASE])
    return Quote(
        request=request,
        price_book_version=book.version,
        lines=kept,
        total_cents=sum([line.amount_cents for line in kept]),
        estimated_hours=hours,
    )


def _closing_lines(
    request: QuoteRequest, prices: CompiledBook, priced: list[QuoteLine], *, at: datetime | None
) -> list[QuoteLine]:
    """Return the discount, the staff adjustment and the taxes on the lines priced so far."""
    subtotal_cents = sum([line.amount_cents for line in priced])
    discount = discount_line(request, prices, subtotal_cents=subtotal_cents, at=at)
    discount_cents = -discount.amount_cents if discount else 0
    closing = [discount] if discount else []
    taxable = priced
    if request.adjustment is not None:
        adjustment = adjustment_line(
            request.adjustment, so_far_cents=subtotal_cents - discount_cents
        )
        closing.append(adjustment)
        taxable = [*priced, adjustment]
    return closing + tax_lines(prices.tax_rules, taxable, discount_cents=discount_cents)
