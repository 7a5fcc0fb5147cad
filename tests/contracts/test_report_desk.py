"""Reports on both stores, of one small world: by New York's days, and to the cent."""

from datetime import date, timedelta

from tests.builders import a_quote
from tests.contracts.conftest import UowFactory
from tests.core.bookings.memory_house import NEW_YORK
from tests.core.reports.report_world import NOVEMBER, World, a_world, confirmed, report
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.business_day import day_begins_at
from totetaxi_core.ledger.account import Account
from totetaxi_core.pricing import LineKind
from totetaxi_core.reports.read_report import REPORTS
from totetaxi_core.reports.report import Grouping, ReportName
from totetaxi_core.reports.report_desk import Window

DECEMBER = (date(2026, 12, 1), date(2026, 12, 31))
DAY = timedelta(days=1)
PEOPLE = {ReportName.CUSTOMERS}  # the accounts have other ids in each world


def of_kinds(world: World, *kinds: LineKind) -> int:
    """Return what lines of these kinds cost in all: two rich, two plain, one bare quote."""
    quotes = (*[world.rich] * 2, *[world.plain] * 2, world.bare)
    return sum(line.amount_cents for one in quotes for line in one.lines if line.kind in kinds)


async def test_given_a_world_when_every_report_is_read_then_both_stores_tell_the_same(
    postgres_uow_factory: UowFactory,
) -> None:
    database = MemoryDatabase()

    def in_memory() -> MemoryUnitOfWork:
        return MemoryUnitOfWork(database)

    for factory in (in_memory, postgres_uow_factory):
        await a_world(factory)

    for name, kind in REPORTS.items():
        for by in kind.by:
            for days in (NOVEMBER, DECEMBER):
                theirs = await report(postgres_uow_factory, name, by, days=days)
                ours = await report(in_memory, name, by, days=days)
                if name in PEOPLE:
                    assert theirs.table.column("spent_cents") == ours.table.column("spent_cents")
                else:
                    assert theirs == ours, (name, by)


async def test_given_money_when_reported_by_day_then_midnight_is_new_york_s(
    uow_factory: UowFactory,
) -> None:
    world = await a_world(uow_factory)

    found = await report(uow_factory, ReportName.REVENUE)

    rows = [found.named(row) for row in found.table.rows]
    by_day = {row["date"]: row["net_cents"] for row in rows}
    assert len(by_day) == 30
    taxed = of_kinds(world, LineKind.TAX)
    assert by_day[date(2026, 11, 1)] == 2 * world.plain.total_cents
    assert by_day[date(2026, 11, 3)] == 0
    sent_back = world.plain.total_cents
    total = found.named(found.table.total or ())
    assert total["net_cents"] == world.charged_cents - taxed - sent_back


async def test_given_a_booking_that_moved_when_split_over_lines_then_parts_are_the_ledger_s(
    uow_factory: UowFactory,
) -> None:
    world = await a_world(uow_factory)
    window = Window(
        day_begins_at(NOVEMBER[0], NEW_YORK), day_begins_at(NOVEMBER[1] + DAY, NEW_YORK)
    )

    async with uow_factory() as uow:
        lines = await uow.report_desk.earned_by_line(window)
        balances = await uow.ledger.balances()

    earned = {(one.kind, one.code): one.amount_cents for one in lines}
    discounts = sum(one.amount_cents for one in lines if one.kind is LineKind.DISCOUNT)
    assert sum(earned.values()) - discounts == -balances[Account.REVENUE]
    assert discounts == -balances[Account.DISCOUNTS]
    assert "" not in {one.code for one in lines}
    # All of both rich quotes was posted in November: the moved one has earned its lines in full.
    assert discounts == of_kinds(world, LineKind.DISCOUNT)
    petite = next(line for line in world.plain.lines if line.kind is LineKind.BASE)
    assert earned[LineKind.BASE, petite.code] == 2 * petite.amount_cents


