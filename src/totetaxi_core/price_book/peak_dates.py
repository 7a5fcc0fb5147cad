"""Peak dates that come every year: whether next year's have a rule yet."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from totetaxi_core.price_book.surcharge_rule import SurchargeRule

YEAR: Final = timedelta(days=365)
NEAR: Final = timedelta(days=10)  # Labor Day and the like fall on another date each year
LONGEST: Final = timedelta(days=60)

Missing = dict[str, list[tuple[SurchargeRule, date]]]


def missing_peak_dates(rules: Iterable[SurchargeRule], *, on: date) -> Missing:
    """Return the rules for dates that have no rule like them when they come again within a year.

    They are told by group and service, each with the day around which it is missed. A rule is like
    another of the same group and service that ends within ten days of its next anniversary.
    """
    dated = [rule for rule in rules if _is_peak(rule)]
    missing: Missing = {}
    for rule in dated:
        again = _next_end(rule, on=on)
        if again is not None and not any(_covers(other, rule, again) for other in dated):
            label = rule.service_type.label.lower() if rule.service_type else "every service"
            found = missing.setdefault(label, [])
            if all(abs(again - day) > NEAR for _, day in found):
                found.append((rule, again))
    return missing


def _is_peak(rule: SurchargeRule) -> bool:
    first, last = rule.date_from, rule.date_to
    return first is not None and last is not None and last - first <= LONGEST


def _next_end(rule: SurchargeRule, *, on: date) -> date | None:
    """Return when the dates end for the first time from `on` on, if a year or less after them."""
    last = rule.date_to
    if last is None or not on - YEAR <= last < on:
        return None
    return last + YEAR


def _covers(other: SurchargeRule, rule: SurchargeRule, again: date) -> bool:
    if other.date_from is None or other.date_to is None:
        return False
    is_like = (other.service_type, other.exclusive_group) == (
        rule.service_type,
        rule.exclusive_group,
    )
    return is_like and other.date_from - NEAR <= again <= other.date_to + NEAR
