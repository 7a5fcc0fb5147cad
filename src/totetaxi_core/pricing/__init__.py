"""The price engine: `quote(request, book)` is pure, and the only place a price is made."""

from totetaxi_core.pricing.engine import quote
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import PriceAdjustment, QuoteRequest, SpecialtyChoice

__all__ = [
    "LineKind",
    "PriceAdjustment",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "SpecialtyChoice",
    "quote",
]
