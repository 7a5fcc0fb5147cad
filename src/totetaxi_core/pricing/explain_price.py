"""Why a price is what it is: each surcharge rule, and why it added what it did, or nothing.

The engine itself is asked; nothing here decides whether a rule matches.
Source: docs/pricing.md, "Why this price".
"""

from dataclasses import dataclass
from enum import StrEnum

from totetaxi_core.geography.zip_code import FIVE
from totetaxi_core.price_book.book_words import day_words
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.rule_words import (
    SERVICES,
    clock_words,
    dates_words,
    place_words,
    weekday_words,
)
from totetaxi_core.price_book.surcharge_rule import SurchargeRule
from totetaxi_core.pricing.compiled_book import compiled
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.line_kind import LineKind
from totetaxi_core.pricing.quote import Quote
from totetaxi_core.pricing.quote_line import QuoteLine
from totetaxi_core.pricing.quote_request import QuoteRequest
from totetaxi_core.pricing.surcharges import one_a_group
from totetaxi_core.weekday import weekday_of


class Outcome(StrEnum):
    """`beaten`: another rule of its group stays in its place."""

    CHARGED = "charged"
    BEATEN = "beaten"
    ADDS_NOTHING = "adds_nothing"
    NOT_MATCHED = "not_matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFinding:
    """What became of one rule.

    `amount_cents` is what it added, or would have added were it not beaten; 0 where not matched.
    `failed` is the first condition that does not hold, None where all do.
    """

    rule: SurchargeRule
    outcome: Outcome
    reason: str
    amount_cents: int = 0
    failed: Condition | None = None
    beaten_by: str | None = None


def explain_price(priced: Quote, book: PriceBook) -> tuple[RuleFinding, ...]:
    """Return a finding for each surcharge rule of the book that priced it, in the book's order."""
    request, surcharges = priced.request, compiled(book).surcharges
    zips = _five(request.pickup_zip), request.delivery_zip and _five(request.delivery_zip)
    matching = surcharges.matching(
        request,
        zips=zips,
        base_cents=priced.totals_by_kind[LineKind.BASE],
        hours=priced.estimated_hours,
    )
    found = _matched(matching)
    failed = {rule.id: failed for rule, failed in surcharges.first_failed(request, zips=zips)}
    for rule in book.surcharge_rules:
        if rule.id not in found:
            condition = failed.get(rule.id) or Condition.IS_ACTIVE
            found[rule.id] = RuleFinding(
                rule=rule,
                outcome=Outcome.NOT_MATCHED,
                reason=_why_not(condition, rule, request, book),
                failed=condition,
            )
    return tuple(found[rule.id] for rule in book.surcharge_rules)


def _matched(matching: list[tuple[SurchargeRule, QuoteLine]]) -> dict[object, RuleFinding]:
    staying = {line.rule_id for line in one_a_group(matching)}
    winners = {
        rule.exclusive_group: rule.slug
        for rule, _ in matching
        if rule.id in staying and rule.exclusive_group is not None
    }
    found: dict[object, RuleFinding] = {}
    for rule, line in matching:
        is_beaten = rule.id not in staying
        beaten_by = winners[rule.exclusive_group] if is_beaten and rule.exclusive_group else None
        found[rule.id] = _finding(rule, line, beaten_by=beaten_by)
    return found


def _finding(rule: SurchargeRule, line: QuoteLine, *, beaten_by: str | None) -> RuleFinding:
    if beaten_by is not None:
        outcome, reason = Outcome.BEATEN, f"{beaten_by} of the same group is charged instead"
    elif line.amount_cents:
        times = f" for each of {line.quantity} addresses" if line.quantity > 1 else ""
        outcome, reason = Outcome.CHARGED, f"every condition holds{times}"
    else:
        outcome, reason = Outcome.ADDS_NOTHING, "every condition holds, and it comes to $0.00"
    return RuleFinding(
        rule=rule,
        outcome=outcome,
        reason=reason,
        amount_cents=line.amount_cents,
        beaten_by=beaten_by,
    )


def _why_not(failed: Condition, rule: SurchargeRule, request: QuoteRequest, book: PriceBook) -> str:
    """Return what the rule asks for and what this pickup is: "only on Saturdays; it is ..."."""
    if failed is Condition.IS_ACTIVE:
        return "it is not active"
    asked, is_ = _asked_and_found(failed, rule, request, book)
    return f"only {asked}; this one is {is_}"


def _asked_and_found(
    failed: Condition, rule: SurchargeRule, request: QuoteRequest, book: PriceBook
) -> tuple[str, str]:
    on = request.pickup_date
    if failed is Condition.SERVICE_TYPE:
        asked = SERVICES[rule.service_type] if rule.service_type else "all bookings"
        return f"for {asked}", f"one of {SERVICES[request.service_type]}"
    if failed is Condition.DATES:
        return dates_words(rule), f"on {day_words(on)}"
    if failed is Condition.WEEKDAYS:
        return weekday_words(rule), f"on a {weekday_of(on).value.title()}"
    if failed is Condition.TIME:
        return clock_words(rule), f"at {request.pickup_time:%H:%M}"
    to = f" to {_five(request.delivery_zip)}" if request.delivery_zip else ""
    return place_words(rule, book), f"from {_five(request.pickup_zip)}{to}"


def _five(zip_code: str) -> str:
    return zip_code[:FIVE]
