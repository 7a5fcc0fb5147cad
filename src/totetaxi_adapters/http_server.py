"""A uvicorn server inside our own event loop."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import uvicorn

LOOPBACK: Final = "127.0.0.1"
DRAIN_S: Final = 14
"""From the moment it is told to leave; in the first `GRACE_S` kept-alive connections may ask."""
GRACE_S: Final = 3
LOOK_EVERY_S: Final = 0.05
# Longer than load balancers keep an idle connection (AWS 60 s, Google 600 s): they must be the ones
# that close, or they send a request on a connection we are just closing.
KEEP_ALIVE_S: Final = 620
BACKLOG: Final = 2048


class CannotListenError(OSError):
    """The port is in use, or not ours to take."""

    @classmethod
    def of(cls, error: OSError) -> Self:
        return cls(error.errno, error.strerror)


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one.

    Raises:
        CannotListenError: the port is in use, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP by name: asyncio turns Nagle's delay (40 ms an answer) off only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise CannotListenError.of(error) from error
    return listener


def listen_now(host: str, port: int) -> socket.socket:
    """Return a socket on which callers wait already; several may bind a port, and one may listen.

    Raises:
        CannotListenError: the port is in use, or not ours to take.
    """
    listener = listen(host, port)
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListenError.of(error) from error
    return listener


class HttpServer(uvicorn.Server):
    """Leaves signals to its caller, who has it `leave`; calls `on_ready` once it listens."""

    def __init__(self, app: Any, *, on_ready: Callable[[], None] | None = None) -> None:  # noqa: ANN401  uvicorn's own type
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                ws="none",
                proxy_headers=False,  # TRUSTED_PROXIES says whose count
                server_header=False,
                backlog=BACKLOG,
                timeout_graceful_shutdown=DRAIN_S,
                timeout_keep_alive=KEEP_ALIVE_S,
            )
        )
        self._on_ready, self._grace_s = on_ready, 0.0

    def leave(self, *, grace_s: float = 0) -> None:
        """Take no new connections, answer what is asked, and end.

        For `grace_s` each kept-alive connection may ask once more, and is told that it ends: one
        that ended at once could cut off a request that is on its way.
        """
        self._grace_s = grace_s
        self.should_exit = True

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen.

        Raises:
            CannotListenError: another process listens on the port, which both could bind.
        """
        try:
            for listener in sockets or ():
                listener.listen(BACKLOG)  # uvloop would not say that it cannot
            await super().startup(sockets=sockets)
        except OSError as error:
            raise CannotListenError.of(error) from error
        if self.started and self._on_ready is not None:
            self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        ends_at_s = time.monotonic() + DRAIN_S
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        self.server_state.default_headers.append((b"connection", b"close"))
        grace_ends_at_s = time.monotonic() + self._grace_s
        while (  # noqa: ASYNC110  uvicorn has no event of it
            self.server_state.connections and time.monotonic() < grace_ends_at_s
        ):
            await asyncio.sleep(LOOK_EVERY_S)
        self.config.timeout_graceful_shutdown = round(ends_at_s - time.monotonic())
        await super().shutdown(sockets=sockets)


@asynccontextmanager
async def serving(app: Any, listener: socket.socket) -> AsyncIterator[None]:  # noqa: ANN401  uvicorn's own type
    """Serve in the background for as long as it is open.

    Raises:
        CannotListenError: another process listens on the port.
    """
    ready = asyncio.Event()
    server = HttpServer(app, on_ready=ready.set)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    task.add_done_callback(lambda _: ready.set())
    try:
        await ready.wait()
        if task.done():
            task.result()
        yield
    finally:
        server.leave()
        await task
