"""The SDK's client, one per event loop, with our bounds on time and concurrency."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

import attrs
import httpx
import stripe

from totetaxi_adapters.loopback import is_loopback
from totetaxi_adapters.origin import outgoing_headers
from totetaxi_adapters.stripe.failures import refusal_of
from totetaxi_core.payments.gateway import PaymentUnavailableError

ATTEMPTS_WITHIN_TIMEOUT: Final = 2

Answer = TypeVar("Answer")


@attrs.frozen(kw_only=True)
class StripeBounds:
    """How long and how hard we try.

    `timeout_s` bounds a whole call: waiting for a free slot, the SDK's retries and their pauses.
    A silent server is given up after half of it, so that one retry still fits. httpx slows down
    beyond some 16 calls at once.
    """

    timeout_s: float = 20
    connect_timeout_s: float = 5
    max_in_flight: int = 16
    max_network_retries: int = 2


class StripeConnection:
    """Runs calls on a `StripeClient`.

    httpx keeps its sockets on the loop that made them: so each loop has a client and slots of
    its own, made at its first call.
    """

    def __init__(self, secret_key: str, *, api_base: str | None, bounds: StripeBounds) -> None:
        self._secret_key = secret_key
        self._api_base = api_base.rstrip("/") if api_base else stripe.DEFAULT_API_BASE
        self._bounds = bounds
        self._lines: WeakKeyDictionary[asyncio.AbstractEventLoop, _Line] = WeakKeyDictionary()
        stripe.enable_telemetry = False  # a switch of the whole SDK; it has none per client

    async def call(self, act: Callable[[stripe.StripeClient], Awaitable[Answer]]) -> Answer:
        """Run one call; the SDK's own errors about the request itself come out as they are.

        Raises:
            PaymentDeclinedError, PaymentMisconfiguredError, PaymentUnavailableError: see the port.
            stripe.InvalidRequestError: Stripe refuses this request in the state things are in.
        """
        line = self._line()
        try:
            async with asyncio.timeout(self._bounds.timeout_s), line.slots:
                return await act(line.client)
        except TimeoutError as error:
            raise PaymentUnavailableError(f"no answer within {self._bounds.timeout_s} s") from error
        except stripe.InvalidRequestError:
            raise
        except stripe.StripeError as error:
            raise refusal_of(error) from error

    async def close(self) -> None:
        """Close the running loop's sockets. The next call opens new ones."""
        line = self._lines.pop(asyncio.get_running_loop(), None)
        if line is not None:
            await line.http.aclose()

    def _line(self) -> "_Line":
        loop = asyncio.get_running_loop()
        line = self._lines.get(loop)
        if line is None:
            line = self._lines[loop] = self._open_line()
        return line

    def _open_line(self) -> "_Line":
        bounds = self._bounds
        attempt_s = bounds.timeout_s / ATTEMPTS_WITHIN_TIMEOUT
        timeout = httpx.Timeout(attempt_s, connect=min(bounds.connect_timeout_s, attempt_s))
        http = _HttpClient(timeout, direct=is_loopback(self._api_base))
        client = stripe.StripeClient(
            self._secret_key,
            http_client=http,
            max_network_retries=bounds.max_network_retries,  # a StripeClient's default is none
            base_addresses={"api": self._api_base},
        )
        return _Line(client, http, asyncio.Semaphore(bounds.max_in_flight))


class _Line:
    def __init__(
        self, client: stripe.StripeClient, http: "_HttpClient", slots: asyncio.Semaphore
    ) -> None:
        self.client, self.http, self.slots = client, http, slots


class _HttpClient(stripe.HTTPXClient):
    """The SDK's httpx client; `direct` keeps loopback calls away from a configured proxy."""

    def __init__(self, timeout: httpx.Timeout, *, direct: bool) -> None:
        super().__init__(timeout=timeout)
        if direct:
            self._client_async = httpx.AsyncClient(trust_env=False)

    def _get_request_args_kwargs(
        self, method: str, url: str, headers: Mapping[str, str], post_data: str | None
    ) -> tuple[list[str], dict[str, Any]]:
        """Hand the body over as `content`: httpx deprecates the SDK's `data` for a text."""
        headers = {**headers, **outgoing_headers()}
        options = {"headers": headers, "content": post_data or None, "timeout": self._timeout}
        return [method, url], options

    async def aclose(self) -> None:
        await self._client_async.aclose()