async def test_given_half_of_a_moved_booking_when_split_then_its_parts_still_add_up(
    uow_factory: UowFactory,
) -> None:
    world = await a_world(uow_factory)
    second = date(2026, 11, 2)
    window = Window(day_begins_at(second, NEW_YORK), day_begins_at(second + DAY, NEW_YORK))

    async with uow_factory() as uow:
        lines = await uow.report_desk.earned_by_line(window)
        sums = await uow.ledger.sums(posted_from=window.begins_at, posted_until=window.ends_at)

    posted = sum(cents for (_, account), cents in sums.items() if account is Account.REVENUE)
    revenue = sum(one.amount_cents for one in lines if one.kind is not LineKind.DISCOUNT)
    rich = sum(one.amount_cents for one in world.rich.lines if one.kind is LineKind.BASE)
    base = sum(one.amount_cents for one in lines if one.kind is LineKind.BASE)
    assert revenue == -posted
    assert rich < base < 2 * rich


async def test_given_bookings_of_every_fate_when_counted_then_shares_are_of_the_confirmed(
    uow_factory: UowFactory,
) -> None:
    await a_world(uow_factory)

    found = await report(uow_factory, ReportName.CANCELLATIONS, Grouping.SERVICE, days=DECEMBER)

    rows = [found.named(row) for row in found.table.rows]
    assert [(row["service"], row["confirmed"], row["cancelled"]) for row in rows] == [
        ("mini_move", 4, 1),
        ("standard_delivery", 1, 0),
    ]
    total = found.named(found.table.total or ())
    assert (total["cancellation_bp"], total["refund_bp"]) == (2_000, 2_000)
    assert (total["by_customer"], total["by_staff"], total["never_paid"]) == (1, 0, 1)


async def test_given_buyers_when_told_apart_then_only_their_first_span_makes_them_new(
    uow_factory: UowFactory,
) -> None:
    await a_world(uow_factory)

    found = await report(uow_factory, ReportName.NEW_CUSTOMERS, Grouping.WEEK)

    rows = [found.named(row) for row in found.table.rows]
    # Sunday the 1st is a week of its own: Ada and Ben; on Monday the owner books twice.
    assert [(row["date"], row["customers"], row["new_customers"]) for row in rows][:2] == [
        (date(2026, 11, 1), 2, 2),
        (date(2026, 11, 2), 1, 1),
    ]
    assert [row["bookings"] for row in rows] == [2, 2, 0, 0, 1, 0]


async def test_given_a_guest_who_booked_before_these_days_when_they_return_then_they_are_not_new(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        for email, on in (("ada@example.com", 20), ("Ada@Example.com", 40)):
            at = day_begins_at(date(2026, 10, 1), NEW_YORK) + on * DAY
            await uow.bookings.add(confirmed(a_quote(), at=at, email=email))
        await uow.commit()

    found = await report(uow_factory, ReportName.NEW_CUSTOMERS)

    total = found.named(found.table.rows[0])
    assert (total["customers"], total["new_customers"], total["returning_customers"]) == (1, 0, 1)
    assert (total["new_bp"], total["bookings"]) == (0, 1)


async def test_given_spenders_when_ranked_then_an_account_is_one_and_what_went_back_is_off(
    uow_factory: UowFactory,
) -> None:
    world = await a_world(uow_factory)

    found = await report(uow_factory, ReportName.CUSTOMERS)

    rows = [found.named(row) for row in found.table.rows]
    assert [(row["bookings"], row["spent_cents"]) for row in rows] == [
        (2, 2 * world.rich.total_cents),
        (1, 2 * world.plain.total_cents),  # paid twice, and not sent back yet
        (1, world.bare.total_cents),
    ]
    assert rows[1]["email"] == "Ada.Guest@Example.com"
    assert rows[0]["customer_id"] is not None


async def test_given_crews_taken_when_their_use_is_told_then_open_days_alone_count(
    uow_factory: UowFactory,
) -> None:
    await a_world(uow_factory)

    found = await report(uow_factory, ReportName.CREWS, days=(date(2026, 12, 1), date(2026, 12, 6)))

    rows = [found.named(row) for row in found.table.rows]
    assert [(row["taken_half_hours"], row["crew_half_hours"]) for row in rows] == [
        (4, 78),
        (0, 78),
        (0, 78),
        (0, 78),
        (0, 0),  # Saturday
        (0, 0),
    ]


async def test_given_an_empty_house_when_every_report_is_read_then_it_is_of_zeros(
    uow_factory: UowFactory,
) -> None:
    for name in REPORTS:
        found = await report(uow_factory, name, days=None)

        figures = [
            cell
            for row in found.table.rows
            for column, cell in zip(found.table.columns, row, strict=True)
            if column.is_figure and column.name != "crew_half_hours"
        ]
        assert not any(figures), name
