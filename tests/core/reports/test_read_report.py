"""Which days a report is of, and what counts in which column."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import NOW, a_booking, a_ledger_entry, a_payment
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.reports.read_report import (
    ReportNotFoundError,
    ReportRequest,
    read_report,
    report_named,
)
from totetaxi_core.reports.report import Cell, Grouping, Report, ReportName

PAYMENT = a_payment(a_booking())
SOLD = {Account.STRIPE: 990, Account.REVENUE: -1_000, Account.DISCOUNTS: 100, Account.TAX: -90}
GIVEN_BACK = {Account.STRIPE: -99, Account.REFUNDS: 90, Account.TAX: 9}
BACK_AGAIN = {account: -cents for account, cents in GIVEN_BACK.items()}
LOST = {Account.STRIPE: -500, Account.DISPUTE_LOSSES: 500}


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


async def post(
    house: MemoryHouse,
    at: datetime,
    amounts: Mapping[Account, int],
    kind: EntryKind = EntryKind.CHARGE,
) -> None:
    async with house.ports.unit_of_work() as uow:
        await uow.ledger.post(a_ledger_entry(PAYMENT, kind=kind, amounts=amounts, posted_at=at))
        await uow.commit()


async def read(
    house: MemoryHouse,
    name: ReportName = ReportName.REVENUE,
    by: Grouping | None = None,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
) -> Report:
    asked = ReportRequest(name=name, first_on=first_on, last_on=last_on, by=by)
    return await read_report(asked, house.ports, house.terms)


def total_of(report: Report) -> Mapping[str, Cell]:
    return report.named(report.table.total or ())


async def a_house_with_every_movement() -> MemoryHouse:
    house, at = MemoryHouse(), utc(2026, 11, 20, 15)
    await post(house, at, SOLD)
    await post(house, at, GIVEN_BACK, EntryKind.REFUND)
    await post(house, at, GIVEN_BACK, EntryKind.REFUND)
    await post(house, at, BACK_AGAIN, EntryKind.REFUND_FAILED)
    await post(house, at, LOST, EntryKind.DISPUTE)
    await post(house, at, {Account.STRIPE: 7, Account.CUSTOMER_MONEY: -7})
    return house


async def test_given_movements_of_every_kind_when_reported_then_each_counts_in_its_column() -> None:
    house = await a_house_with_every_movement()

    revenue, taxes = await read(house), await read(house, ReportName.TAXES)
    refunds = await read(house, ReportName.REFUNDS)

    assert list(total_of(revenue).values()) == ["total", 1_000, 100, 90, 500, 310, 90, 9]
    assert list(total_of(taxes).values()) == ["total", 90, 9, 81]
    assert list(total_of(refunds).values()) == ["total", 2, 198, 1, 99, 90, 9, 0]
    day = next(row for row in revenue.table.rows if row[0] == date(2026, 11, 20))
    assert day[1:] == (revenue.table.total or ())[1:]


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
    house, second = MemoryHouse(), timedelta(seconds=1)
    for at in (begins_at - second, begins_at, ends_at - second, ends_at):
        await post(house, at, SOLD)

    one_day = await read(house, first_on=on, last_on=on)
    by_service = await read(house, ReportName.TAXES, first_on=on, last_on=on)

    assert one_day.table.column("date") == [on]
    assert total_of(one_day)["gross_cents"] == 2_000
    assert total_of(by_service)["collected_cents"] == 180


async def test_given_weeks_and_months_when_reported_then_they_are_cut_to_the_days_asked_for() -> (
    None
):
    house = await a_house_with_every_movement()
    first_on, last_on = date(2026, 10, 28), date(2026, 11, 24)

    weeks = await read(house, by=Grouping.WEEK, first_on=first_on, last_on=last_on)
    months = await read(house, by=Grouping.MONTH, first_on=first_on, last_on=last_on)

    assert weeks.table.column("date") == [
        date(2026, 10, 28),
        *(date(2026, 11, on) for on in (2, 9, 16, 23)),
    ]
    assert weeks.table.column("gross_cents") == [0, 0, 0, 1_000, 0]
    assert months.table.column("date") == [date(2026, 10, 28), date(2026, 11, 1)]
    assert weeks.table.total == months.table.total


async def test_given_no_days_when_reported_then_it_is_this_month_in_new_york() -> None:
    house = MemoryHouse(at=utc(2026, 12, 1, 4, 59))  # still the last of November there

    revenue, bookings = await read(house), await read(house, ReportName.BOOKINGS)
    ahead = await read(house, ReportName.BOOKINGS, first_on=date(2027, 2, 10))

    assert (revenue.days.first_on, revenue.days.last_on) == (date(2026, 11, 1), date(2026, 11, 30))
    assert bookings.days == revenue.days
    assert (ahead.days.first_on, ahead.days.last_on) == (date(2027, 2, 10), date(2027, 2, 28))


@pytest.mark.parametrize(
    ("first_on", "last_on", "code"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "out_of_order"),
        (date(2025, 11, 1), date(2026, 11, 2), "out_of_range"),
        (date(9999, 12, 1), date.max, "out_of_range"),
    ],
)
async def test_given_days_that_make_no_report_when_asked_for_then_it_is_refused(
    first_on: date, last_on: date, code: str
) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await read(MemoryHouse(), first_on=first_on, last_on=last_on)

    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("to", code)]


async def test_given_rows_a_report_does_not_have_when_asked_for_then_it_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        await read(MemoryHouse(), ReportName.CREWS, Grouping.RULE)
    with pytest.raises(ReportNotFoundError) as unknown:
        report_named("profits")

    assert [(fault.field, fault.code) for fault in refusal.value.faults] == [("by", "unknown")]
    assert unknown.value.code == "report_not_found"


async def test_given_bookings_when_their_lead_is_told_then_it_is_in_whole_days() -> None:
    house = MemoryHouse()
    async with house.ports.unit_of_work() as uow:
        for days in (0, 1, 1, 6, 40):
            booking = a_booking(created_at=NOW)
            await uow.bookings.add(
                replace(
                    booking,
                    status=BookingStatus.CONFIRMED,
                    hold_expires_at=None,
                    confirmed_at=NOW,
                    pickup_at=NOW + timedelta(days=days, hours=23),
                )
            )
        await uow.commit()

    found = await read(house, ReportName.LEAD_TIME, last_on=date(2026, 12, 31))

    assert found.table.column("bookings") == [3, 0, 1, 0, 0, 1, 0]
    assert found.table.column("share_bp")[0] == 6_000
    assert total_of(found)["median_days"] == 1
