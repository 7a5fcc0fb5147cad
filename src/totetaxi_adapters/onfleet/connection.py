"""Calls to Onfleet over httpx, with our bounds on time, pace and concurrency."""

import asyncio
import json
from asyncio import AbstractEventLoop
from collections.abc import Mapping
from random import SystemRandom
from typing import Final, Protocol
from weakref import WeakKeyDictionary

import attrs
import httpx

from totetaxi_adapters.loopback import is_loopback
from totetaxi_adapters.onfleet.failures import error_answer, refusal_of
from totetaxi_adapters.origin import tell_origin
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError

SAFE: Final = frozenset({"GET", "PUT", "DELETE"})
TRY_AGAIN: Final = frozenset({429, 502, 503, 504})
_RANDOM = SystemRandom()


class CallPace(Protocol):
    """Keeps the calls of all processes apart."""

    async def turn(self) -> None:
        """Wait until one more call may leave.

        Raises:
            CourierUnavailableError: too many wait already.
        """
        ...


@attrs.frozen(kw_only=True)
class OnfleetBounds:
    """How long and how hard we try.

    `timeout_s` bounds a whole call: its turn, every try and the pauses between, which grow from
    `pause_s`. Only a call that changes nothing when repeated is tried again; a silent server is
    then given up after half of the time, so that one more try fits.
    """

    timeout_s: float = 20
    connect_timeout_s: float = 5
    max_in_flight: int = 8
    tries: int = 3
    pause_s: float = 0.5


class OnfleetConnection:
    """Runs calls below `base_url`, which may carry a path.

    httpx keeps its sockets on the loop that made them: so each loop has a client of its own.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str,
        pace: CallPace,
        bounds: OnfleetBounds,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._api_key, self._base_url = api_key, base_url.rstrip("/")
        self._pace, self._bounds, self._transport = pace, bounds, transport
        self._lines: WeakKeyDictionary[AbstractEventLoop, _Line] = WeakKeyDictionary()

    async def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: Mapping[str, str] | None = None,
        is_safe: bool | None = None,
    ) -> object:
        """Return the JSON of a success, None where it has none.

        `is_safe` tells that a repetition changes nothing, where the method does not.

        Raises:
            CourierUnavailableError, CourierMisconfiguredError, CourierRefusedError,
            CourierTaskNotFoundError: see the port.
        """
        request = _Request(method, f"{self._base_url}{path}", body, query, auth=self._api_key)
        tries = self._bounds.tries if (method in SAFE if is_safe is None else is_safe) else 1
        return _content(await self._bounded(request, tries=tries))

    async def read(self, url: str) -> httpx.Response:
        """Return what is at a full address, asked for without our key."""
        request = _Request("GET", url, None, None, auth=None)
        return await self._bounded(request, tries=self._bounds.tries)

    async def close(self) -> None:
        """Close the running loop's sockets. The next call opens new ones."""
        line = self._lines.pop(asyncio.get_running_loop(), None)
        if line is not None:
            await line.http.aclose()

    async def _bounded(self, request: "_Request", *, tries: int) -> httpx.Response:
        line = self._line()
        try:
            async with asyncio.timeout(self._bounds.timeout_s), line.slots:
                return await self._tried(line, request, tries=tries)
        except TimeoutError as error:
            said = f"no answer within {self._bounds.timeout_s} s"
            raise CourierUnavailableError(said) from error

    async def _tried(self, line: "_Line", request: "_Request", *, tries: int) -> httpx.Response:
        patience = self._patience(repeats=tries > 1)
        for done in range(1, tries):
            try:
                answer = await self._once(line, request, patience)
            except CourierUnavailableError:
                pass  # the next try, or the last, says what is wrong
            else:
                if answer.status_code not in TRY_AGAIN:
                    return answer
            await asyncio.sleep(self._pause_s(done))
        return await self._once(line, request, patience)

    async def _once(
        self, line: "_Line", request: "_Request", patience: httpx.Timeout
    ) -> httpx.Response:
        await self._pace.turn()
        try:
            return await request.send(line.http, patience)
        except (httpx.TransportError, httpx.InvalidURL, httpx.DecodingError) as error:
            raise CourierUnavailableError(f"no answer: {type(error).__name__}") from error

    def _patience(self, *, repeats: bool) -> httpx.Timeout:
        bounds = self._bounds
        one_s = bounds.timeout_s / 2 if repeats else bounds.timeout_s
        return httpx.Timeout(one_s, connect=min(bounds.connect_timeout_s, one_s))

    def _pause_s(self, done: int) -> float:
        longest = self._bounds.pause_s * 2**done
        return _RANDOM.uniform(longest / 2, longest)

    def _line(self) -> "_Line":
        loop = asyncio.get_running_loop()
        line = self._lines.get(loop)
        if line is None:
            line = self._lines[loop] = self._open_line()
        return line

    def _open_line(self) -> "_Line":
        # A proxy of this machine's is for the way out.
        is_far = not is_loopback(self._base_url)
        http = httpx.AsyncClient(
            transport=self._transport, trust_env=is_far, event_hooks={"request": [tell_origin]}
        )
        return _Line(http, asyncio.Semaphore(self._bounds.max_in_flight))


class _Line:
    def __init__(self, http: httpx.AsyncClient, slots: asyncio.Semaphore) -> None:
        self.http, self.slots = http, slots


class _Request:
    def __init__(
        self,
        method: str,
        url: str,
        body: object,
        query: Mapping[str, str] | None,
        *,
        auth: str | None,
    ) -> None:
        self._method, self._url, self._query = method, url, query
        self._content = None if body is None else json.dumps(body).encode()
        # The key is the user's name, and the password is empty.
        self._auth = None if auth is None else httpx.BasicAuth(auth, "")

    async def send(self, http: httpx.AsyncClient, patience: httpx.Timeout) -> httpx.Response:
        headers = {"Content-Type": "application/json"} if self._content is not None else {}
        return await http.request(
            self._method,
            self._url,
            content=self._content,
            params=self._query,
            headers=headers,
            auth=self._auth,
            timeout=patience,
        )


def _content(answer: httpx.Response) -> object:
    if not answer.is_success:
        raise refusal_of(error_answer(answer.status_code, answer.content))
    if not answer.content.strip():
        return None
    try:
        content: object = json.loads(answer.content)
    except (ValueError, RecursionError):
        return None  # a deletion or completion may say anything, or nothing
    return content
