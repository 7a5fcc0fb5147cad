"""A running Onfleet sandbox and ways to talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import attrs
import httpx

from tests.adapters.sandbox.serving import DEADLINE_S, serving
from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.onfleet import OnfleetSandbox, OnfleetSandboxSettings

SECRET = "5c" * 32
KEY = "sandbox"
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1_000)
HOUR_MS = 3_600_000
ADDRESS = {
    "number": "350",
    "street": "5th Ave",
    "apartment": "Suite 3300",
    "city": "New York",
    "state": "NY",
    "postalCode": "10118",
    "country": "USA",
}
RECIPIENT = {"name": "Ada Byron", "phone": "+12125550147", "notes": "Rings twice"}
ORDER: dict[str, Any] = {
    "destination": {"address": ADDRESS, "notes": "Service entrance"},
    "recipients": [RECIPIENT],
    "completeAfter": NOW_MS + 2 * HOUR_MS,
    "completeBefore": NOW_MS + 5 * HOUR_MS,
    "pickupTask": True,
    "quantity": 4,
    "serviceTime": 10,
    "notes": "TT-004182, 4 totes",
    "metadata": [{"name": "task_id", "type": "string", "value": "our-1", "visibility": ["api"]}],
}


@attrs.frozen
class OnfleetServer:
    """The sandbox as seen over HTTP; `url` ends with `/sandbox/onfleet`."""

    url: str
    http: httpx.AsyncClient

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/v2"

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        sent = {} if body is None else {"json": body}
        return await self.http.request(method, f"{self.api_url}{path}", **sent)  # type: ignore[arg-type]

    async def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  any JSON
        answer = await self.call(method, path, body)
        assert answer.status_code == 200, answer.text
        return answer.json() if answer.content else None

    async def create(self, **fields: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
        created: dict[str, Any] = await self.ask("POST", "/tasks", ORDER | fields)
        return created

    async def get(self, task_id: str) -> dict[str, Any]:
        found: dict[str, Any] = await self.ask("GET", f"/tasks/{task_id}")
        return found

    async def move(self, task_id: str, to: str, **more: object) -> httpx.Response:
        body = {"task_id": task_id, "to": to, **more}
        return await self.http.post(f"{self.url}/move", json=body)

    async def moved(self, task_id: str, to: str, **more: object) -> dict[str, Any]:
        answer = await self.move(task_id, to, **more)
        assert answer.status_code == 200, answer.text
        return await self.get(task_id)

    async def plan_faults(self, *rules: dict[str, Any]) -> None:
        answer = await self.http.post(f"{self.url}/faults", json=list(rules))
        assert answer.status_code == 201, answer.text

    async def wait_for_state(self, task_id: str, state: int) -> dict[str, Any]:
        """Return the task once it is there."""
        task = await self.get(task_id)
        async with asyncio.timeout(DEADLINE_S):
            while task["state"] != state:
                await asyncio.sleep(0.05)
                task = await self.get(task_id)
        return task


@asynccontextmanager
async def running_onfleet(
    database_url: str,
    **settings: Any,  # noqa: ANN401  the fields of OnfleetSandboxSettings
) -> AsyncIterator[OnfleetServer]:
    """Serve a sandbox on this database."""
    chosen: dict[str, Any] = {
        "webhook_secret": SECRET,
        "clock": lambda: NOW,
        "calls_per_s": 1_000,
    } | settings
    sandbox = OnfleetSandbox(OnfleetSandboxSettings(database_url=database_url, **chosen))
    async with (
        serving(create_sandbox_app(onfleet=sandbox)) as url,
        httpx.AsyncClient(auth=(KEY, ""), trust_env=False) as http,
    ):
        yield OnfleetServer(f"{url}/sandbox/onfleet", http)


def refusal(answer: httpx.Response) -> tuple[int, str, int]:
    """Return the status, Onfleet's code and its subcode."""
    told = answer.json()
    return answer.status_code, told["code"], told["message"]["error"]
