"""`totetaxi dispatch plan`: what it prints, draws and refuses."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from tests.builders import DEFAULT_BOOK
from tests.cli.conftest import Runner
from tests.core.logistics.moving_day import a_move, a_visit
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_core.bookings.booking import Booking

DAY = "2026-12-01"
PLAN = ("dispatch", "plan", DAY)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # the commands run by the machine's own clock


async def store(database_url: str, bookings: Iterable[Booking]) -> None:
    engine = open_engine(database_url)
    jobs = EffectJobs(create_job_app(database_url))
    async with PostgresUnitOfWork(engine, jobs=jobs) as uow:
        await uow.price_books.publish(
            DEFAULT_BOOK, based_on=0, by="system", effective_at=LONG_AGO, at=LONG_AGO
        )
        for booking in bookings:
            await uow.bookings.add(booking)
        await uow.commit()
    await engine.dispose()


@pytest.fixture
def day(database_url: str) -> list[Booking]:
    """Two moves that share a van, and a visit that nobody is left for where one crew drives."""
    made = [
        a_move(at=time(8)),
        a_move(at=time(8, 45)),
        a_visit(at=time(9), visit="full-packing"),
    ]
    asyncio.run(store(database_url, made))
    return made


def test_given_a_day_when_planned_then_people_and_programs_read_the_same_plan(
    totetaxi: Runner, day: list[Booking], tmp_path: Path
) -> None:
    matrix = tmp_path / "minutes.csv"
    matrix.write_text("from,to,minutes\n10021,11937,150\n")
    options = ("--crews", "1", "--matrix", str(matrix))

    shown = totetaxi(*PLAN, *options)
    told = totetaxi(*PLAN, *options, "--json").json

    [route], [left_out] = told["routes"], told["unplanned"]
    assert (shown.code, shown.err) == (0, "")
    assert [stop["booking_number"] for stop in route["stops"][:2]] == [
        one.booking_number for one in day[:2]
    ]
    assert [stop["begin_at"] for stop in route["stops"][:3]] == [
        "2026-12-01T13:00:00Z",
        "2026-12-01T13:45:00Z",
        "2026-12-01T16:45:00Z",
    ]
    assert (route["driving_minutes"], told["bookings"], told["crews"]) == (150, 2, 1)
    assert (left_out["booking_number"], left_out["reason"]) == (day[2].booking_number, "no_room")
    assert "Crew 1: 2 bookings, 08:00 to 12:45, 2 h 30 min driving" in shown.out
    assert f"unplanned {day[2].booking_number} at 09:00: {left_out['message']}" in shown.out
    assert "2 bookings on 1 of 1 crew, 2 h 30 min driving" in shown.out
    assert "1 of 1 drive by the matrix" in shown.out


def test_given_a_map_when_wanted_then_it_is_drawn_and_what_cannot_be_is_refused_before(
    totetaxi: Runner, day: list[Booking], tmp_path: Path
) -> None:
    picture, page, other = (tmp_path / name for name in ("day.svg", "day.html", "day.pdf"))

    drawn = totetaxi(*PLAN, "--map", str(picture))
    paged = totetaxi(*PLAN, "--map", str(page), "--json")
    refused = totetaxi(*PLAN, "--map", str(other))

    assert (drawn.code, drawn.err) == (0, f"drew {picture}\n")
    assert picture.read_text("utf-8").startswith("<svg ")
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert paged.json["bookings"] == len(day)
    assert all(one.booking_number in page.read_text("utf-8") for one in day)
    assert (refused.code, refused.errors) == (2, ["invalid --map: must end in .svg or .html"])


def test_given_tasks_the_courier_does_not_have_when_pushed_then_each_is_named_and_on_record(
    totetaxi: Runner, day: list[Booking]
) -> None:
    push = ("--crews", "1", "--push", "--yes", "--as", "maria")

    told = totetaxi(*PLAN, *push, "--json")
    acts = totetaxi("audit", "list", "--json").json["results"]

    numbers = {one.booking_number for one in day[:2]}
    assert told.code == 1
    assert told.json["plan"]["bookings"] == 2
    assert {(one["booking_number"], one["leg"]) for one in told.json["pushed"]} == {
        (number, leg) for number in numbers for leg in ("pickup", "dropoff")
    }
    assert {one["outcome"] for one in told.json["pushed"]} == {"unknown"}
    assert [(one["staff_name"], one["action_type"]) for one in acts] == [
        ("maria", "day_plan_pushed")
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--push",), "invalid --as: say who assigns the tasks"),
        (("--push", "--as", "maria", "--json"), "invalid --yes: a program agrees beforehand"),
        (("--push", "--as", "maria", "--driver", "Dana"), "invalid --driver: Dana is not written"),
        (("--driver", "1=Dana"), "--driver"),
        (("--matrix", "nowhere.csv"), "nowhere.csv"),
        (("--crews", "0"), "--crews"),
    ],
)
def test_given_wrong_options_when_planned_then_it_is_said_before_anything_is_done(
    totetaxi: Runner, options: tuple[str, ...], told: str
) -> None:
    refused = totetaxi(*PLAN, *options)

    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err
