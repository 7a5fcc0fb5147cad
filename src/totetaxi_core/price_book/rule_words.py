"""For which bookings an entry of the book counts, in words."""

from collections.abc import Iterator

from totetaxi_core.catalog import ServiceType
from totetaxi_core.money import money_words
from totetaxi_core.price_book.book_words import (
    day_words,
    listed,
    percent_words,
    value_words,
)
from totetaxi_core.price_book.discount_code import DiscountCode
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.surcharge_rule import SurchargeKind, SurchargeRule
from totetaxi_core.price_book.tax_rule import TaxRule

SERVICES = {
    ServiceType.MINI_MOVE: "mini moves",
    ServiceType.STANDARD_DELIVERY: "deliveries",
    ServiceType.ORGANIZING_ONLY: "organizing visits without a move",
    ServiceType.BLADE_DELIVERY: "helicopter deliveries",
}


def rule_amount_words(rule: SurchargeRule) -> str:
    """Return what a rule adds: "$175.00 for each address"."""
    if rule.kind is SurchargeKind.PERCENTAGE:
        amount = f"{percent_words(rule.rate_bp)} of the base price"
    else:
        hourly = " an hour" if rule.kind is SurchargeKind.PER_HOUR else ""
        amount = f"{money_words(rule.amount_cents)}{hourly}"
    return f"{amount} for each address" if rule.per_address else amount


def rule_scope(rule: SurchargeRule, book: PriceBook) -> str:
    """Return which bookings a rule matches: "mini moves picked up on Saturdays, Sundays"."""
    who = SERVICES[rule.service_type] if rule.service_type else "all bookings"
    conditions = [*_when(rule), place_words(rule, book)]
    return " ".join(words for words in (who, *conditions) if words)


def own_zips(rule: SurchargeRule, book: PriceBook) -> frozenset[str]:
    """Return the ZIPs a rule names itself, without those of its zones."""
    members = (book.zones.get(zone, frozenset()) for zone in rule.zones)
    return rule.zip_codes - frozenset().union(*members)


def code_scope(code: DiscountCode) -> str:
    """Return whose orders a code is for."""
    services = listed(SERVICES[service] for service in code.service_types) or "all bookings"
    return f"{services} that bring the code {code.code}"


def code_amount_words(code: DiscountCode) -> str:
    """Return what a code takes off."""
    return percent_words(code.rate_bp) if code.rate_bp else money_words(code.amount_cents)


def tax_scope(tax: TaxRule) -> str:
    return f"bookings with {value_words('line_kinds', tax.line_kinds)} lines"


def _when(rule: SurchargeRule) -> Iterator[str]:
    days, dates = weekday_words(rule), dates_words(rule)
    if days or dates:
        yield "picked up"
    yield from (words for words in (days, dates, clock_words(rule)) if words)


def weekday_words(rule: SurchargeRule) -> str:
    """Return "on Saturdays, Sundays", nothing where the rule asks for no day of the week."""
    return f"on {value_words('weekdays', rule.weekdays)}" if rule.weekdays else ""


def dates_words(rule: SurchargeRule) -> str:
    """Return such as "from July 1, 2026 on", nothing where the rule asks for no date."""
    first, last = rule.date_from, rule.date_to
    if first and last:
        if first == last:
            return f"on {day_words(first)}"
        return f"from {day_words(first)} to {day_words(last)}"
    if first:
        return f"from {day_words(first)} on"
    return f"until {day_words(last)}" if last else ""


def clock_words(rule: SurchargeRule) -> str:
    """Return such as "before 09:00", nothing where the rule asks for no time of day."""
    start, end = rule.time_start, rule.time_end
    if start and end:
        return f"between {start:%H:%M} and {end:%H:%M}"
    if start:
        return f"at or after {start:%H:%M}"
    return f"before {end:%H:%M}" if end else ""


def place_words(rule: SurchargeRule, book: PriceBook) -> str:
    """Return such as "from or to new jersey", nothing where the rule asks for no place."""
    if not rule.is_geographic:
        return ""
    places = [zone.replace("_", " ") for zone in rule.zones]
    places += sorted(own_zips(rule, book))
    return f"from or to {listed(places)}"
