"""Orders of made-up bookings, Onfleet's answers, and a gateway onto a scripted Onfleet."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from tests.builders import NOW, PICKUP_AT, an_id
from totetaxi_adapters.onfleet import OnfleetBounds, OnfleetCourierGateway
from totetaxi_core.geography.address import Address
from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.courier_gateway import TaskOrder
from totetaxi_core.logistics.courier_task import Leg

HASTY: Final = OnfleetBounds(timeout_s=5, pause_s=0)
BASE: Final = "http://127.0.0.1:1/sandbox/onfleet/api/v2"
PHONE: Final = "+12125550147"
TASK: Final = "Jm4tq*Z0w1yR8~pVbX3cUeNf"
ADDRESS: Final = Address(
    address_line_1="350 5th Avenue",
    address_line_2="Suite 3300",
    city="New York",
    state="NY",
    zip_code="10118-0110",
    delivery_instructions="Service entrance on 33rd St",
    point=Point(latitude=40.748433, longitude=-73.985656),
)

Reply = httpx.Response | Exception


class FreePace:
    """Everybody's turn, at once; counts them."""

    def __init__(self) -> None:
        self.turns = 0

    async def turn(self) -> None:
        self.turns += 1


class ScriptedOnfleet:
    """Gives its answers in order, the last one for ever, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        reply = self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    @property
    def calls(self) -> list[str]:
        """What was asked: method and path below the base."""
        prefix = httpx.URL(BASE).path
        return [f"{one.method} {one.url.path.removeprefix(prefix)}" for one in self.asked]

    def sent(self, index: int = -1) -> Any:  # noqa: ANN401  any JSON
        return json.loads(self.asked[index].content)


@asynccontextmanager
async def gateway_to(
    answer: Callable[[httpx.Request], httpx.Response],
    *,
    bounds: OnfleetBounds = HASTY,
    now: datetime = NOW,
    **options: Any,  # noqa: ANN401  the gateway's own
) -> AsyncIterator[OnfleetCourierGateway]:
    """Open a gateway onto an Onfleet that is a function."""
    gateway = OnfleetCourierGateway(
        "key",
        **{
            "base_url": BASE,
            "pace": FreePace(),
            "clock": lambda: now,
            "bounds": bounds,
            "transport": httpx.MockTransport(answer),
            **options,
        },
    )
    try:
        yield gateway
    finally:
        await gateway.close()


def task_order(**changes: Any) -> TaskOrder:  # noqa: ANN401  its own fields
    order = TaskOrder(
        task_id=an_id(),
        booking_id=an_id(),
        booking_number="TT-7K3M9QXA",
        leg=Leg.PICKUP,
        address=ADDRESS,
        full_name="Ann Lee",
        phone=PHONE,
        window_start_at=PICKUP_AT,
        window_end_at=PICKUP_AT + timedelta(hours=1),
        notes="Booking TT-7K3M9QXA",
        quantity=4,
        service_minutes=20,
    )
    return replace(order, **changes)


def task_answer(**changes: object) -> dict[str, Any]:
    """Return a task as Onfleet writes it."""
    return {
        "id": TASK,
        "shortId": "7be01c4d",
        "trackingURL": "https://onf.lt/7be01c4d9a",
        "timeCreated": 1_796_043_600_000,
        "timeLastModified": 1_796_043_600_412,
        "state": 0,
        "worker": None,
        "container": {"type": "ORGANIZATION", "organization": "kD2~oHn9Wq5Lr*1vSsYb7TgP"},
        "completeAfter": 1_796_130_000_000,
        "completeBefore": 1_796_140_800_000,
        "eta": None,
        "completionDetails": {"failureReason": "NONE", "events": [], "photoUploadIds": None},
        "metadata": [],
        "destination": {"id": "rV9*bW2xLt6~aQs0nHdJ3kMf", "location": [-73.985656, 40.748433]},
        "somethingNew": {"nobody": "knows"},
        **changes,
    }


def marks(**values: str) -> list[dict[str, object]]:
    return [{"name": name, "type": "string", "value": value} for name, value in values.items()]


def ok(body: object) -> httpx.Response:
    return httpx.Response(200, json=body)


def refused(
    status: int, subcode: int, cause: object = None, *, code: str = "InvalidContent"
) -> httpx.Response:
    told: dict[str, object] = {"error": subcode, "message": "in general", "request": "3f1c2c1e"}
    if cause is not None:
        told["cause"] = cause
    return httpx.Response(status, json={"code": code, "message": told})
