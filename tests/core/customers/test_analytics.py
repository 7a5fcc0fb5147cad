from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.core.bookings.memory_house import NEW_YORK
from tests.core.customers.test_totals import a_spend
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.analytics import CustomerAnalytics
from totetaxi_core.customers.totals import BookingSpend, Movement
from totetaxi_core.ledger.entry import EntryKind

NOVEMBER = datetime(2026, 11, 23, 15, tzinfo=UTC)


def analytics(*spends: BookingSpend, at: datetime = NOVEMBER) -> CustomerAnalytics:
    return CustomerAnalytics.of(spends, at=at, zone=NEW_YORK)


def moved(*movements: tuple[datetime, int]) -> BookingSpend:
    """A booking whose money came and went then."""
    return replace(
        a_spend(),
        movements=tuple(
            Movement(kind=EntryKind.CHARGE, posted_at=at, amount_cents=cents)
            for at, cents in movements
        ),
    )


def test_given_nothing_booked_when_analyzed_then_all_is_nothing_and_vip_is_far() -> None:
    found = analytics()

    assert (found.totals.total_spent_cents, found.average_booking_cents) == (0, 0)
    assert (found.most_used_service, found.to_vip_cents) == (None, 200_000)
    assert next(iter(found.monthly_spending)) == date(2025, 12, 1)
    assert list(found.monthly_spending)[-1] == date(2026, 11, 1)
    assert set(found.monthly_spending.values()) == {0}
    assert len(found.monthly_spending) == 12


@pytest.mark.parametrize(
    ("cents", "missing"), [(1, 199_999), (199_999, 1), (200_000, None), (200_001, None)]
)
def test_given_money_spent_when_analyzed_then_what_is_missing_to_vip_is_told(
    cents: int, missing: int | None
) -> None:
    found = analytics(a_spend(cents))

    assert found.to_vip_cents == missing
    assert found.totals.is_vip is (missing is None)


def test_given_three_bookings_when_averaged_then_it_is_rounded_down() -> None:
    found = analytics(a_spend(100), a_spend(100), a_spend(100, -1))

    assert found.average_booking_cents == 99


def test_given_services_alike_often_when_analyzed_then_the_last_booked_of_them_is_told() -> None:
    move, fly = ServiceType.MINI_MOVE, ServiceType.BLADE_DELIVERY
    twice_each = [a_spend(1, service_type=service) for service in (move, fly, fly, move)]
    returned = [a_spend(1, -1, service_type=fly)] * 5

    assert analytics(*twice_each).most_used_service is move
    assert analytics(*twice_each, *returned).most_used_service is move
    assert analytics(*twice_each[:3], *returned).most_used_service is fly


def test_given_money_by_the_month_when_analyzed_then_the_month_is_new_yorks() -> None:
    midnight = datetime(2026, 11, 1, 4, tzinfo=UTC)  # still daylight saving time
    before = midnight - timedelta(microseconds=1)

    found = analytics(moved((before, 500), (midnight, -200)), moved((midnight, 50)))

    assert found.monthly_spending[date(2026, 10, 1)] == 500
    assert found.monthly_spending[date(2026, 11, 1)] == -150
    assert sum(found.monthly_spending.values()) == found.totals.total_spent_cents == 350


def test_given_money_of_a_year_ago_when_analyzed_then_it_is_in_no_month() -> None:
    begin = datetime(2025, 12, 1, 5, tzinfo=UTC)

    found = analytics(moved((begin, 7), (begin - timedelta(seconds=1), 900)))

    assert found.monthly_spending[date(2025, 12, 1)] == 7
    assert sum(found.monthly_spending.values()) == 7
    assert found.totals.total_spent_cents == 907


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        (datetime(2026, 1, 1, 4, 59, tzinfo=UTC), date(2025, 1, 1), date(2025, 12, 1)),
        (datetime(2026, 1, 1, 5, 0, tzinfo=UTC), date(2025, 2, 1), date(2026, 1, 1)),
        (datetime(2024, 3, 1, 4, 59, tzinfo=UTC), date(2023, 3, 1), date(2024, 2, 1)),
    ],
)
def test_given_the_turn_of_a_month_when_analyzed_then_the_twelve_end_with_new_yorks_own(
    at: datetime, first: date, last: date
) -> None:
    months = list(analytics(at=at).monthly_spending)

    assert (months[0], months[-1]) == (first, last)
    assert months == sorted(set(months))
