import asyncio
from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from tests.contracts.conftest import UowFactory
from tests.contracts.waiting import outcome, start_blocked
from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError

TUESDAY = date(2026, 12, 1)
WEDNESDAY = TUESDAY + timedelta(days=1)
MORNING, NOON = range(14, 18), range(18, 22)


async def take(
    uow_factory: UowFactory, half_hours: range, *, on: date = TUESDAY, crews: int = 3
) -> None:
    async with uow_factory() as uow:
        await uow.crews.take(on, half_hours, crews=crews)
        await uow.commit()


async def counts(
    uow_factory: UowFactory, start: date = TUESDAY, end: date = WEDNESDAY
) -> Mapping[tuple[date, int], CrewCount]:
    async with uow_factory() as uow:
        return await uow.crews.taken(start, end)


async def busy(uow_factory: UowFactory) -> dict[tuple[date, int], int]:
    """Return the crews taken, half hours without any left out."""
    rows = await counts(uow_factory)
    return {key: count.taken for key, count in rows.items() if count.taken}


async def test_given_an_untouched_date_when_a_crew_is_taken_then_just_its_half_hours_have_rows(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING)

    assert await counts(uow_factory) == {(TUESDAY, at): CrewCount(1, 3) for at in MORNING}


async def test_given_overlapping_bookings_when_taken_then_each_half_hour_counts_its_own(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, range(14, 18))
    await take(uow_factory, range(16, 20))

    taken = await busy(uow_factory)

    assert [taken[TUESDAY, at] for at in range(14, 20)] == [1, 1, 2, 2, 1, 1]


async def test_given_dates_when_asked_for_then_both_ends_are_included_and_no_others(
    uow_factory: UowFactory,
) -> None:
    days = [TUESDAY + timedelta(days=number) for number in range(-1, 4)]
    for day in days:
        await take(uow_factory, range(14, 15), on=day)

    found = await counts(uow_factory, days[1], days[3])

    assert set(found) == {(day, 14) for day in days[1:4]}


async def test_given_the_last_crew_is_taken_when_another_comes_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    for _ in range(3):
        await take(uow_factory, MORNING)

    with pytest.raises(SlotUnavailableError) as refusal:
        await take(uow_factory, MORNING)

    assert refusal.value.code == "slot_unavailable"
    assert (refusal.value.on, refusal.value.half_hours) == (TUESDAY, MORNING)
    assert set((await busy(uow_factory)).values()) == {3}


async def test_given_one_full_half_hour_when_more_are_needed_then_none_at_all_is_taken(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, range(17, 18), crews=1)

    async with uow_factory() as uow:
        with pytest.raises(SlotUnavailableError):
            await uow.crews.take(TUESDAY, MORNING, crews=1)
        await uow.crews.take(TUESDAY, NOON, crews=1)
        await uow.commit()

    assert set(await busy(uow_factory)) == {(TUESDAY, at) for at in range(17, 22)}


async def test_given_a_date_without_crews_when_one_is_wanted_then_it_is_refused(
    uow_factory: UowFactory,
) -> None:
    with pytest.raises(SlotUnavailableError):
        await take(uow_factory, MORNING, crews=0)

    assert await busy(uow_factory) == {}


async def test_given_a_taken_crew_when_released_then_another_gets_it_and_the_rows_stay(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING, crews=1)

    async with uow_factory() as uow:
        await uow.crews.release(TUESDAY, MORNING)
        await uow.commit()

    assert await counts(uow_factory) == {(TUESDAY, at): CrewCount(0, 1) for at in MORNING}
    await take(uow_factory, MORNING, crews=1)
    assert set(await busy(uow_factory)) == {(TUESDAY, at) for at in MORNING}


async def test_given_a_touched_date_when_the_default_changes_then_it_keeps_its_number(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING, crews=2)

    await take(uow_factory, NOON, crews=5)
    await take(uow_factory, NOON, on=WEDNESDAY, crews=5)

    rows = await counts(uow_factory)
    assert {count.crews for (on, _), count in rows.items() if on == TUESDAY} == {2}
    assert {count.crews for (on, _), count in rows.items() if on == WEDNESDAY} == {5}


async def test_given_a_released_date_when_the_default_changes_then_it_keeps_its_number(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING, crews=1)
    async with uow_factory() as uow:
        await uow.crews.release(TUESDAY, MORNING)
        await uow.commit()

    await take(uow_factory, NOON, crews=4)

    assert {count.crews for count in (await counts(uow_factory)).values()} == {1}


async def test_given_a_taken_crew_when_rolled_back_then_it_is_given_back(
    uow_factory: UowFactory,
) -> None:
    async with uow_factory() as uow:
        await uow.crews.take(TUESDAY, MORNING, crews=1)

    assert await counts(uow_factory) == {}
    await take(uow_factory, MORNING, crews=1)


