"""Bookings as staff list them."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tests.builders import NOW, PICKUP_DATE, a_booking, a_contact
from tests.http.staff.conftest import Desk
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.staff.role import Role


@pytest.fixture
async def stored(desk: Desk) -> list[Booking]:
    """Five bookings, newest first; the newest is Grace Hopper's."""
    made = [a_booking(created_at=NOW + timedelta(seconds=n)) for n in range(5)]
    made[4] = replace(made[4], contact=replace(a_contact(), first_name="Grace", last_name="Hopper"))
    async with desk.wiring.ports.unit_of_work() as uow:
        for booking in made:
            await uow.bookings.add(booking)
        await uow.commit()
    await desk.hire("maria", Role.LOGISTICS)
    return made[::-1]


def numbers(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["booking_number"] for one in answer.json()["results"]]


async def test_given_bookings_when_walked_by_their_links_then_every_page_comes_both_ways(
    desk: Desk, stored: list[Booking]
) -> None:
    every = [booking.booking_number for booking in stored]
    headers = await desk.headers("maria")

    first = await desk.get("bookings", by="maria", page_size=2, status="pending")
    second = await desk.http.get(first.json()["next"], headers=headers)
    third = await desk.http.get(second.json()["next"], headers=headers)
    back = await desk.http.get(third.json()["previous"], headers=headers)

    assert [numbers(one) for one in (first, second, third)] == [every[:2], every[2:4], every[4:]]
    assert numbers(back) == every[2:4]
    assert (first.json()["previous"], third.json()["next"]) == (None, None)


async def test_given_filters_when_listed_then_only_those_come(
    desk: Desk, stored: list[Booking]
) -> None:
    grace = stored[0]

    found = await desk.get("bookings", by="maria", search="hopp")
    by_number = await desk.get("bookings", by="maria", search=stored[3].booking_number.lower())
    confirmed = await desk.get("bookings", by="maria", status="confirmed")
    in_time = await desk.get("bookings", by="maria", date_from=PICKUP_DATE, date_to=PICKUP_DATE)
    later = await desk.get("bookings", by="maria", date_from=PICKUP_DATE + timedelta(days=1))

    assert found.json()["results"][0]["last_name"] == "Hopper"
    assert numbers(found) == [grace.booking_number]
    assert numbers(by_number) == [stored[3].booking_number]
    assert (numbers(confirmed), numbers(later)) == ([], [])
    assert len(numbers(in_time)) == 5


@pytest.mark.parametrize(
    "query",
    [
        {"status": "lost"},
        {"service_type": "x"},
        {"date_to": "2026-02-30"},
        {"search": " "},
        {"page_size": "1000"},
        {"cursor": "before-1"},
        {"cursor": "before-1-" + "g" * 32},
        {"customer": "ada"},
    ],
    ids=str,
)
async def test_given_a_bad_query_when_listed_then_it_is_named(
    desk: Desk, query: dict[str, str]
) -> None:
    answer = await desk.get("bookings", by="root", **query)

    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["details"]] == list(query)


async def test_given_the_ends_of_time_when_listed_then_it_is_answered(desk: Desk) -> None:
    far = "before-" + "9" * 16 + "-" + "f" * 32

    answer = await desk.get(
        "bookings", by="root", date_from="0001-01-01", date_to="9999-12-31", cursor=far
    )

    assert numbers(answer) == []
