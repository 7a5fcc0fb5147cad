"""A client that asks as fast as it is answered, over connections kept alive."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final, cast
from urllib.parse import urlsplit

import uvloop

PATIENCE_S: Final = 30.0
END_OF_HEAD: Final = b"\r\n\r\n"
LENGTH: Final = b"content-length: "


class UnexpectedAnswerError(Exception):
    """The service did not answer 200, or hung up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of it: answers within `seconds`, and how long each of them took, in seconds."""

    seconds: float
    latencies_s: tuple[float, ...]

    @property
    def per_s(self) -> float:
        return len(self.latencies_s) / self.seconds


def asked(method: str, path: str, *, body: bytes = b"") -> bytes:
    """Return a request as it goes over the wire."""
    head = [f"{method} {path} HTTP/1.1", "host: 127.0.0.1"]
    if body:
        head += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*head, "", ""]).encode() + body


def load(
    url: str,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float = PATIENCE_S,
    answers: int | None = None,
) -> Load:
    """Ask in turn until `seconds` are over and there is an answer, or so many `answers` have come.

    Raises:
        UnexpectedAnswerError: an answer was not 200, or none came.
    """
    return uvloop.run(_load(url, requests, connections, seconds, answers))


async def _load(
    url: str, requests: Sequence[bytes], connections: int, seconds: float, answers: int | None
) -> Load:
    loop = asyncio.get_running_loop()
    place = urlsplit(url)
    host, port = place.hostname or "", place.port or 80
    asking = _Asking(cycle(requests), answers, loop.create_future())
    transports = []
    for _ in range(connections):
        transport, _protocol = await loop.create_connection(lambda: _Connection(asking), host, port)
        transports.append(transport)
    started = time.perf_counter()
    loop.call_later(seconds, asking.end)
    loop.call_later(max(seconds, PATIENCE_S), asking.stop)
    asking.stay_awake(loop)
    try:
        await asking.done
    finally:
        for transport in transports:
            transport.close()
    if not asking.latencies_s:
        raise UnexpectedAnswerError(f"{url} did not answer in {seconds} s")
    return Load(seconds=time.perf_counter() - started, latencies_s=tuple(asking.latencies_s))


class _Asking:
    """What the connections share."""

    def __init__(
        self, requests: Iterator[bytes], answers: int | None, done: asyncio.Future[None]
    ) -> None:
        self.requests, self.answers, self.done = requests, answers, done
        self.latencies_s: list[float] = []

    def count(self, latency_s: float) -> None:
        if not self.done.done():
            self.latencies_s.append(latency_s)
        if len(self.latencies_s) == self.answers:
            self.stop()

    def stay_awake(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look for answers without a pause: to wake a sleeping client is work for the server."""
        if not self.done.done():
            loop.call_soon(self.stay_awake, loop)

    def end(self) -> None:
        """Stop once there is an answer: a turn may be shorter than the first one takes."""
        self.answers = len(self.latencies_s) or 1
        if self.latencies_s:
            self.stop()

    def stop(self) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def fail(self, why: str) -> None:
        if not self.done.done():
            self.done.set_exception(UnexpectedAnswerError(why))


class _Connection(asyncio.Protocol):
    """Asks the next thing as soon as the last is answered in full."""

    def __init__(self, asking: _Asking) -> None:
        self._asking = asking
        self._received = b""
        self._asked_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not _is_whole(self._received):
            return
        if not self._received.startswith(b"HTTP/1.1 200"):
            self._asking.fail(self._received.decode(errors="replace"))
            return
        self._asking.count(time.perf_counter() - self._asked_at)
        self._received = b""
        if not self._asking.done.done():
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._asking.fail(f"the service hung up: {exc}")

    def _ask(self) -> None:
        self._asked_at = time.perf_counter()
        self._transport.write(next(self._asking.requests))


def _is_whole(received: bytes) -> bool:
    head, end, body = received.partition(END_OF_HEAD)
    if not end:
        return False
    _, _, rest = head.lower().partition(LENGTH)
    return len(body) >= int(rest.partition(b"\r\n")[0])
