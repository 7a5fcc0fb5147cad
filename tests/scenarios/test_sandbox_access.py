"""The sandbox beside a running service: not there for strangers, and unharmed by null bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import psycopg

from totetaxi_adapters.sandbox.mount import sandbox_of
from totetaxi_adapters.settings import Settings, settings_from
from totetaxi_adapters.wiring import wired
from totetaxi_cli.service_process import service_beside

STRANGERS: Final = (
    {"Host": "localhost.evil.com"},
    {"Host": "evil.com:8000"},
    {"X-Forwarded-For": "198.51.100.7"},
    {"Forwarded": "for=198.51.100.7"},
)
PATHS: Final = (
    "/sandbox",
    "/sandbox/messages?to=ada@example.com",
    "/sandbox/stripe",
    "/sandbox/onfleet",
)
KEY: Final = {"Authorization": "Bearer sk_test_any"}
API: Final = "/sandbox/onfleet/api/v2"
ONFLEET_KEY: Final = ("sandbox", "")
ORDER: Final = {"destination": {"address": {"unparsed": "1 Main St, New York, NY, USA"}}}
DEADLINE_S: Final = 20
NULL_BYTES: Final = {
    "/sandbox/messages?to=%00": 400,
    "/sandbox/messages?to=ada%00@example.com": 400,
    "/sandbox/messages": 400,
    "/sandbox/stripe/v1/payment_intents/%00": 404,
    "/sandbox/stripe/v1/payment_intents/%00/cancel": 404,
    "/sandbox/stripe/v1/payment_intents?starting_after=%00": 400,
    "/sandbox/stripe/v1/%00": 404,
    "/sandbox/stripe/pay/%00": 404,
    "/sandbox/onfleet/api/v2/tasks/%00": 404,
    "/sandbox/onfleet/tasks/%00": 404,
    "/sandbox/%00": 404,
}


@asynccontextmanager
async def calling(database_url: str, folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Call a service with its sandbox, for which any host will do."""
    async with (
        service_beside(_settings(folder), database_url) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, headers=KEY) as http,
    ):
        yield http


async def test_given_a_stranger_when_the_sandbox_is_asked_for_then_it_is_a_path_of_nothing(
    database_url: str, tmp_path: Path
) -> None:
    async with calling(database_url, tmp_path) as http:
        own = [await http.get(path) for path in PATHS]
        theirs = [await http.get(path, headers=headers) for headers in STRANGERS for path in PATHS]

    assert {answer.status_code for answer in own} == {200}
    told = {(answer.status_code, answer.json()["error_type"]) for answer in theirs}
    assert told == {(404, "not_found")}


async def test_given_a_sandbox_without_a_service_when_a_stranger_asks_then_it_is_not_found(
    database_url: str, tmp_path: Path
) -> None:
    async with wired(_settings(tmp_path), database_url, sandbox_url="http://unused") as wiring:
        app: Any = sandbox_of(wiring, service_url=None)
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as http:
            own = await http.get("/sandbox")
            theirs = [await http.get("/sandbox", headers=headers) for headers in STRANGERS]

    assert own.status_code == 200
    assert {answer.status_code for answer in theirs} == {404}


async def test_given_a_null_byte_when_the_sandbox_is_asked_then_it_refuses(
    database_url: str, tmp_path: Path
) -> None:
    plans = [[{"action": "delay", name: "a\0b"}] for name in ("method", "path", "event")]

    async with calling(database_url, tmp_path) as http:
        answered = {path: (await http.get(path)).status_code for path in NULL_BYTES}
        planned = [await http.post("/sandbox/stripe/faults", json=plan) for plan in plans]

    assert answered == NULL_BYTES
    assert {answer.status_code for answer in planned} == {400}


async def test_given_a_delivery_at_the_sandbox_when_moved_then_the_service_takes_its_events(
    database_url: str, tmp_path: Path
) -> None:
    async with calling(database_url, tmp_path) as http:
        hook = f"{http.base_url}/api/logistics/webhook/"
        made = await http.post(f"{API}/tasks", json=ORDER, auth=ONFLEET_KEY)
        body = {"url": hook, "name": "ours", "trigger": 3}
        registered = await http.post(f"{API}/webhooks", json=body, auth=ONFLEET_KEY)
        moved = await http.post(
            "/sandbox/onfleet/move", json={"task_id": made.json()["id"], "to": "completed"}
        )
        tried = await _tries_of_events(database_url, at_least=2)

    assert [answer.status_code for answer in (made, registered, moved)] == [200, 200, 200]
    assert made.json()["trackingURL"].startswith(str(http.base_url))
    assert tried == {"taskCreated": 1, "taskCompleted": 1}


async def _tries_of_events(database_url: str, *, at_least: int) -> dict[str, int]:
    """Return how often each event was sent once so many have been accepted."""
    found: dict[str, int] = {}
    async with asyncio.timeout(DEADLINE_S), await _connected(database_url) as connection:
        while len(found) < at_least:
            cursor = await connection.execute(
                "SELECT body::json->>'triggerName', attempts FROM sandbox.onfleet_events"
                " WHERE delivered_at IS NOT NULL"
            )
            found = dict(await cursor.fetchall())
            await asyncio.sleep(0.05)
    return found


async def _connected(database_url: str) -> psycopg.AsyncConnection[tuple[Any, ...]]:
    url = database_url.replace("postgresql+psycopg", "postgresql")
    return await psycopg.AsyncConnection.connect(url, autocommit=True)


def _settings(folder: Path) -> Settings:
    return settings_from({"TOTETAXI_DATA_DIR": str(folder), "ALLOWED_HOSTS": "*"})
