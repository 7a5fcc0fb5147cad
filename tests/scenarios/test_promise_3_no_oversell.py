"""Promise 3: no oversell. The races run on real connections, against real processes."""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import literal, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.builders import a_contact, a_delivery_address, a_quote_request, an_address
from tests.scenarios.guest import an_order
from tests.scenarios.house import House, open_dates
from totetaxi_adapters.postgres import crews as crew_statements
from totetaxi_adapters.postgres.tables import crew_half_hours
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.place_booking import place_booking
from totetaxi_core.scheduling.crews import SlotUnavailableError

GUESTS: Final = 300 if os.environ.get("TOTETAXI_SOAK") else 200
CALLERS: Final = 60
CREWS: Final = 3
NOBODY_S_STRIPE: Final = "http://127.0.0.1:9"
WITHOUT_CHECK: Final = text("ALTER TABLE crew_half_hours DROP CONSTRAINT ck_crew_half_hours_taken")


def test_given_two_hundred_guests_when_they_race_for_the_crews_then_just_those_there_are_go(
    house: House,
) -> None:
    on = house.next_open_date()

    answers = asyncio.run(_race([house.url], on))

    _assert_only_the_crews_were_sold(answers, on, house)


def test_given_one_crew_is_left_when_two_hundred_race_for_it_then_one_gets_it(
    house: House,
) -> None:
    on = house.next_open_date()
    for _ in range(CREWS - 1):
        house.guest.books(an_order(on))

    answers = asyncio.run(_race([house.url], on))

    assert Counter(map(_outcome, answers)) == {201: 1, 409: GUESTS - 1}
    assert house.crews_taken(on) == CREWS


def test_given_two_services_on_one_database_when_guests_race_at_both_then_no_crew_is_sold_twice(
    house: House,
) -> None:
    on = house.next_open_date()
    second = house.start_another()

    answers = asyncio.run(_race([house.url, str(second.http.base_url)], on))

    _assert_only_the_crews_were_sold(answers, on, house)


def test_given_overlapping_mornings_when_guests_race_then_no_half_hour_has_too_many(
    house: House,
) -> None:
    on = house.next_open_date()
    starts = ("07:00", "07:45", "08:30", "09:15", "10:00", "11:10", "12:00")

    answers = asyncio.run(_race([house.url], on, starts=starts))

    assert set(map(_outcome, answers)) == {201, 409}
    assert house.crews_taken(on) == CREWS
    booked = [answer for answer in answers if _outcome(answer) == 201]
    assert house.rows("SELECT sum(taken) AS taken FROM crew_half_hours WHERE on_date = %s", on) == [
        {"taken": sum(_half_hours(answer.json()["booking"]) for answer in booked)}
    ]


async def test_given_callers_of_the_library_when_they_race_then_just_the_crews_there_are_go(
    database_url: str,
) -> None:
    async with _library(database_url) as wiring:
        outcomes = await _race_in_process(wiring)

    assert Counter(outcomes) == {None: CREWS, SlotUnavailableError: CALLERS - CREWS}


async def test_given_neither_lock_nor_check_when_they_race_then_too_many_are_sold(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_out_the_locks(monkeypatch)
    async with _library(database_url) as wiring:
        async with wiring.engine.begin() as connection:
            await connection.execute(WITHOUT_CHECK)

        outcomes = await _race_in_process(wiring)

    assert Counter(outcomes)[None] > CREWS


async def test_given_no_lock_when_they_race_then_the_database_itself_refuses_one_crew_too_many(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take_out_the_locks(monkeypatch)
    async with _library(database_url) as wiring:
        outcomes = await _race_in_process(wiring)

    counted = Counter(outcomes)
    assert counted[None] == CREWS
    assert counted[IntegrityError] > 0


def _assert_only_the_crews_were_sold(
    answers: Sequence[httpx.Response], on: date, house: House
) -> None:
    statuses = Counter(map(_outcome, answers))
    refusals = {a.json()["error_type"] for a in answers if _outcome(a) != 201}
    booked = [answer.json() for answer in answers if _outcome(answer) == 201]
    stored = house.rows("SELECT id FROM bookings WHERE pickup_date = %s", on)
    intents = [house.stripe.intents(str(row["id"])) for row in stored]
    assert statuses == {201: CREWS, 409: len(answers) - CREWS}
    assert refusals == {"slot_unavailable"}
    assert {str(row["id"]) for row in stored} == {each["booking"]["id"] for each in booked}
    assert [len(each) for each in intents] == [1] * CREWS
    assert house.crews_taken(on) == CREWS


def _outcome(answer: httpx.Response) -> int:
    """Return its status, 201 too for whoever was booked though told to come back: that is a 200."""
    return 201 if answer.status_code == 200 else answer.status_code


async def _race(
    urls: Sequence[str], on: date, *, starts: Sequence[str] = ("09:00",)
) -> list[httpx.Response]:
    """Send every guest's order at once, spread over the services and starts.

    A slow machine may ask some to come back: they do, at once.
    """
    limits = httpx.Limits(max_connections=GUESTS)
    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as http:

        async def book(number: int) -> httpx.Response:
            url = f"{urls[number % len(urls)].rstrip('/')}/api/public/guest-booking/"
            order = an_order(on, pickup_time=starts[number % len(starts)])
            answer = await http.post(url, json=order)
            while answer.status_code == 503:
                assert answer.headers["Retry-After"]
                answer = await http.post(url, json=order)
            return answer

        return await asyncio.gather(*(book(number) for number in range(GUESTS)))


def _half_hours(booking: dict[str, Any]) -> int:
    """Return how many half hours the booking touches."""
    hour, minute = map(int, booking["pickup_time"].split(":"))
    start: int = hour * 60 + minute
    end = start + int(booking["estimated_hours"]) * 60
    return -(-end // 30) - start // 30


@asynccontextmanager
async def _library(database_url: str) -> AsyncIterator[Wiring]:
    settings = settings_from({"STRIPE_API_BASE": NOBODY_S_STRIPE, "HOME": "/nowhere"})
    async with wired(settings, database_url) as wiring:
        yield wiring


async def _race_in_process(wiring: Wiring) -> list[type[BaseException] | None]:
    """Place every order at once; return what each came to."""
    on = next(open_dates())
    outcomes = await asyncio.gather(
        *(
            place_booking(_order(on, number), wiring.ports, wiring.terms)
            for number in range(CALLERS)
        ),
        return_exceptions=True,
    )
    return [type(each) if isinstance(each, BaseException) else None for each in outcomes]


def _order(on: date, number: int) -> Order:
    return Order(
        request=replace(a_quote_request(), pickup_date=on),
        contact=a_contact(email=f"caller{number}@example.com"),
        pickup_address=an_address(),
        delivery_address=a_delivery_address(),
    )


def _take_out_the_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look and take without a lock, and without a look in the taking itself."""
    needed = crew_statements.NEEDED
    looked_at = select(literal(value=True)).where(*needed, crew_statements.FREE)
    taken = update(crew_half_hours).where(*needed).values(taken=crew_half_hours.c.taken + 1)
    monkeypatch.setattr(crew_statements, "LOCK_IF_ALL_THERE", looked_at)
    monkeypatch.setattr(crew_statements, "LOCK", looked_at)
    monkeypatch.setattr(crew_statements, "TAKE", taken)
