"""ToteTaxi's domain: prices, schedules, bookings and payments, on the standard library alone."""

from totetaxi_core.catalog import ServiceType
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import (
    LineKind,
    PriceAdjustment,
    Quote,
    QuoteLine,
    QuoteRequest,
    SpecialtyChoice,
    quote,
)
from totetaxi_core.refusal import DomainError, FieldFault, InvalidInputError

__all__ = [
    "DomainError",
    "FieldFault",
    "InvalidInputError",
    "LineKind",
    "PriceAdjustment",
    "PriceBook",
    "Quote",
    "QuoteLine",
    "QuoteRequest",
    "ServiceType",
    "SpecialtyChoice",
    "quote",
]
