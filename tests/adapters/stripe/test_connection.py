import asyncio
import os

import pytest
import stripe

from tests.adapters.sandbox.serving import serving
from tests.adapters.stripe.orders import gateway_to
from totetaxi_adapters.origin import at_work
from totetaxi_adapters.stripe import StripeBounds, StripePaymentGateway
from totetaxi_core.payments.gateway import PaymentMisconfiguredError

IN_FLIGHT = 4


class SlowServer:
    """Answers an intent nobody can read once `release` is set; counts the calls under way."""

    def __init__(self) -> None:
        self.under_way = self.most = self.total = 0
        self.release, self.full = asyncio.Event(), asyncio.Event()
        self.headers: dict[bytes, bytes] = {}

    async def __call__(self, scope: object, _: object, send: object) -> None:
        assert isinstance(scope, dict)
        assert callable(send)
        self.headers = dict(scope["headers"])
        self.under_way += 1
        self.total += 1
        self.most = max(self.most, self.under_way)
        if self.under_way == IN_FLIGHT:
            self.full.set()
        await self.release.wait()
        self.under_way -= 1
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        body = b'{"id": "pi_1", "object": "payment_intent"}'
        await send({"type": "http.response.body", "body": body})


async def test_given_many_calls_when_made_at_once_then_no_more_than_allowed_are_under_way() -> None:
    server = SlowServer()
    bounds = StripeBounds(timeout_s=10, max_in_flight=IN_FLIGHT)
    async with serving(server) as url, gateway_to(url, bounds=bounds) as gateway:
        calls = [asyncio.create_task(gateway.get_intent("pi_1")) for _ in range(12)]
        async with asyncio.timeout(120):
            await server.full.wait()
        server.release.set()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)

    assert (server.most, server.total) == (IN_FLIGHT, 12)
    assert {type(outcome) for outcome in outcomes} == {PaymentMisconfiguredError}


async def test_given_an_answer_that_is_no_intent_when_read_then_the_missing_fields_are_named() -> (
    None
):
    server = SlowServer()
    server.release.set()
    async with serving(server) as url, gateway_to(url) as gateway:
        with pytest.raises(PaymentMisconfiguredError, match=r"status.*amount"):
            await gateway.get_intent("pi_1")

    assert b"x-stripe-client-telemetry" not in server.headers
    assert server.headers[b"stripe-version"] == stripe.api_version.encode()


async def test_given_a_proxy_in_the_environment_when_the_server_is_local_then_it_is_passed_by(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server = SlowServer()
    server.release.set()

    async with serving(server) as url, gateway_to(url + "/with/a/path/") as gateway:
        with pytest.raises(PaymentMisconfiguredError):
            await gateway.get_intent("pi_1")

    assert server.total == 1


def test_given_one_gateway_when_used_from_two_loops_then_both_work() -> None:
    gateway = StripePaymentGateway("sk_test_any", api_base="http://127.0.0.1:9")

    def outcome() -> str:
        async def use() -> str:
            async with serving(server) as url:
                gateway._connection._api_base = url  # noqa: SLF001  a new port in each loop
                try:
                    await gateway.get_intent("pi_1")
                except PaymentMisconfiguredError as error:
                    return error.code
                finally:
                    await gateway.close()
            return "answered"

        server = SlowServer()
        server.release.set()
        return asyncio.run(use())

    assert [outcome(), outcome()] == ["payment_misconfigured"] * 2


async def test_given_a_request_at_work_when_stripe_is_called_then_it_hears_its_id() -> None:
    server = SlowServer()
    server.release.set()
    async with serving(server) as url, gateway_to(url) as gateway:
        with at_work(request_id="walk-1"), pytest.raises(PaymentMisconfiguredError):
            await gateway.get_intent("pi_1")

    assert server.headers[b"x-request-id"] == b"walk-1"
