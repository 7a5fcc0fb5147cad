from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from tests.builders import a_booking, a_ledger_entry, a_payment
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.daily_revenue import Revenue, daily_revenue
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.ledger.trial_balance import trial_balance
from totetaxi_core.refusal import InvalidInputError

PAYMENT = a_payment(a_booking())
SOLD = {Account.STRIPE: 990, Account.REVENUE: -1_000, Account.DISCOUNTS: 100, Account.TAX: -90}
GIVEN_BACK = {Account.STRIPE: -99, Account.REFUNDS: 90, Account.TAX: 9}
BACK_AGAIN = {account: -cents for account, cents in GIVEN_BACK.items()}
LOST = {Account.STRIPE: -500, Account.DISPUTE_LOSSES: 500}
SALE = Revenue(gross_cents=1_000, discount_cents=100, tax_collected_cents=90)


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


async def post(
    house: MemoryHouse,
    at: datetime,
    amounts: Mapping[Account, int],
    kind: EntryKind = EntryKind.CHARGE,
) -> None:
    entry = a_ledger_entry(PAYMENT, kind=kind, amounts=amounts, posted_at=at)
    async with house.ports.unit_of_work() as uow:
        await uow.ledger.post(entry)
        await uow.commit()


async def test_given_movements_of_every_kind_when_reported_then_each_counts_in_its_column() -> None:
    house = MemoryHouse()
    at = utc(2026, 11, 20, 15)
    await post(house, at, SOLD)
    await post(house, at, GIVEN_BACK, EntryKind.REFUND)
    await post(house, at, GIVEN_BACK, EntryKind.REFUND)
    await post(house, at, BACK_AGAIN, EntryKind.REFUND_FAILED)
    await post(house, at, LOST, EntryKind.DISPUTE)
    await post(house, at, {Account.STRIPE: 7, Account.CUSTOMER_MONEY: -7})

    report = await daily_revenue(house.ports, house.terms)

    day = report.days[date(2026, 11, 20)]
    assert day == Revenue(
        gross_cents=1_000,
        discount_cents=100,
        refund_cents=90,
        dispute_loss_cents=500,
        tax_collected_cents=90,
        tax_refunded_cents=9,
    )
    assert day.net_cents == 310
    assert report.total == day


@pytest.mark.parametrize(
    ("on", "begins_at", "ends_at"),
    [
        (date(2026, 3, 8), utc(2026, 3, 8, 5), utc(2026, 3, 9, 4)),  # 23 hours
        (date(2026, 11, 1), utc(2026, 11, 1, 4), utc(2026, 11, 2, 5)),  # 25 hours
        (date(2026, 11, 23), utc(2026, 11, 23, 5), utc(2026, 11, 24, 5)),
    ],
)
async def test_given_a_day_in_new_york_when_reported_then_it_is_midnight_to_midnight_there(
    on: date, begins_at: datetime, ends_at: datetime
) -> None:
    house = MemoryHouse()
    just_before = begins_at.replace(minute=59, second=59, hour=begins_at.hour - 1)
    just_inside = ends_at.replace(minute=59, second=59, hour=ends_at.hour - 1)
    for at in (just_before, begins_at, just_inside, ends_at):
        await post(house, at, SOLD)

    report = await daily_revenue(house.ports, house.terms, from_on=on, to_on=on)

    assert list(report.days) == [on]
    assert report.total.gross_cents == 2_000


async def test_given_no_days_when_reported_then_it_is_this_month_in_new_york_up_to_today() -> None:
    house = MemoryHouse(at=utc(2026, 12, 1, 4, 59))  # still the last of November there
    await post(house, utc(2026, 11, 30, 12), SOLD)

    report = await daily_revenue(house.ports, house.terms)

    days = list(report.days)
    assert (days[0], days[-1], len(days)) == (date(2026, 11, 1), date(2026, 11, 30), 30)
    assert report.days[days[-1]] == report.total == SALE
    assert report.days[days[0]] == Revenue()


@pytest.mark.parametrize(
    ("from_on", "to_on", "code"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "out_of_order"),
        (date(2025, 11, 1), date(2026, 11, 2), "out_of_range"),
    ],
)
async def test_given_days_that_make_no_report_when_asked_for_then_it_is_refused(
    from_on: date, to_on: date, code: str
) -> None:
    house = MemoryHouse()

    with pytest.raises(InvalidInputError) as refusal:
        await daily_revenue(house.ports, house.terms, from_on=from_on, to_on=to_on)

    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("to", code)]


async def test_given_entries_when_balanced_then_every_account_is_told_and_the_sum_is_zero() -> None:
    house = MemoryHouse()
    await post(house, utc(2026, 11, 20, 15), SOLD)
    await post(house, utc(2026, 11, 20, 15), GIVEN_BACK, EntryKind.REFUND)

    balance = await trial_balance(house.ports)

    assert list(balance.balances) == list(Account)
    assert balance.balances[Account.STRIPE] == 891
    assert balance.balances[Account.CUSTOMER_MONEY] == 0
    assert (balance.debit_cents, balance.credit_cents) == (1_081, 1_081)
    assert balance.sum_cents == 0
