"""A running Stripe sandbox and ways to talk to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import httpx
import psycopg

from tests.adapters.sandbox.serving import DEADLINE_S, serving
from totetaxi_adapters.sandbox.app import create_sandbox_app
from totetaxi_adapters.sandbox.stripe import StripeSandbox, StripeSandboxSettings

SECRET = "whsec_test"
KEY = "sk_test_any"
ORDER = {"amount": "12500", "currency": "usd", "automatic_payment_methods[enabled]": "true"}


@attrs.frozen
class StripeServer:
    """The sandbox as seen over HTTP; `url` is what the SDK takes as its base."""

    url: str
    http: httpx.AsyncClient

    async def post(
        self, path: str, form: dict[str, str] | None = None, *, key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.http.post(f"{self.url}{path}", data=form or {}, headers=headers)

    async def get(self, path: str) -> Any:  # noqa: ANN401  any JSON
        answer = await self.http.get(f"{self.url}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def create_intent(self, **fields: str) -> dict[str, Any]:
        answer = await self.post("/v1/payment_intents", ORDER | fields)
        assert answer.status_code == 200, answer.text
        created: dict[str, Any] = answer.json()
        return created

    async def pay(self, intent_id: str, card: str = "4242424242424242") -> httpx.Response:
        body = {"payment_intent_id": intent_id, "card": card}
        return await self.http.post(f"{self.url}/pay", json=body)

    async def pay_session(self, session_id: str, card: str = "4242424242424242") -> httpx.Response:
        body = {"checkout_session_id": session_id, "card": card}
        return await self.http.post(f"{self.url}/pay", json=body)

    async def create_paid_intent(self, card: str = "4242424242424242", **fields: str) -> str:
        intent_id: str = (await self.create_intent(**fields))["id"]
        assert (await self.pay(intent_id, card)).status_code == 200
        return intent_id

    async def authenticate(self, intent_id: str, outcome: str) -> httpx.Response:
        body = {"payment_intent_id": intent_id, "outcome": outcome}
        return await self.http.post(f"{self.url}/authenticate", json=body)

    async def set_up(self, setup_intent_id: str, card: str = "4242424242424242") -> httpx.Response:
        """Save a card, as the customer's browser would."""
        body = {"setup_intent_id": setup_intent_id, "card": card}
        return await self.http.post(f"{self.url}/setup", json=body)

    async def authenticate_setup(self, setup_intent_id: str, outcome: str) -> httpx.Response:
        body = {"setup_intent_id": setup_intent_id, "outcome": outcome}
        return await self.http.post(f"{self.url}/authenticate", json=body)

    async def wait_for_dispute(self, intent_id: str) -> dict[str, Any]:
        """Return the intent's dispute once its card has opened it."""
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(DEADLINE_S):
            while not found:
                found = (await self.get(f"/v1/disputes?payment_intent={intent_id}"))["data"]
        return found[0]

    async def close_dispute(self, dispute_id: str, outcome: str) -> httpx.Response:
        body = {"dispute_id": dispute_id, "outcome": outcome}
        return await self.http.post(f"{self.url}/disputes/close", json=body)

    async def plan_faults(self, *rules: dict[str, Any]) -> None:
        answer = await self.http.post(f"{self.url}/faults", json=list(rules))
        assert answer.status_code == 201, answer.text


@asynccontextmanager
async def running_stripe(
    database_url: str,
    **settings: Any,  # noqa: ANN401  the fields of StripeSandboxSettings
) -> AsyncIterator[StripeServer]:
    """Serve a sandbox on this database."""
    sandbox = StripeSandbox(
        StripeSandboxSettings(database_url=database_url, webhook_secret=SECRET, **settings)
    )
    headers = {"Authorization": f"Bearer {KEY}"}
    async with (
        serving(create_sandbox_app(sandbox)) as url,
        httpx.AsyncClient(headers=headers, trust_env=False) as http,
    ):
        yield StripeServer(f"{url}/sandbox/stripe", http)


def forget_everything(database_url: str) -> None:
    """Drop what earlier tests left."""
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS sandbox CASCADE")
