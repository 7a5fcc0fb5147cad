import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.adapters.sandbox.serving import DEADLINE_S
from tests.adapters.sandbox.stripe_server import KEY, StripeServer


async def test_given_a_process_when_told_to_stop_then_it_ends_cleanly_and_quickly(
    sandbox_database: str,
) -> None:
    async with process(sandbox_database) as (server, running):
        await server.create_intent()

        running.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(running.communicate(), DEADLINE_S)

    assert (running.returncode, errors) == (0, b"")


async def test_given_a_process_killed_when_another_starts_then_it_knows_everything(
    sandbox_database: str,
) -> None:
    async with process(sandbox_database) as (server, running):
        intent_id = await server.create_paid_intent()
        first = await server.post("/v1/refunds", {"payment_intent": intent_id}, key="k")
        task = await create_task(server)
        running.kill()
        await running.wait()

    async with process(sandbox_database) as (server, _):
        again = await server.post("/v1/refunds", {"payment_intent": intent_id}, key="k")
        found = await server.get(f"/v1/payment_intents/{intent_id}")
        page = await server.http.get(f"{onfleet_of(server)}/tasks/{task['id']}")

    assert again.json() == first.json()
    assert found["status"] == "succeeded"
    assert "<strong>unassigned</strong>" in page.text


async def create_task(server: StripeServer) -> dict[str, Any]:
    """Create a task at the Onfleet beside this Stripe."""
    order = {"destination": {"address": {"unparsed": "1 Main St, New York, NY, USA"}}}
    answer = await server.http.post(
        f"{onfleet_of(server)}/api/v2/tasks", json=order, auth=("sandbox", "")
    )
    created: dict[str, Any] = answer.json()
    return created


def onfleet_of(server: StripeServer) -> str:
    return server.url.removesuffix("stripe") + "onfleet"


@asynccontextmanager
async def process(
    database_url: str,
) -> AsyncIterator[tuple[StripeServer, asyncio.subprocess.Process]]:
    """Run the sandbox as its own process; yield when it has said where it listens."""
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "totetaxi_adapters.sandbox"),
        *("--database-url", database_url, "--webhook-secret", "whsec_test"),
        *("--onfleet-webhook-secret", "5c" * 32),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert running.stdout is not None
    try:
        line = await asyncio.wait_for(running.stdout.readline(), DEADLINE_S)
        url = line.decode().split()[-1]
        headers = {"Authorization": f"Bearer {KEY}"}
        async with httpx.AsyncClient(headers=headers, trust_env=False) as http:
            yield StripeServer(f"{url}/stripe", http), running
    finally:
        if running.returncode is None:
            running.kill()
        await running.communicate()
