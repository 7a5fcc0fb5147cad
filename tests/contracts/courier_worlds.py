"""The courier port with its other end: the driver, the dispatcher and the wire."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Final, Protocol

import httpx

from tests.adapters.onfleet.courier_orders import FreePace
from tests.adapters.sandbox.serving import serving
from tests.builders import NOW
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.onfleet import OnfleetBounds, OnfleetCourierGateway
from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.onfleet import OnfleetSandbox, OnfleetSandboxSettings
from totetaxi_core.ids import IdSource
from totetaxi_core.logistics.courier_gateway import CourierGateway, CourierWorker, ProofFile
from totetaxi_core.logistics.courier_task import CourierTaskStatus

ONE_TRY: Final = OnfleetBounds(timeout_s=10, tries=1)
SECRET: Final = "aa" * 32
PNG: Final = b"\x89PNG\r\n\x1a\n"


class CourierWorld(Protocol):
    """`clock` is the courier's own; `drive` and `remove` are a driver's and a dispatcher's acts."""

    clock: SettableClock

    @property
    def gateway(self) -> CourierGateway: ...

    async def drive(self, onfleet_task_id: str, to: CourierTaskStatus) -> None:
        """Bring a task there; who completes it leaves a photo and notes."""
        ...

    async def remove(self, onfleet_task_id: str) -> None: ...

    async def lose_next_call(self, *, acts: bool) -> None:
        """Let the next call get no answer, having acted or not."""
        ...


class MemoryCourierWorld:
    def __init__(self) -> None:
        self.clock = SettableClock(NOW)
        ids = IdSource(Random(1))  # noqa: S311  a seed, so that a run can be repeated
        self.gateway = MemoryCourierGateway(ids=ids, clock=self.clock)
        self.gateway.workers += [
            CourierWorker(id=f"worker~{name}", name=name, is_on_duty=name != "Grace Lin")
            for name in ("Grace Lin", "Ana Reyes", "Ben Okafor")
        ]

    async def drive(self, onfleet_task_id: str, to: CourierTaskStatus) -> None:
        match to:
            case CourierTaskStatus.ASSIGNED:
                self.gateway.drive(onfleet_task_id, to, worker_id="worker~Ana Reyes")
            case CourierTaskStatus.ACTIVE:
                self.gateway.drive(onfleet_task_id, to, started_at=self.clock())
            case CourierTaskStatus.COMPLETED:
                self.gateway.proofs["photo"] = ProofFile(content=PNG, content_type="image/png")
                self.gateway.drive(
                    onfleet_task_id,
                    to,
                    completed_at=self.clock(),
                    driver_notes="Left with the doorman",
                    photo_ids=("photo",),
                )
            case _:
                self.gateway.drive(
                    onfleet_task_id, to, completed_at=self.clock(), failure_reason="NOBODY_HOME"
                )

    async def remove(self, onfleet_task_id: str) -> None:
        self.gateway.remove(onfleet_task_id)

    async def lose_next_call(self, *, acts: bool) -> None:
        self.gateway.outages.plan(Outage.AFTER_ACTING if acts else Outage.BEFORE_ACTING)


class OnfleetSandboxWorld:
    def __init__(
        self, gateway: OnfleetCourierGateway, http: httpx.AsyncClient, *, clock: SettableClock
    ) -> None:
        self.clock, self.gateway, self._http = clock, gateway, http

    async def drive(self, onfleet_task_id: str, to: CourierTaskStatus) -> None:
        reason = "NOBODY_HOME" if to is CourierTaskStatus.FAILED else ""
        await self._move(onfleet_task_id, to.value, failure_reason=reason)

    async def remove(self, onfleet_task_id: str) -> None:
        await self._move(onfleet_task_id, "deleted")

    async def lose_next_call(self, *, acts: bool) -> None:
        action = "drop_after_acting" if acts else "drop_before_acting"
        rules = [{"action": action, "path": "/api/v2/*", "times": 1}]
        answer = await self._http.post("/faults", json=rules)
        assert answer.status_code == httpx.codes.CREATED, answer.text

    async def _move(self, onfleet_task_id: str, to: str, **said: str) -> None:
        body = {"task_id": onfleet_task_id, "to": to, **said}
        answer = await self._http.post("/move", json=body)
        assert answer.status_code == httpx.codes.OK, answer.text


@asynccontextmanager
async def onfleet_sandbox_world(database_url: str) -> AsyncIterator[OnfleetSandboxWorld]:
    """Serve the sandbox on this database, with a clock of the test's own."""
    clock = SettableClock(NOW)
    settings = OnfleetSandboxSettings(database_url=database_url, webhook_secret=SECRET, clock=clock)
    async with serving(create_sandbox_app(onfleet=OnfleetSandbox(settings))) as url:
        base = f"{url}/sandbox/onfleet"
        gateway = OnfleetCourierGateway(
            "sandbox",
            base_url=f"{base}/api/v2",
            upload_url=f"{base}/uploads/{{upload_id}}/{{size}}",
            pace=FreePace(),
            clock=clock,
            bounds=ONE_TRY,
        )
        async with httpx.AsyncClient(base_url=base, trust_env=False) as http:
            yield OnfleetSandboxWorld(gateway, http, clock=clock)
        await gateway.close()
