from datetime import UTC, datetime, timedelta

import pytest

from tests.core.price_book.small_document import small_book

PICKUP_AT = datetime(2026, 12, 1, 14, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("notice", "refund_bp"),
    [
        (timedelta(days=90), 10_000),
        (timedelta(hours=48), 10_000),
        (timedelta(hours=48) - SECOND, 5_000),
        (timedelta(hours=24), 5_000),
        (timedelta(hours=24) - SECOND, 0),
        (timedelta(0), 0),
        (-SECOND, 0),
    ],
)
def test_given_the_terms_when_cancelled_then_a_tier_begins_at_its_very_instant(
    notice: timedelta, refund_bp: int
) -> None:
    terms = small_book().cancellation_terms

    share = terms.refund_bp(pickup_at=PICKUP_AT, at=PICKUP_AT - notice)

    assert share == refund_bp


def test_given_an_odd_cent_when_half_is_refunded_then_it_is_rounded_down() -> None:
    terms = small_book().cancellation_terms

    refund = terms.refund_cents(101, pickup_at=PICKUP_AT, at=PICKUP_AT - timedelta(hours=30))

    assert refund == 50


def test_given_no_tiers_when_cancelled_then_nothing_comes_back() -> None:
    terms = small_book(cancellation_terms=[]).cancellation_terms

    refund = terms.refund_cents(10_000, pickup_at=PICKUP_AT, at=PICKUP_AT - timedelta(days=90))

    assert refund == 0
