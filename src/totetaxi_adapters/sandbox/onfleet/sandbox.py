"""The Onfleet sandbox of one process: its database, its clock and its sender."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from totetaxi_adapters.sandbox.database import Connection, SandboxDatabase
from totetaxi_adapters.sandbox.faults import FaultRule
from totetaxi_adapters.sandbox.onfleet import call_rate
from totetaxi_adapters.sandbox.onfleet import organization as objects
from totetaxi_adapters.sandbox.onfleet.autopilot import let_all_go, let_go, move_next
from totetaxi_adapters.sandbox.onfleet.events import EVENTS, PLAN, manner_of
from totetaxi_adapters.sandbox.onfleet.ids import ADMIN
from totetaxi_adapters.sandbox.onfleet.moves import Manners, Target, find_by_any_id, move
from totetaxi_adapters.sandbox.onfleet.organization import API, Organization
from totetaxi_adapters.sandbox.onfleet.proofs import read_proof
from totetaxi_adapters.sandbox.onfleet.refusal import Json
from totetaxi_adapters.sandbox.onfleet.task_lists import newest_tasks, task_of_token, task_with_id
from totetaxi_adapters.sandbox.onfleet.workers import every_worker, seed_workers
from totetaxi_adapters.sandbox.sender import WebhookSender

TABLES: Final = (*objects.TABLES, *EVENTS.tables, *PLAN.tables, *call_rate.TABLES)
DISPATCHER: Final = {"type": "ADMIN", "id": ADMIN}

Result = TypeVar("Result")
Operation: TypeAlias = Callable[[Organization], Awaitable[Result]]


def system_clock() -> datetime:
    return datetime.now(UTC)


@attrs.frozen(kw_only=True)
class OnfleetSandboxSettings:
    """Where the sandbox keeps its state, and where it sends events.

    `webhook_secret` is hexadecimal. `webhook_url` gets every event while no webhook is registered;
    without it they wait for a process that has one. Tracking links lead to `pages_url`, or where
    the call came to. `clock` dates the objects; pauses and the call rate are real time.
    """

    database_url: str
    webhook_secret: str
    webhook_url: str | None = None
    pages_url: str | None = None
    calls_per_s: int = 20
    failures_allowed: int = 300
    clock: Callable[[], datetime] = system_clock


class OnfleetSandbox:
    """What the pages and the API do. Use it inside `running()`."""

    def __init__(self, settings: OnfleetSandboxSettings) -> None:
        self.settings = settings
        self._database = SandboxDatabase(settings.database_url)
        self._sender = WebhookSender(
            self._database,
            EVENTS,
            manner_of(settings.webhook_secret, failures_allowed=settings.failures_allowed),
            webhook_url=settings.webhook_url,
            steps=[self._move_next],
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the database, send events; on leaving, stop both."""
        await self._database.open(TABLES)
        async with self._database.transaction() as connection:
            await seed_workers(connection)
        sending = asyncio.create_task(self._sender.run())
        try:
            yield
        finally:
            sending.cancel()
            with suppress(asyncio.CancelledError):
                await sending
            await self._database.close()

    async def execute(
        self, operation: Operation[Result], *, host: str = "localhost", actor: Json = API
    ) -> Result:
        """Act in one transaction. `host` is where the call came to.

        Raises:
            OnfleetRefusal: refused, and nothing done.
        """
        async with self._database.transaction() as connection:
            result = await operation(self._organization(connection, host=host, actor=actor))
        self._sender.wake()
        return result

    async def move(self, name: str, target: Target, manners: Manners) -> Json:
        """Move a task by hand; `name` is any of its ids.

        Raises:
            OnfleetRefusal: there is none, or no way there.
        """

        async def act(organization: Organization) -> Json:
            task_id = await find_by_any_id(organization, name)
            return await move(organization, task_id, target, manners)

        return await self.execute(act, actor=DISPATCHER)

    async def let_go(self, name: str | None, *, step_s: float | None) -> int:
        """Let a task, or all, move by itself; `step_s` None ends that. Return how many."""

        async def act(organization: Organization) -> int:
            if name is None:
                return await let_all_go(organization, step_s=step_s)
            task_id = await find_by_any_id(organization, name)
            await let_go(organization, task_id, step_s=step_s)
            return 1

        return await self.execute(act)

    async def newest_tasks(self) -> list[Json]:
        return await self.execute(newest_tasks)

    async def drivers(self) -> list[Json]:
        return await self.execute(every_worker)

    async def find_task(self, name: str) -> Json:
        """Return the task with any of its ids.

        Raises:
            OnfleetRefusal: there is none.
        """

        async def act(organization: Organization) -> Json:
            return await task_with_id(organization, await find_by_any_id(organization, name))

        return await self.execute(act)

    async def track(self, token: str) -> Json:
        """Return the task of a tracking link, and note that it was looked at.

        Raises:
            OnfleetRefusal: the link leads nowhere.
        """
        return await self.execute(lambda organization: task_of_token(organization, token))

    async def read_proof(self, upload_id: str) -> bytes:
        """Return a photo or signature, as PNG.

        Raises:
            OnfleetRefusal: there is none.
        """
        return await self.execute(lambda organization: read_proof(organization, upload_id))

    async def admit(self, method: str, path: str) -> tuple[FaultRule | None, int | None]:
        """Count a call; return what shall go wrong with it, and how many more may follow."""
        async with self._database.transaction() as connection:
            left = await call_rate.calls_left(connection, allowed=self.settings.calls_per_s)
            return await PLAN.take_call_rule(connection, method, path), left

    async def add_faults(self, rules: tuple[FaultRule, ...]) -> list[dict[str, Any]]:
        """Add to the plan and return it whole."""
        async with self._database.transaction() as connection:
            await PLAN.add_rules(connection, rules)
            return await PLAN.list_rules(connection)

    async def clear_faults(self) -> None:
        """Empty the plan; events it held leave now."""
        async with self._database.transaction() as connection:
            await PLAN.clear_rules(connection)
            await EVENTS.release_held(connection)
        self._sender.wake()

    async def _move_next(self, connection: Connection) -> bool:
        return await move_next(self._organization(connection, actor=DISPATCHER))

    def _organization(
        self, connection: Connection, *, host: str = "localhost", actor: Json = API
    ) -> Organization:
        return Organization(
            connection=connection,
            now=self.settings.clock(),
            pages_url=self.settings.pages_url or f"http://{host}",
            actor=actor,
        )
