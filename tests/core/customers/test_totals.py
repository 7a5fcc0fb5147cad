from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from tests.builders import NOW, a_customer, an_id
from totetaxi_core.catalog import ServiceType
from totetaxi_core.customers.totals import (
    BookingSpend,
    CustomerTotals,
    Movement,
    totals_of,
    with_totals,
)
from totetaxi_core.ledger.entry import EntryKind

LATER = NOW + timedelta(days=3)
NOTHING = CustomerTotals(total_bookings=0, total_spent_cents=0, last_booking_at=None, is_vip=False)


def a_spend(
    *moved: int,
    total_cents: int = 99_500,
    confirmed_at: datetime | None = NOW,
    is_cancelled: bool = False,
    service_type: ServiceType = ServiceType.MINI_MOVE,
) -> BookingSpend:
    """A booking whose money came and went by these amounts, an hour apart."""
    return BookingSpend(
        booking_id=an_id(),
        service_type=service_type,
        total_cents=total_cents,
        confirmed_at=confirmed_at,
        is_cancelled=is_cancelled,
        movements=tuple(
            Movement(
                kind=EntryKind.CHARGE if cents > 0 else EntryKind.REFUND,
                posted_at=NOW + timedelta(hours=hours),
                amount_cents=cents,
            )
            for hours, cents in enumerate(moved)
        ),
    )


@pytest.mark.parametrize(
    ("spend", "is_counted"),
    [
        (a_spend(99_500), True),
        (a_spend(99_500, -99_499, is_cancelled=True), True),
        (a_spend(99_500, -99_500, is_cancelled=True), False),
        (a_spend(99_500, -99_500), False),
        (a_spend(99_500, -99_500, 99_500), True),
        (a_spend(99_500, -120_000), False),
        (a_spend(confirmed_at=None), False),
        (a_spend(99_500, confirmed_at=None), False),
        (a_spend(total_cents=0), True),
        (a_spend(total_cents=0, is_cancelled=True), False),
        (a_spend(), False),
    ],
)
def test_given_a_booking_when_counted_then_it_was_confirmed_and_not_given_back(
    spend: BookingSpend, *, is_counted: bool
) -> None:
    totals = CustomerTotals.of([spend])

    assert spend.is_counted is is_counted
    assert totals.total_bookings == int(is_counted)
    assert totals.last_booking_at == (NOW if is_counted else None)


@pytest.mark.parametrize(
    ("spends", "spent_cents", "is_vip"),
    [
        ((), 0, False),
        ((a_spend(199_999),), 199_999, False),
        ((a_spend(200_000),), 200_000, True),
        ((a_spend(100_000), a_spend(100_000)), 200_000, True),
        ((a_spend(100_000), a_spend(100_000, -1)), 199_999, False),
        ((a_spend(300_000), a_spend(-100_001, confirmed_at=None)), 199_999, False),
        ((a_spend(10_000, -15_000),), 0, False),
        ((a_spend(20_000, confirmed_at=None),), 20_000, False),
    ],
)
def test_given_money_when_summed_then_it_is_net_and_never_below_nothing(
    spends: Sequence[BookingSpend], spent_cents: int, *, is_vip: bool
) -> None:
    totals = CustomerTotals.of(spends)

    assert (totals.total_spent_cents, totals.is_vip) == (spent_cents, is_vip)


def test_given_several_bookings_when_counted_then_the_last_that_counts_is_told() -> None:
    given_back = a_spend(100, -100, confirmed_at=LATER + timedelta(days=1))

    totals = CustomerTotals.of([a_spend(100, confirmed_at=LATER), a_spend(100), given_back])

    assert (totals.total_bookings, totals.last_booking_at) == (2, LATER)


def test_given_an_account_when_it_gets_totals_then_it_has_those_and_nothing_else_changed() -> None:
    customer = a_customer()
    totals = CustomerTotals.of([a_spend(250_000)])

    changed = with_totals(customer, totals)

    assert totals_of(customer) == NOTHING
    assert totals_of(changed) == totals
    assert with_totals(changed, NOTHING) == customer
