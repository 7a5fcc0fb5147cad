"""How the values of a price book read, and what its fields are called."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final

from totetaxi_core.money import money_words
from totetaxi_core.price_book.cancellation_terms import CancellationTerms
from totetaxi_core.weekday import IN_ORDER

NOTHING: Final = "nothing"
MOST_LISTED: Final = 8
QUOTED: Final = frozenset({"name", "title", "description", "slug", "code", "exclusive_group"})
FIELD_WORDS: Final[Mapping[str, str]] = {
    "aircraft_type": "the aircraft",
    "amount_cents": "the amount",
    "base_price_cents": "the price",
    "coi_cents": "the certificate of insurance",
    "coi_included": "certificate of insurance included",
    "date_from": "the first day",
    "date_to": "the last day",
    "estimated_hours": "the hours",
    "is_packing": "it packs",
    "kind": "the way it is counted",
    "line_kinds": "the lines it lies on",
    "max_discount_cents": "the most it takes off",
    "max_items": "the most items",
    "max_uses": "the most uses",
    "max_uses_per_customer": "the most uses by one customer",
    "max_weight_lb": "the most pounds",
    "max_weight_per_item_lb": "the most pounds of an item",
    "min_order_cents": "the smallest order",
    "minimum_charge_cents": "the minimum charge",
    "minimum_items": "the items priced when none is named",
    "minimum_price_cents": "the minimum price",
    "packing_cents": "packing",
    "per_address": "charged for each address",
    "price_cents": "the price",
    "price_per_item_cents": "the price of an item",
    "price_per_mile_cents": "the price of a mile",
    "rate_bp": "the rate",
    "same_day_cents": "same-day delivery",
    "service_type": "the service",
    "service_types": "the services",
    "time_end": "the end of the time of day",
    "time_start": "the start of the time of day",
    "unpacking_cents": "unpacking",
    "zip_codes": "the ZIPs",
}


def field_words(name: str) -> str:
    """Return what a field is called: "the price" for `price_cents`."""
    return FIELD_WORDS.get(name) or "the " + name.removesuffix("_cents").replace("_", " ")


def percent_words(rate_bp: int) -> str:
    """Return such as 8.25 %."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + " %"


def day_words(on: date) -> str:
    """Return such as September 7, 2026."""
    return f"{on:%B} {on.day}, {on.year}"


def value_words(name: str, value: object) -> str:
    """Return a field's value as a person reads it."""
    if value is None or value == "":
        return _absent_words(name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _number_words(name, value)
    if isinstance(value, CancellationTerms):
        return terms_words(value)
    if isinstance(value, frozenset | tuple):
        return _members_words(name, value)
    return _plain_words(name, value)


def terms_words(terms: CancellationTerms) -> str:
    tiers = (
        f"{percent_words(tier.refund_bp)} from {tier.notice_hours} hours on" for tier in terms.tiers
    )
    return ", ".join(tiers) or NOTHING


def sentence(text: str) -> str:
    """Return the text with a capital at its begin; names within keep theirs."""
    return text[:1].upper() + text[1:]


def listed(words: Iterable[str]) -> str:
    """Return the words with commas, the first few where there are many."""
    every = list(words)
    more = len(every) - MOST_LISTED
    return ", ".join(every[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _absent_words(name: str) -> str:
    if name.startswith("max_"):
        return "no limit"
    return "every service" if name == "service_type" else NOTHING


def _plain_words(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}"
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return f"“{value}”" if name in QUOTED else str(value).replace("_", " ")


def _number_words(name: str, value: int) -> str:
    if name.endswith("_cents"):
        return money_words(value)
    return percent_words(value) if name.endswith("_bp") else f"{value:,}"


def _members_words(name: str, values: Iterable[object]) -> str:
    if name == "weekdays":
        days = sorted(value for value in values if isinstance(value, int))
        return listed(f"{IN_ORDER[day].value.title()}s" for day in days) or "every day"
    words = [str(value).replace("_", " ") for value in values]
    return listed(sorted(words) if isinstance(values, frozenset) else words) or NOTHING
