"""What an address adds to a price by where it is."""

from totetaxi_core.catalog import ServiceType
from totetaxi_core.price_book import PriceBook, SurchargeKind, SurchargeRule
from totetaxi_core.pricing.surcharges import one_a_group, surcharge_line


def area_surcharge_cents(zip_code: str, book: PriceBook) -> int:
    """Return the fixed cents one address of these five digits adds, for the dearest service.

    Rules that also ask for a date, weekday or time are left out: they do not hold always.
    """
    rules = [
        rule
        for rule in book.surcharge_rules
        if zip_code in rule.zip_codes and rule.kind is SurchargeKind.FIXED and _is_constant(rule)
    ]
    return max(_sum_for(service, rules) for service in ServiceType)


def _sum_for(service: ServiceType, rules: list[SurchargeRule]) -> int:
    finished = [
        (rule, surcharge_line(rule, unit_cents=rule.amount_cents, addresses=1))
        for rule in rules
        if rule.service_type in (None, service)
    ]
    return sum(line.amount_cents for line in one_a_group(finished))


def _is_constant(rule: SurchargeRule) -> bool:
    timely = (rule.time_start, rule.time_end, rule.date_from, rule.date_to, rule.weekdays)
    return rule.is_active and not any(timely)
