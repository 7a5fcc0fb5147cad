"""Staff change the schedule, in memory: what it means for bookings, dates and crews."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.builders import NOW
from tests.core.bookings.memory_house import MemoryHouse, a_house, an_order
from tests.core.bookings.rescheduling import (
    FRIDAY,
    NINE,
    SATURDAY,
    TEN,
    TUESDAY,
    WEDNESDAY,
    a_moving_house,
    book_on,
    held_on_saturday,
    paid_on,
)
from tests.core.bookings.rescheduling import preview as preview_move
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.scheduling.edit_schedule import (
    EditedSchedule,
    KeptCrews,
    ScheduleEdit,
    StaleScheduleError,
    edit_schedule,
)
from totetaxi_core.scheduling.in_the_way import CrewsBelowTakenError
from totetaxi_core.scheduling.look_at_schedule import (
    present_schedule,
    schedule_days,
    schedule_history,
)
from totetaxi_core.scheduling.schedule_change import (
    ScheduleChange,
    ScheduleSettings,
    closing,
    dates_from,
    opening,
)
from totetaxi_core.weekday import Weekday

THANKSGIVING = date(2026, 11, 26)


async def edit(
    house: MemoryHouse,
    change: ScheduleChange | ScheduleSettings,
    *,
    seen: tuple[int, ...] | None = None,
) -> EditedSchedule:
    wanted = change.apply if isinstance(change, ScheduleSettings) else change
    asked = ScheduleEdit(change=wanted, staff_name="maria", reason="the season", seen_versions=seen)
    return await edit_schedule(asked, house.ports, house.terms)


def crews_on(on: date, crews: int | None) -> ScheduleSettings:
    return ScheduleSettings(crews_by_date={on: crews})


async def refusal_of(house: MemoryHouse, on: date) -> list[str]:
    """Return why a customer who books this date now is refused."""
    request = replace(an_order().request, pickup_date=on)
    with pytest.raises(InvalidInputError) as refused:
        await house.book_order(an_order(request=request))
    return [fault.code for fault in refused.value.faults]


async def test_given_a_closed_date_when_booked_then_it_is_refused_until_it_is_open_again() -> None:
    house = await a_house()

    closed = await edit(house, closing([TUESDAY], reason="the yard is painted"))
    refused = await refusal_of(house, TUESDAY)
    await edit(house, opening([TUESDAY], holidays=house.ports.holidays))
    booked = await house.book_order()

    assert closed.stored.schedule.closing_reasons == {TUESDAY: "the yard is painted"}
    assert refused == ["closed"]
    assert booked.booking.quote.request.pickup_date == TUESDAY


async def test_given_weekends_and_holidays_when_single_ones_open_then_only_those_are_booked() -> (
    None
):
    house = await a_house(holidays=[THANKSGIVING])

    edited = await edit(house, opening([SATURDAY, THANKSGIVING], holidays=house.ports.holidays))
    for on in (SATURDAY, THANKSGIVING):
        await house.book_order(an_order(request=replace(an_order().request, pickup_date=on)))

    assert edited.stored.schedule.open_dates == {SATURDAY, THANKSGIVING}
    assert await refusal_of(house, SATURDAY + timedelta(days=1)) == ["weekend"]


async def test_given_bookings_when_their_date_closes_then_they_stand_and_are_named() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)
    pending = await book_on(house, FRIDAY)
    gone = await house.cancel(await book_on(house, WEDNESDAY))

    edited = await edit(house, closing([TUESDAY, WEDNESDAY, FRIDAY, SATURDAY], reason="snow"))

    named = {closed.on: [one.booking_number for one in closed.held] for closed in edited.closed}
    assert named == {
        TUESDAY: [booking.booking_number],
        FRIDAY: [pending.booking_number],
        SATURDAY: [booking.booking_number],
    }
    assert edited.closed[-1].held[0].is_next_slot
    assert gone.booking_number not in str(named)
    assert house.booking(booking.id).status == "confirmed"
    [tuesday, *_] = await schedule_days(house.ports, house.terms, start=TUESDAY, end=SATURDAY)
    assert (tuesday.closed_by, tuesday.closing_reason, tuesday.taken) == (("closed",), "snow", 1)
    assert [one.booking_number for one in tuesday.held] == [booking.booking_number]


async def test_given_a_closed_weekday_when_bookings_are_on_it_then_they_are_named_too() -> None:
    house = await a_house()
    booking = (await house.book_order()).booking

    tuesdays = ScheduleSettings(closed_weekdays=frozenset({Weekday.TUESDAY, Weekday.SUNDAY}))
    edited = await edit(house, tuesdays)

    [closed] = edited.closed
    assert (closed.on, closed.held[0].booking_number) == (TUESDAY, booking.booking_number)


async def test_given_taken_crews_when_lowered_below_then_it_names_who_is_in_the_way() -> None:
    house = await a_moving_house(crews=3)
    at_nine, at_ten = await book_on(house), await paid_on(house, at=TEN)
    alone = await book_on(house, at=time(7))
    before = house.stored()

    with pytest.raises(CrewsBelowTakenError) as refused:
        await edit(house, ScheduleSettings(crews_by_date={TUESDAY: 1, WEDNESDAY: 1}))

    [too_few] = refused.value.dates
    assert refused.value.code == "crews_below_taken"
    assert (too_few.on, too_few.crews, too_few.taken, too_few.busy_at) == (TUESDAY, 1, 2, TEN)
    assert [one.booking_id for one in too_few.held] == [at_nine.id, at_ten.id]
    assert alone.booking_number not in str(refused.value)
    assert all(number in str(refused.value) for number in (at_nine.booking_number, "10:00"))
    assert house.stored() == before


async def test_given_a_booking_on_its_way_when_its_next_dates_crews_fall_then_it_is_named() -> None:
    house = await a_moving_house()
    booking, _ = await held_on_saturday(house)

    with pytest.raises(CrewsBelowTakenError) as refused:
        await edit(house, crews_on(SATURDAY, 0))

    [held] = refused.value.dates[0].held
    assert (held.booking_id, held.is_next_slot, held.pickup_time) == (booking.id, True, NINE)


async def test_given_fewer_crews_when_as_many_are_taken_then_they_fall_and_no_more_are_booked() -> (
    None
):
    house = await a_moving_house(crews=3)
    await book_on(house)

    await edit(house, crews_on(TUESDAY, 1))

    assert {count.crews for count in house.database.crews.rows.values()} == {1}
    with pytest.raises(Exception, match="no crew is free") as full:
        await book_on(house)
    assert getattr(full.value, "code", None) == "slot_unavailable"
    await edit(house, crews_on(TUESDAY, 2))
    await book_on(house)
    back = await edit(house, crews_on(TUESDAY, None))
    assert (back.stored.schedule.crews_by_date, back.kept) == ({}, ())
    assert {count.crews for count in house.database.crews.rows.values()} == {3}


async def test_given_a_new_default_when_dates_are_touched_then_they_keep_theirs_and_are_told() -> (
    None
):
    house = await a_moving_house(crews=3)
    await book_on(house)
    await edit(house, crews_on(FRIDAY, 5))

    lower = await edit(house, ScheduleSettings(default_crews=1))
    fridays = await edit(house, ScheduleSettings(crews_by_weekday={Weekday.FRIDAY: 4}))

    assert lower.kept == (KeptCrews(on=TUESDAY, crews=3, usual=1),)
    assert fridays.kept == ()
    days = await schedule_days(house.ports, house.terms, start=TUESDAY, end=FRIDAY)
    assert [day.crews for day in days] == [3, 1, 1, 5]


async def test_given_shorter_days_when_a_booking_of_before_ends_then_all_it_took_is_free() -> None:
    house = await a_moving_house()
    until_eight = await book_on(house)
    await edit(house, ScheduleSettings(last_pickup_at=time(9), crew_day_ends_at=time(10)))
    until_ten = await book_on(house)

    await house.cancel(until_eight)
    left = house.crews_taken()
    await house.cancel(until_ten)

    assert until_ten.crew_day_ends_at == time(10)
    assert left == {(TUESDAY, 18): 1, (TUESDAY, 19): 1}
    assert house.crews_taken() == {}


async def test_given_another_version_when_edited_then_only_the_one_seen_is_changed() -> None:
    house = await a_house()
    first = await edit(house, crews_on(FRIDAY, 5), seen=(0,))

    with pytest.raises(StaleScheduleError) as stale:
        await edit(house, crews_on(FRIDAY, 6), seen=(0,))
    with pytest.raises(InvalidInputError) as same:
        await edit(house, crews_on(FRIDAY, 5))

    assert stale.value.code == "stale_version"
    assert same.value.faults[0].code == "no_change"
    assert await present_schedule(house.ports, house.terms) == first.stored
    assert await schedule_history(house.ports, limit=9) == (first.stored,)


async def test_given_an_edit_when_done_then_the_act_says_what_was_and_is() -> None:
    house = await a_house()

    await edit(house, closing([FRIDAY], reason="inventory"))

    [act] = house.acts()
    assert (act.action_type, act.staff_name, act.subject) == (
        "schedule_changed",
        "maria",
        "schedule:1",
    )
    assert act.description == "made version 1 of the schedule: the season"
    assert act.before == {"closed_dates": "", "closing_reasons": ""}
    assert act.after == {
        "closed_dates": "2026-12-04",
        "closing_reasons": "2026-12-04: inventory",
    }


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (ScheduleSettings(default_crews=100), "out_of_range"),
        (ScheduleSettings(opens_at=time(13)), "out_of_order"),
        (ScheduleSettings(crews_by_date={date(2026, 11, 1): 2}), "past"),
        (ScheduleSettings(crews_by_weekday={Weekday.MONDAY: -1}), "out_of_range"),
        (closing([FRIDAY], reason="x" * 201), "too_long"),
    ],
)
async def test_given_a_bad_change_when_made_then_it_is_refused_and_nothing_is_stored(
    change: ScheduleChange | ScheduleSettings, code: str
) -> None:
    house = await a_house()

    with pytest.raises(InvalidInputError) as refused:
        await edit(house, change)

    assert [fault.code for fault in refused.value.faults] == [code]
    assert house.database.schedules.rows == {}
    assert house.acts() == []


def test_given_a_range_of_dates_when_read_then_past_reversed_and_endless_ones_are_refused() -> None:
    today = date(2026, 11, 25)

    def code_of(start: date, end: date) -> str:
        with pytest.raises(InvalidInputError) as refused:
            dates_from(start, end, today=today)
        return refused.value.faults[0].code

    assert dates_from(today, None, today=today) == (today,)
    assert dates_from(today, today + timedelta(days=1), today=today)[-1].day == 26
    assert code_of(today - timedelta(days=1), today) == "past"
    assert code_of(today + timedelta(days=1), today) == "out_of_order"
    assert code_of(today, today + timedelta(days=366)) == "out_of_range"


async def test_given_a_new_schedule_when_previewed_then_the_move_is_judged_by_it() -> None:
    house = await a_moving_house(at=NOW)
    booking = await paid_on(house)

    await edit(house, closing([FRIDAY], reason="inventory"))
    _, refusals = await preview_move(house, booking, FRIDAY)

    assert refusals == ("closed",)
