import pytest

from tests.core.price_book.small_document import Document, rule, share_rule, small_book
from totetaxi_core import PriceBook
from totetaxi_core.pricing.area_surcharge import area_surcharge_cents


def shore_cents(*rules: Document) -> int:
    return area_surcharge_cents("11937", small_book(surcharge_rules=list(rules)))


def test_given_rules_by_zip_and_by_zone_when_asked_then_both_count_at_their_own_addresses() -> None:
    book = small_book(
        surcharge_rules=[
            rule("by-zone", zones=["shore"], amount_cents=1_000),
            rule("by-zip", zip_codes=["11937", "07302"], amount_cents=20, per_address=True),
        ]
    )

    amounts = [area_surcharge_cents(zip_code, book) for zip_code in ("11937", "07302", "10001")]

    assert amounts == [1_020, 20, 0]


def test_given_rules_of_single_services_when_asked_then_the_dearest_service_is_told() -> None:
    amount = shore_cents(
        rule("all", zones=["shore"], amount_cents=5),
        rule("move", zones=["shore"], amount_cents=300, service_type="mini_move"),
        rule("delivery", zones=["shore"], amount_cents=200, service_type="standard_delivery"),
        rule("delivery-2", zones=["shore"], amount_cents=150, service_type="standard_delivery"),
    )

    assert amount == 355


def test_given_one_exclusive_group_when_asked_then_only_the_rule_that_stays_counts() -> None:
    amount = shore_cents(
        rule("far", zones=["shore"], amount_cents=500, exclusive_group="area"),
        rule("farther", zones=["shore"], amount_cents=700, exclusive_group="area"),
    )

    assert amount == 700


@pytest.mark.parametrize(
    "unsteady",
    [
        rule("late", zones=["shore"], time_start="11:00"),
        rule("summer", zones=["shore"], date_from="2026-07-01"),
        rule("weekend", zones=["shore"], weekdays=["saturday"]),
        rule("asleep", zones=["shore"], is_active=False),
        rule("by-hour", zones=["shore"], kind="per_hour"),
        share_rule("share", 1_000, zones=["shore"]),
        rule("anywhere"),
    ],
    ids=lambda document: str(document["slug"]),
)
def test_given_a_rule_that_does_not_always_add_the_same_when_asked_then_it_is_left_out(
    unsteady: Document,
) -> None:
    assert shore_cents(unsteady, rule("always", zones=["shore"], amount_cents=7)) == 7


def test_given_the_companys_book_when_asked_then_east_hampton_adds_and_manhattan_does_not() -> None:
    book = PriceBook.default()

    amounts = [area_surcharge_cents(zip_code, book) for zip_code in ("11954", "10021", "90210")]

    assert amounts == [17_500, 0, 0]
