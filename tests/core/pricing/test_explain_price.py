from datetime import date, time

import pytest

from tests.builders import PETITE
from totetaxi_core import PriceBook, QuoteRequest, quote
from totetaxi_core.catalog import ServiceType
from totetaxi_core.price_book.surcharge_rule import SurchargeRule
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.explain_price import Outcome, RuleFinding, explain_price

BOOK = PriceBook.default()
WEEKEND, JULY_4 = "weekend-mini_move", "peak-2026-july-4-mini_move"
OUTSIDE = "outside-core-mini_move"


def findings(on: date, *, to: str = "11937", book: PriceBook = BOOK) -> dict[str, RuleFinding]:
    request = QuoteRequest(
        service_type=ServiceType.MINI_MOVE,
        mini_move_package_id=PETITE.id,
        pickup_date=on,
        pickup_time=time(9, 30),
        pickup_zip="10001-1234",
        delivery_zip=to,
    )
    return {one.rule.slug: one for one in explain_price(quote(request, book), book)}


def rule(**changed: object) -> PriceBook:
    """Return the book with other words in its weekend rule for moves."""
    document = dict(BOOK.document)
    rules = [dict(one) for one in document["surcharge_rules"]]  # type: ignore[attr-defined]
    for one in rules:
        if one["slug"] == WEEKEND:
            one.update(changed)
    return PriceBook.from_document({**document, "surcharge_rules": rules})


def test_given_a_peak_date_on_a_weekend_when_explained_then_the_weekend_is_beaten_by_it() -> None:
    found = findings(date(2026, 7, 4), to="11954")

    assert (found[JULY_4].outcome, found[JULY_4].amount_cents) == (Outcome.CHARGED, 17_500)
    assert (found[WEEKEND].outcome, found[WEEKEND].beaten_by) == (Outcome.BEATEN, JULY_4)
    assert found[WEEKEND].amount_cents == 17_500
    assert found[OUTSIDE].outcome is Outcome.CHARGED


def test_given_a_tuesday_when_explained_then_the_first_condition_that_failed_is_named() -> None:
    found = findings(date(2026, 12, 1))

    assert found[WEEKEND].failed is Condition.WEEKDAYS
    assert found[WEEKEND].reason == "only on Saturdays, Sundays; this one is on a Tuesday"
    assert found[JULY_4].failed is Condition.DATES
    assert found[JULY_4].reason == "only on July 4, 2026; this one is on December 1, 2026"
    assert found[OUTSIDE].failed is Condition.PLACE
    assert found[OUTSIDE].reason.endswith("; this one is from 10001 to 11937")
    assert found["weekend-standard_delivery"].failed is Condition.SERVICE_TYPE
    assert {one.outcome for one in found.values()} == {Outcome.NOT_MATCHED}


@pytest.mark.parametrize(
    ("changed", "failed", "reason"),
    [
        ({"is_active": False}, Condition.IS_ACTIVE, "it is not active"),
        ({"time_end": "09:30"}, Condition.TIME, "only before 09:30; this one is at 09:30"),
    ],
)
def test_given_a_rule_put_aside_or_over_when_explained_then_that_is_the_reason(
    changed: dict[str, object], failed: Condition, reason: str
) -> None:
    found = findings(date(2026, 12, 5), book=rule(**changed))

    assert (found[WEEKEND].failed, found[WEEKEND].reason) == (failed, reason)
    assert isinstance(found[WEEKEND].rule, SurchargeRule)


def test_given_a_rule_of_nothing_when_explained_then_it_matched_and_added_nothing() -> None:
    found = findings(date(2026, 12, 5), book=rule(amount_cents=0))

    assert (found[WEEKEND].outcome, found[WEEKEND].failed) == (Outcome.ADDS_NOTHING, None)
