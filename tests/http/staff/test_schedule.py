"""The schedule over HTTP: read by all staff, changed by those who may, obeyed by every process."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.builders import NOW, a_booking
from tests.contracts.storing import store_booking
from tests.core.staff.staffing import new_staff
from tests.http.echo import client_of
from tests.http.staff.conftest import NO_STRIPE, Desk
from totetaxi_adapters.following import POLL_S
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import create_staff
from totetaxi_core.staff.role import Role
from totetaxi_http.service import create_service

TUESDAY, WEDNESDAY = "2026-12-01", "2026-12-02"
DEADLINE_S = 10
SETTINGS = settings_from({"RATELIMIT_ENABLE": "false", "TOTETAXI_NOW": NOW.isoformat()})


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    """A service of late November 2026, and who works there."""
    async with wired(SETTINGS, database_url, sandbox_url=NO_STRIPE) as wiring:
        new = new_staff("root", Role.ADMIN)
        root = await create_staff(new, wiring.ports, wiring.credentials, by=None)
        async with client_of(create_service(wiring)) as http:
            yield Desk(wiring=wiring, http=http, root=root)


@pytest.fixture
async def booked(desk: Desk) -> Booking:
    """A booking on Tuesday that holds its crew; maria keeps the schedule, gus drives."""
    booking = await store_booking(desk.wiring.ports.unit_of_work(), a_booking())
    async with desk.wiring.ports.unit_of_work() as uow:
        await uow.crews.take(booking.quote.request.pickup_date, range(18, 22), crews=3)
        await uow.commit()
    await desk.hire("maria", Role.CUSTOMER_SERVICE, Flag.CAN_MANAGE_SCHEDULE)
    await desk.hire("gus", Role.LOGISTICS)
    return booking


async def day_of(http: httpx.AsyncClient, on: str) -> Any:  # noqa: ANN401  JSON
    path = "/api/public/calendar/availability"
    answer = await http.get(path, params={"start_date": on, "end_date": on})
    return answer.json()["days"][0]


async def test_given_dates_when_closed_and_opened_then_bookings_are_named_and_acts_on_record(
    desk: Desk, booked: Booking
) -> None:
    closing = {"start_date": TUESDAY, "end_date": WEDNESDAY, "reason": "snow", "version": 0}

    before = await desk.get("schedule", by="gus")
    denied = await desk.post("schedule/dates/close", closing, by="gus")
    closed = await desk.post("schedule/dates/close", closing, by="maria")
    stale = await desk.post("schedule/dates/open", {**closing, "reason": ""}, by="maria")
    days = await desk.get("schedule/dates", by="gus", start_date=TUESDAY, end_date=WEDNESDAY)
    opened = await desk.post("schedule/dates/open", {"start_date": WEDNESDAY}, by="maria")
    versions = await desk.get("schedule/versions", by="gus", page_size=1)
    older = await desk.get("schedule/versions", by="gus", before=2)

    assert (before.json()["version"], before.json()["changed_at"]) == (0, None)
    assert denied.status_code == 403
    assert closed.status_code == opened.status_code == 200, closed.text
    [named] = closed.json()["bookings_on_closed_dates"]
    assert (named["date"], named["booking_number"]) == (TUESDAY, booked.booking_number)
    assert (stale.status_code, stale.json()["error_type"]) == (412, "stale_version")
    tuesday, wednesday = days.json()["days"]
    assert (tuesday["closed_by"], tuesday["closing_reason"]) == (["closed"], "snow")
    assert (tuesday["taken"], tuesday["crews"], wednesday["taken"]) == (1, 3, 0)
    assert [one["booking_id"] for one in tuesday["bookings"]] == [str(booked.id)]
    assert opened.json()["schedule"]["closed_dates"] == [{"date": TUESDAY, "reason": "snow"}]
    assert versions.json()["results"][0]["version"] == 2
    assert versions.json()["next"].endswith("/api/staff/schedule/versions?before=2&page_size=1")
    assert [one["version"] for one in older.json()["results"]] == [1]
    acts = [act for act in await desk.acts() if act[1] not in ("login", "staff_created")]
    assert acts == [
        ("gus", "permission_denied", True),
        ("maria", "schedule_changed", False),
        ("maria", "manage_schedule", True),
        ("maria", "schedule_changed", False),
    ]


async def test_given_taken_crews_when_lowered_then_the_answer_lists_the_bookings(
    desk: Desk, booked: Booking
) -> None:
    below = {"crews_by_date": [{"date": TUESDAY, "crews": 0}]}

    refused = await desk.patch("schedule", below, by="maria")
    usual = await desk.patch("schedule", {"default_crews": 5}, by="maria")

    assert (refused.status_code, refused.json()["error_type"]) == (409, "crews_below_taken")
    [held] = refused.json()["bookings"]
    assert held == {
        "date": TUESDAY,
        "booking_id": str(booked.id),
        "booking_number": booked.booking_number,
        "status": "pending",
        "pickup_time": "09:00",
        "is_next_slot": False,
    }
    assert usual.json()["kept_crews"] == [{"date": TUESDAY, "crews": 3, "usual": 5}]
    assert usual.json()["schedule"]["version"] == 1


async def test_given_bad_settings_when_sent_then_every_fault_is_named_and_nothing_is_stored(
    desk: Desk,
) -> None:
    bad = {
        "opens_at": "7",
        "horizon_days": 0,
        "closed_weekdays": ["sonntag"],
        "crews_by_date": [{"date": "soon", "crews": 3}],
        "surprise": 1,
    }

    answers = [
        await desk.patch("schedule", body, by="root")
        for body in (
            bad,
            {},
            {"opens_at": "13:00"},
            {"crews_by_date": [{"date": "2020-01-01", "crews": 2}]},
            {"crews_by_date": [{"date": TUESDAY, "crews": crews} for crews in (2, 5)]},
            {"crews_by_weekday": [{"weekday": "friday", "crews": crews} for crews in (5, None)]},
        )
    ]

    fields = [{one["field"] for one in answer.json()["details"]} for answer in answers]
    assert {answer.status_code for answer in answers} == {400}
    assert fields[0] == {
        "opens_at",
        "horizon_days",
        "closed_weekdays.0",
        "crews_by_date.0.date",
        "surprise",
    }
    assert fields[1:] == [
        {"body"},
        {"last_pickup_at"},
        {"crews_by_date.2020-01-01"},
        {"crews_by_date.1.date"},
        {"crews_by_weekday.1.weekday"},
    ]
    assert (await desk.get("schedule", by="root")).json()["version"] == 0


async def test_given_two_processes_when_one_closes_a_date_then_the_other_knows_within_a_second(
    desk: Desk, database_url: str
) -> None:
    async with (
        wired(SETTINGS, database_url, sandbox_url=NO_STRIPE) as wiring,
        client_of(create_service(wiring)) as other,
    ):
        before = await day_of(other, WEDNESDAY)
        await desk.post(
            "schedule/dates/close", {"start_date": WEDNESDAY, "reason": "snow"}, by="root"
        )
        after = before
        async with asyncio.timeout(DEADLINE_S):
            while after["open"]:
                after = await day_of(other, WEDNESDAY)

    assert POLL_S < 1
    assert before["open"]
    assert (after["reason"], after["slots"]) == ("closed", [])
