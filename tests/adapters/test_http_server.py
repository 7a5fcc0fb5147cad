"""How the server takes a port, and how it leaves."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from http.client import HTTPConnection
from socket import socket
from typing import Any, Final

import pytest

from tests.scenarios.eventually import eventually
from totetaxi_adapters import event_loop
from totetaxi_adapters.http_server import (
    LOOPBACK,
    CannotListenError,
    HttpServer,
    listen,
    listen_now,
    serving,
)

LONG_S: Final = 60
Message = dict[str, Any]


async def app(
    scope: Message,
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    if scope["type"] == "lifespan":
        for end in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{end}.complete"})
        return
    length = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": length})
    await send({"type": "http.response.body", "body": b"ok"})


class Running:
    """A server at work, and callers with connections of their own."""

    def __init__(self, server: HttpServer, task: asyncio.Task[None], port: int) -> None:
        self.server, self.task, self._port = server, task, port

    async def call(self) -> HTTPConnection:
        """Return a connection on which one request was answered, and that is kept."""
        connection = HTTPConnection(LOOPBACK, self._port, timeout=LONG_S)
        assert await ask(connection) == (200, None)
        return connection

    async def wait_until_closed(self) -> None:
        """Wait until a new caller is refused."""
        await asyncio.to_thread(eventually, self._refuses, within_s=LONG_S)

    def _refuses(self) -> bool:
        with socket() as caller:
            return caller.connect_ex((LOOPBACK, self._port)) == errno.ECONNREFUSED


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    async with _running() as made:
        yield made


@asynccontextmanager
async def _running() -> AsyncIterator[Running]:
    ready = asyncio.Event()
    server = HttpServer(app, on_ready=ready.set)
    with listen(LOOPBACK, 0) as listener:
        port = listener.getsockname()[1]
        task = asyncio.create_task(server.serve(sockets=[listener]))
        await ready.wait()
        yield Running(server, task, port)
        server.leave()
        await task


async def ask(connection: HTTPConnection) -> tuple[int, str | None]:
    """Return the answer's status and its Connection header."""

    def asking() -> tuple[int, str | None]:
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("connection")

    return await asyncio.to_thread(asking)


async def test_given_kept_connections_when_it_leaves_then_each_is_answered_once_more_and_ends(
    running: Running,
) -> None:
    callers = [await running.call() for _ in range(2)]

    running.server.leave(grace_s=LONG_S)
    await running.wait_until_closed()
    answers = [await ask(caller) for caller in callers]
    await asyncio.wait_for(running.task, LONG_S / 2)  # nobody is left to wait for

    assert answers == [(200, "close")] * 2
    assert [caller.sock for caller in callers] == [None] * 2


async def test_given_a_connection_on_which_nobody_asks_when_the_grace_is_over_then_it_ends(
    running: Running,
) -> None:
    with closing(await running.call()) as idle:
        running.server.leave(grace_s=0.2)
        await asyncio.wait_for(running.task, LONG_S)

        assert await asyncio.to_thread(idle.sock.recv, 1) == b""


async def test_given_a_port_two_have_bound_when_one_listens_then_the_other_cannot() -> None:
    with listen_now(LOOPBACK, 0) as first:
        place = first.getsockname()
        with pytest.raises(CannotListenError) as refused:
            listen(*place)
    with listen(LOOPBACK, 0) as first, listen(*first.getsockname()) as second:
        first.listen()
        with pytest.raises(CannotListenError) as refused_later:
            await HttpServer(app).serve(sockets=[second])

    assert refused.value.errno == errno.EADDRINUSE
    assert refused_later.value.errno == errno.EADDRINUSE


def test_given_a_port_two_have_bound_when_served_by_uvloop_then_the_other_does_not_begin() -> None:
    begun: list[str] = []

    async def serve_second() -> None:
        with listen(LOOPBACK, 0) as first, listen(*first.getsockname()) as second:
            first.listen()
            async with serving(app, second):
                begun.append("second")

    with pytest.raises(CannotListenError) as refused:
        event_loop.run(serve_second())

    assert refused.value.errno == errno.EADDRINUSE
    assert begun == []
