"""Prices and the rules that make them: one immutable document, version by version."""

from totetaxi_core.price_book.cancellation_terms import CancellationTerms, CancellationTier
from totetaxi_core.price_book.discount_code import DiscountCode, DiscountKind
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.surcharge_rule import SurchargeKind, SurchargeRule
from totetaxi_core.price_book.tax_rule import TaxRule

__all__ = [
    "CancellationTerms",
    "CancellationTier",
    "DiscountCode",
    "DiscountKind",
    "PriceBook",
    "SurchargeKind",
    "SurchargeRule",
    "TaxRule",
]
