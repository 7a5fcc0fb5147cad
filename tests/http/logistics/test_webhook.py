"""Onfleet's webhook over HTTP: the handshake, and events that change what we owe."""

import hmac
import json
from collections.abc import AsyncIterator
from hashlib import sha512
from typing import Final

import httpx
import pytest

from tests.builders import PICKUP_AT, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.http.echo import client_of
from tests.http.service import service_app
from totetaxi_adapters.onfleet import OnfleetEventReader
from totetaxi_core.logistics.courier_task import CourierTask, CourierTaskStatus, Leg
from totetaxi_core.outbox.owed_effect import EffectKind

PATH: Final = "/api/logistics/webhook/"
SECRET: Final = "0f" * 32
TASK: Final = "Jm4tq*Z0w1yR8~pVbX3cUeNf"
APP = service_app(RATELIMIT_ENABLE="false")


@pytest.fixture
async def house() -> MemoryHouse:
    """Return a house with one task at Onfleet's."""
    house = await a_house()
    booking = await house.book_without_intent()
    now = house.clock()
    task = CourierTask(
        id=an_id(),
        booking_id=booking.id,
        leg=Leg.PICKUP,
        status=CourierTaskStatus.CREATED,
        window_start_at=PICKUP_AT,
        window_end_at=PICKUP_AT,
        created_at=now,
        updated_at=now,
        onfleet_task_id=TASK,
    )
    async with house.ports.unit_of_work() as uow:
        await uow.courier_tasks.add(task)
        await uow.commit()
    return house


@pytest.fixture
async def onfleet(house: MemoryHouse) -> AsyncIterator[httpx.AsyncClient]:
    APP.state.update({"ports": house.ports, "courier_events": OnfleetEventReader(SECRET)})
    async with client_of(APP) as http:
        yield http


def event_body(trigger: int, *, task: str = TASK, time: int = 1_796_134_921_733) -> bytes:
    return json.dumps({"taskId": task, "triggerId": trigger, "time": time, "data": {}}).encode()


async def told(onfleet: httpx.AsyncClient, body: bytes, *, key: str = SECRET) -> httpx.Response:
    signature = hmac.digest(bytes.fromhex(key), body, sha512).hex()
    return await onfleet.post(PATH, content=body, headers={"X-Onfleet-Signature": signature})


def looks_owed(house: MemoryHouse) -> list[str]:
    """Return whose task a look is owed at."""
    return [one.payload["courier_task_id"] for one in house.effects(EffectKind.SYNC_COURIER_TASK)]


@pytest.mark.parametrize("check", ["c7d1f0a39b", "<b>&amp;</b>", " 7 ", "x" * 256])
async def test_given_a_check_when_asked_then_exactly_that_is_the_plain_answer(
    onfleet: httpx.AsyncClient, check: str
) -> None:
    answer = await onfleet.get(PATH, params={"check": check})

    assert (answer.status_code, answer.text) == (200, check)
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("query", ["", "?check=", f"?check={'x' * 257}", "?check=a&check=b"])
async def test_given_no_sound_check_when_asked_then_nothing_is_reflected(
    onfleet: httpx.AsyncClient, query: str
) -> None:
    answer = await onfleet.get(f"{PATH}{query}")

    assert (answer.status_code, answer.json()["error_type"]) == (400, "invalid")


async def test_given_a_signed_event_twice_when_told_then_one_look_is_owed(
    onfleet: httpx.AsyncClient, house: MemoryHouse
) -> None:
    async with house.ports.unit_of_work() as uow:
        task = await uow.courier_tasks.find_by_onfleet(TASK)

    first = await told(onfleet, event_body(3))
    again = await told(onfleet, event_body(3))

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == {"received": True}
    assert task is not None
    assert looks_owed(house) == [str(task.id)]


@pytest.mark.parametrize(
    "body", [event_body(3, task="somebody~elses"), event_body(5), event_body(99), b"no JSON"]
)
async def test_given_an_event_that_is_none_of_ours_when_told_then_it_is_answered_and_left(
    onfleet: httpx.AsyncClient, house: MemoryHouse, body: bytes
) -> None:
    answer = await told(onfleet, body)

    assert answer.status_code == 200
    assert looks_owed(house) == []


async def test_given_another_signature_when_told_then_it_is_refused_and_nothing_owed(
    onfleet: httpx.AsyncClient, house: MemoryHouse
) -> None:
    body = event_body(4)

    forged = await told(onfleet, body, key="0e" * 32)
    bare = await onfleet.post(PATH, content=body)

    assert [one.json()["error_type"] for one in (forged, bare)] == ["invalid_signature"] * 2
    assert (forged.status_code, bare.status_code) == (400, 400)
    assert looks_owed(house) == []
