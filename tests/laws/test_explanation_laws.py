from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.price_book.small_document import Document
from tests.laws import pricing_strategies as draw_
from tests.laws.naive_surcharges import matches
from totetaxi_core import LineKind, PriceBook, Quote, QuoteRequest, quote
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.explain_price import Outcome, explain_price

REAL = PriceBook.default()
FIELDS = {
    Condition.IS_ACTIVE: ("is_active",),
    Condition.SERVICE_TYPE: ("service_type",),
    Condition.DATES: ("date_from", "date_to"),
    Condition.WEEKDAYS: ("weekdays",),
    Condition.TIME: ("time_start", "time_end"),
    Condition.PLACE: ("zip_codes", "zones"),
}
SURCHARGES = (LineKind.TIME_SURCHARGE, LineKind.GEOGRAPHIC_SURCHARGE)


def charged(priced: Quote, book: PriceBook) -> dict[str, int]:
    return {
        one.rule.slug: one.amount_cents
        for one in explain_price(priced, book)
        if one.outcome is Outcome.CHARGED
    }


def surcharges(priced: Quote) -> dict[str, int]:
    return {line.code: line.amount_cents for line in priced.lines if line.kind in SURCHARGES}


@given(request=draw_.requests(REAL))
def test_given_the_real_book_when_explained_then_the_rules_charged_are_the_surcharge_lines(
    request: QuoteRequest,
) -> None:
    priced = quote(request, REAL)

    assert charged(priced, REAL) == surcharges(priced)


@given(document=draw_.documents(), data=st.data())
def test_given_any_book_when_explained_then_each_rule_is_told_as_a_clerk_would_find_it(
    document: Document, data: st.DataObject
) -> None:
    book = PriceBook.from_document(document)
    wanted = data.draw(draw_.requests(book))
    request = replace(wanted, discount_code=None, adjustment=None)

    priced = quote(request, book)
    findings = explain_price(priced, book)

    assert charged(priced, book) == surcharges(priced)
    assert [one.rule for one in findings] == list(book.surcharge_rules)
    assert [one.failed is None for one in findings] == [
        matches(rule, request, document) for rule in document["surcharge_rules"]
    ]
    assert all((one.beaten_by is not None) is (one.outcome is Outcome.BEATEN) for one in findings)


@given(document=draw_.documents(), data=st.data())
def test_given_a_rule_not_charged_when_explained_then_the_first_condition_named_is_the_one(
    document: Document, data: st.DataObject
) -> None:
    book = PriceBook.from_document(document)
    wanted = data.draw(draw_.requests(book))
    request = replace(wanted, discount_code=None, adjustment=None)

    for found, rule in zip(
        explain_price(quote(request, book), book), document["surcharge_rules"], strict=True
    ):
        names = list(FIELDS)
        holds = [
            matches({name: rule[name] for name in FIELDS[one] if name in rule}, request, document)
            for one in names
        ]
        assert found.failed == (None if all(holds) else names[holds.index(False)])
