"""Every way Onfleet says no, and what it means to us."""

from asyncio import Event

import httpx
import pytest

from tests.adapters.onfleet.courier_orders import (
    TASK,
    FreePace,
    Reply,
    ScriptedOnfleet,
    gateway_to,
    ok,
    refused,
    task_answer,
    task_order,
)
from totetaxi_adapters.onfleet import OnfleetBounds
from totetaxi_core.logistics.courier_gateway import (
    CourierMisconfiguredError,
    CourierRefusedError,
    CourierTaskNotFoundError,
    CourierUnavailableError,
)
from totetaxi_core.refusal import DomainError

HTML = httpx.Response(502, html="<html>Bad gateway</html>")
DUPLICATE = {"type": "duplicateKey", "key": "phone", "value": "+12125550147"}


@pytest.mark.parametrize(
    ("reply", "meant", "said"),
    [
        (refused(400, 1000, "Geocoding errors found."), CourierRefusedError, "Geocoding errors"),
        (refused(400, 1011, "Geocoding errors found."), CourierRefusedError, "1011"),
        (refused(400, 1010), CourierRefusedError, "in general"),
        (refused(400, 1009, "completeBefore is in the past"), CourierRefusedError, "in the past"),
        (refused(400, 1004, DUPLICATE), CourierRefusedError, "duplicateKey phone"),
        (refused(409, 1901, "name"), CourierRefusedError, "HTTP 409"),
        (refused(400, 1102), CourierMisconfiguredError, "1102"),
        (refused(401, 1102), CourierMisconfiguredError, "HTTP 401"),
        (httpx.Response(401, html="<p>no</p>"), CourierMisconfiguredError, "HTTP 401"),
        (refused(403, 1300), CourierMisconfiguredError, "1300"),
        (refused(400, 2300), CourierUnavailableError, "2300"),
        (refused(412, 2218), CourierUnavailableError, "HTTP 412"),
        (refused(429, 2300, code="TooManyRequests"), CourierUnavailableError, "HTTP 429"),
        (refused(500, 2500), CourierUnavailableError, "HTTP 500"),
        (HTML, CourierUnavailableError, "HTTP 502"),
        (httpx.Response(503), CourierUnavailableError, "HTTP 503"),
        (httpx.Response(400, html="<p>no</p>"), CourierUnavailableError, "not in Onfleet's words"),
        (httpx.Response(302, headers={"Location": "/login"}), CourierUnavailableError, "HTTP 302"),
        (
            httpx.Response(400, json={"code": "InvalidContent", "message": "plain words"}),
            CourierRefusedError,
            "plain words",
        ),
        (httpx.ReadTimeout("slow"), CourierUnavailableError, "ReadTimeout"),
        (httpx.ConnectError("refused"), CourierUnavailableError, "ConnectError"),
        (ok(["not a task"]), CourierUnavailableError, "no task"),
        (httpx.Response(200), CourierUnavailableError, "no task"),
    ],
)
async def test_given_a_failure_when_creating_then_it_is_told_apart_and_tried_once(
    reply: Reply, meant: type[DomainError], said: str
) -> None:
    onfleet = ScriptedOnfleet(reply)

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(meant, match=said) as caught:
            await gateway.create_task(task_order())

    assert onfleet.calls == ["POST /tasks"]
    assert "2125550147" not in str(caught.value)


async def test_given_a_telephone_number_in_the_cause_when_refused_then_it_is_not_repeated() -> None:
    onfleet = ScriptedOnfleet(refused(400, 1000, "Invalid phone +1 (212) 555-0147 given"))

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierRefusedError) as caught:
            await gateway.create_task(task_order())

    assert str(caught.value) == "HTTP 400, 1000, Invalid phone … given, request 3f1c2c1e"


@pytest.mark.parametrize(
    ("reply", "meant"),
    [
        (refused(404, 1402, code="ResourceNotFound"), CourierTaskNotFoundError),
        # A proxy's page, or a wrong address, says nothing about the task.
        (httpx.Response(404, html="<p>not here</p>"), CourierUnavailableError),
        (ok(task_answer(state=7)), CourierUnavailableError),
        (ok(task_answer(state=3, completionDetails={})), CourierUnavailableError),
        (ok({"state": 0}), CourierUnavailableError),
    ],
)
async def test_given_a_bad_answer_when_reading_then_a_task_is_gone_only_if_onfleet_says_so(
    reply: Reply, meant: type[DomainError]
) -> None:
    async with gateway_to(ScriptedOnfleet(reply)) as gateway:
        with pytest.raises(meant):
            await gateway.get_task(TASK)


@pytest.mark.parametrize(
    "reply", [refused(429, 2300), HTML, httpx.Response(503), httpx.ConnectError("no")]
)
async def test_given_two_passing_failures_when_reading_then_the_third_try_answers(
    reply: Reply,
) -> None:
    pace, onfleet = FreePace(), ScriptedOnfleet(reply, reply, ok(task_answer()))

    async with gateway_to(onfleet, pace=pace) as gateway:
        read = await gateway.get_task(TASK)

    assert read.id == TASK
    assert onfleet.calls == [f"GET /tasks/{TASK}"] * 3
    assert pace.turns == 3  # a repetition counts as a call


async def test_given_failures_that_last_when_reading_then_it_ends_after_three_tries() -> None:
    onfleet = ScriptedOnfleet(refused(429, 2300))

    async with gateway_to(onfleet) as gateway:
        with pytest.raises(CourierUnavailableError, match="HTTP 429"):
            await gateway.find_task(task_order().task_id)

    assert onfleet.calls == ["POST /tasks/metadata"] * 3


async def test_given_a_turn_that_does_not_come_when_calling_then_the_bound_ends_it() -> None:
    class NoTurn:
        async def turn(self) -> None:
            await Event().wait()

    onfleet = ScriptedOnfleet(ok(task_answer()))
    bounds = OnfleetBounds(timeout_s=0.05)

    async with gateway_to(onfleet, pace=NoTurn(), bounds=bounds) as gateway:
        with pytest.raises(CourierUnavailableError, match=r"within 0\.05 s"):
            await gateway.get_task(TASK)

    assert onfleet.calls == []