@pytest.mark.parametrize("commits", [True, False])
@pytest.mark.parametrize("is_touched", [True, False])
async def test_given_two_after_the_last_crew_when_the_first_ends_then_the_second_knows(
    uow_factory: UowFactory, *, commits: bool, is_touched: bool
) -> None:
    crews = 2 if is_touched else 1
    if is_touched:
        await take(uow_factory, range(14, 20), crews=crews)

    async with uow_factory() as first:
        await first.crews.take(TUESDAY, MORNING, crews=crews)
        waiting = await start_blocked(take(uow_factory, range(17, 20), crews=crews), by=first)
        if commits:
            await first.commit()

    if commits:
        with pytest.raises(SlotUnavailableError):
            await outcome(waiting)
    else:
        await outcome(waiting)
    half_past_nine = (await busy(uow_factory)).get((TUESDAY, 19), 0)
    assert half_past_nine == crews - (1 if commits else 0)


async def test_given_many_at_once_when_crews_run_out_then_exactly_the_crews_there_are_are_taken(
    uow_factory: UowFactory,
) -> None:
    starts = [start for start in (14, 16, 15, 17) for _ in range(4)]

    attempts = [take(uow_factory, range(start, 20)) for start in starts]
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)

    refused = [outcome for outcome in outcomes if isinstance(outcome, SlotUnavailableError)]
    assert outcomes.count(None) == 3
    assert len(refused) == len(starts) - 3
    assert (await busy(uow_factory))[TUESDAY, 17] == 3


async def test_given_half_hours_when_locked_then_none_is_taken_and_others_wait_for_all_of_them(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING)

    async with uow_factory() as uow:
        await uow.crews.lock(TUESDAY, range(14, 22), crews=3)
        waiting = await start_blocked(take(uow_factory, NOON), by=uow)
        await uow.crews.release(TUESDAY, MORNING)
        await uow.commit()
    await waiting

    assert await busy(uow_factory) == {(TUESDAY, at): 1 for at in NOON}


async def set_crews(
    uow_factory: UowFactory, crews: int, *, on: date = TUESDAY, usual: int = 3
) -> None:
    async with uow_factory() as uow:
        await uow.crews.lock_date(on, crews=usual)
        await uow.crews.set_crews(on, crews=crews)
        await uow.commit()


async def test_given_a_date_when_its_crews_are_set_then_that_number_counts_whatever_others_expect(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING)

    await set_crews(uow_factory, 1)
    await set_crews(uow_factory, 2, on=WEDNESDAY)
    await take(uow_factory, NOON, crews=9)
    await take(uow_factory, NOON, on=WEDNESDAY, crews=9)

    with pytest.raises(SlotUnavailableError):
        await take(uow_factory, MORNING)
    rows = await counts(uow_factory)
    assert {(on, count.crews) for (on, _), count in rows.items()} == {(TUESDAY, 1), (WEDNESDAY, 2)}


async def test_given_a_locked_date_when_its_half_hours_are_told_then_they_are_as_they_stand(
    uow_factory: UowFactory,
) -> None:
    await take(uow_factory, MORNING, crews=2)

    async with uow_factory() as uow:
        there = await uow.crews.lock_date(TUESDAY, crews=9)
        untouched = await uow.crews.lock_date(WEDNESDAY, crews=4)

    assert {at: count for at, count in there.items() if count.taken} == {
        at: CrewCount(1, 2) for at in MORNING
    }
    assert {count.crews for count in there.values()} == {2}
    assert set(untouched.values()) == {CrewCount(0, 4)}


@pytest.mark.parametrize("touched", [range(0), MORNING, range(14, 22)])
async def test_given_a_date_being_changed_when_a_crew_is_wanted_then_it_waits_for_the_new_number(
    uow_factory: UowFactory, touched: range
) -> None:
    if touched:
        await take(uow_factory, touched)

    async with uow_factory() as uow:
        await uow.crews.lock_date(TUESDAY, crews=3)
        waiting = await start_blocked(take(uow_factory, range(14, 22)), by=uow)
        await uow.crews.set_crews(TUESDAY, crews=1)
        await uow.commit()

    if touched:
        with pytest.raises(SlotUnavailableError):
            await outcome(waiting)
    else:
        await outcome(waiting)
    rows = await counts(uow_factory)
    assert {count.crews for count in rows.values()} == {1}
    assert max(count.taken for count in rows.values()) == 1


async def test_given_a_booking_under_way_when_its_date_is_locked_then_that_waits_and_sees_it(
    uow_factory: UowFactory,
) -> None:
    async def look() -> Mapping[int, CrewCount]:
        async with uow_factory() as uow:
            return await uow.crews.lock_date(TUESDAY, crews=3)

    async with uow_factory() as uow:
        await uow.crews.take(TUESDAY, MORNING, crews=3)
        waiting = await start_blocked(look(), by=uow)
        await uow.commit()

    seen = await outcome(waiting)
    assert {at for at, count in seen.items() if count.taken} == set(MORNING)
