from dataclasses import replace

import pytest

from tests.core.price_book.small_document import Document, code, id_of, rule, small_book, tax
from tests.core.pricing.sample_requests import (
    BLADE,
    MINI_MOVE,
    ORGANIZING,
    asking,
    lines_of,
    pieces,
)
from totetaxi_core import LineKind, PriceAdjustment, QuoteLine, QuoteRequest, quote

FULL = asking(
    MINI_MOVE,
    specialty_items=pieces("bike"),
    organizing_service_ids=(id_of("pack"),),
    include_packing=True,
    adjustment=PriceAdjustment(amount_cents=10, reason="stairs"),
)
RULES = [rule("time"), rule("place", amount_cents=200, zones=["shore"])]


def taxes(request: QuoteRequest, **changes: object) -> list[QuoteLine]:
    priced = quote(request, small_book(**changes))
    return [line for line in priced.lines if line.kind is LineKind.TAX]


@pytest.mark.parametrize(
    ("kind", "amount_cents"),
    [
        ("base", 10_001),
        ("specialty", 1_111),
        ("organizing", 3_333),
        ("addon", 501),
        ("time_surcharge", 100),
        ("geographic_surcharge", 200),
        ("adjustment", 10),
    ],
)
def test_given_a_tax_on_one_kind_when_quoted_then_its_lines_alone_are_taxed(
    kind: str, amount_cents: int
) -> None:
    (line,) = taxes(FULL, surcharge_rules=RULES, tax_rules=[tax("t", 10_000, kind)])

    assert (line.code, line.amount_cents, line.rate_bp) == ("t", amount_cents, 10_000)
    assert line.rule_id == id_of("t")


def test_given_several_taxes_when_quoted_then_each_is_one_line_on_the_sum_of_its_kinds() -> None:
    rules = [tax("z", 825, "base", "organizing"), tax("none", 0, "base"), tax("a", 100, "base")]

    lines = taxes(FULL, tax_rules=rules)

    assert [(line.code, line.amount_cents) for line in lines] == [("z", 1_100), ("a", 100)]


def test_given_half_a_cent_of_tax_when_quoted_then_it_goes_up() -> None:
    book_rules = [rule("a", amount_cents=1_000, zones=["shore"])]

    (line,) = taxes(
        BLADE, surcharge_rules=book_rules, tax_rules=[tax("t", 825, "geographic_surcharge")]
    )

    assert line.amount_cents == 83


def test_given_nothing_of_its_kinds_when_quoted_then_a_tax_has_no_line() -> None:
    found = taxes(MINI_MOVE, tax_rules=[tax("t", 825, "organizing")])

    assert found == []


def test_given_an_inactive_tax_when_quoted_then_it_has_no_line() -> None:
    found = taxes(MINI_MOVE, tax_rules=[tax("t", 825, "base") | {"is_active": False}])

    assert found == []


def two_lines(first_cents: int, second_cents: int, off_cents: int) -> Document:
    """Return a book of two surcharges, both taxed at 100 %, and a code."""
    return {
        "surcharge_rules": [
            rule("time", amount_cents=first_cents, service_type="organizing_only"),
            rule("place", amount_cents=second_cents, zones=["city"]),
        ],
        "tax_rules": [
            tax("on-time", 10_000, "time_surcharge"),
            tax("on-place", 10_000, "geographic_surcharge"),
            tax("on-visit", 10_000, "organizing"),
        ],
        "discount_codes": [code("SAVE", amount_cents=off_cents)],
    }


@pytest.mark.parametrize(
    ("first_cents", "second_cents", "off_cents", "expected"),
    [
        # visit 3,333: weights 3333, 3333, 3334 of 10,000; 1 cent goes to the largest remainder
        (3_333, 3_334, 1, {"on-visit": 3_333, "on-time": 3_333, "on-place": 3_333}),
        # all alike: the earlier line, which is the visit, bears the odd cent
        (3_333, 3_333, 1, {"on-visit": 3_332, "on-time": 3_333, "on-place": 3_333}),
        (3_333, 3_333, 2, {"on-visit": 3_332, "on-time": 3_332, "on-place": 3_333}),
        (3_333, 3_333, 300, {"on-visit": 3_233, "on-time": 3_233, "on-place": 3_233}),
        # everything taken off: nothing is left to tax
        (10, 20, 3_363, {}),
    ],
)
def test_given_a_discount_when_taxed_then_each_line_bears_its_share_by_largest_remainder(
    first_cents: int, second_cents: int, off_cents: int, expected: dict[str, int]
) -> None:
    request = replace(ORGANIZING, discount_code="SAVE")

    lines = taxes(request, **two_lines(first_cents, second_cents, off_cents))

    assert {line.code: line.amount_cents for line in lines} == expected


def test_given_a_discount_and_an_adjustment_when_taxed_then_the_adjustment_bears_no_share() -> None:
    adjustment = PriceAdjustment(amount_cents=1_000, reason="stairs")
    request = replace(MINI_MOVE, discount_code="SAVE", adjustment=adjustment)

    lines = taxes(
        request,
        tax_rules=[tax("a", 10_000, "adjustment"), tax("b", 10_000, "base")],
        discount_codes=[code("SAVE")],
    )

    assert [(line.code, line.amount_cents) for line in lines] == [("a", 1_000), ("b", 9_001)]


def test_given_a_tax_when_quoted_then_it_follows_everything_else() -> None:
    book = small_book(
        surcharge_rules=RULES,
        tax_rules=[tax("t", 825, "base")],
        discount_codes=[code("SAVE")],
    )

    priced = quote(replace(FULL, discount_code="save"), book)

    assert lines_of(priced) == [
        ("base", "petite", 10_001),
        ("specialty", "bike", 1_111),
        ("organizing", "pack", 3_333),
        ("addon", "packing", 501),
        ("time_surcharge", "time", 100),
        ("geographic_surcharge", "place", 200),
        ("discount", "SAVE", -1_000),
        ("adjustment", "adjustment", 10),
        ("tax", "t", 771),  # 8.25 % of 10,001 - 656 = 9,345: 770.96
    ]
    assert priced.total_cents == 15_027
    assert priced.totals_by_kind[LineKind.DISCOUNT] == -1_000
