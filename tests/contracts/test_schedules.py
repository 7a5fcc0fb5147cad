from datetime import date, time, timedelta

from tests.builders import NOW
from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.scheduling.schedule import Schedule
from totetaxi_core.scheduling.schedules import StoredSchedule
from totetaxi_core.weekday import Weekday

EVERY_SETTING = Schedule(
    opens_at=time(6, 30),
    closed_weekdays=frozenset({Weekday.SUNDAY}),
    closed_dates=frozenset({date(2026, 11, 27)}),
    closing_reasons={date(2026, 11, 27): "the day after Thanksgiving"},
    open_dates=frozenset({date(2026, 12, 24)}),
    horizon_days=90,
    crews_by_date={date(2026, 12, 22): 5},
    crews_by_weekday={Weekday.FRIDAY: 4},
)


def a_version(version: int, schedule: Schedule = EVERY_SETTING) -> StoredSchedule:
    return StoredSchedule(
        version=version,
        schedule=schedule,
        changed_by="maria",
        changed_at=NOW + timedelta(minutes=version),
        reason="the season",
    )


async def store(uow_factory: UowFactory, *versions: StoredSchedule) -> None:
    async with uow_factory() as uow:
        for stored in versions:
            await uow.schedules.add(stored)
        await uow.commit()


async def current(uow_factory: UowFactory, *, lock: bool = False) -> StoredSchedule | None:
    async with uow_factory() as uow:
        return await uow.schedules.current(lock=lock)


async def test_given_no_version_when_asked_for_then_the_house_rules_stand(
    uow_factory: UowFactory,
) -> None:
    found = await current(uow_factory)

    assert found is None


async def test_given_versions_when_asked_for_then_the_newest_counts_and_each_is_as_stored(
    uow_factory: UowFactory,
) -> None:
    versions = [a_version(1), a_version(2, Schedule(default_crews=2)), a_version(3)]
    await store(uow_factory, *versions[:2])
    before = await current(uow_factory)
    await store(uow_factory, versions[2])

    async with uow_factory() as uow:
        newest = await uow.schedules.history(before=None, limit=2)
        older = await uow.schedules.history(before=2, limit=2)

    assert before == versions[1]
    assert await current(uow_factory) == versions[2]
    assert (newest, older) == ((versions[2], versions[1]), (versions[0],))


async def test_given_an_edit_when_another_begins_then_it_waits_and_readers_do_not(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        await uow.schedules.current(lock=True)
        waiting = await start_blocked(current(uow_factory, lock=True), by=uow)
        read = await current(uow_factory)
        await uow.schedules.add(a_version(1))
        await uow.commit()

    assert read is None
    assert await outcome(waiting) == a_version(1)
