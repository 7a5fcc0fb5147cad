"""A uvicorn server inside our own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any, Final

import uvicorn

LOOPBACK: Final = "127.0.0.1"
DRAIN_S: Final = 14
# Longer than load balancers keep an idle connection (AWS 60 s, Google 600 s): they must be the ones
# that close, or they send a request on a connection we are just closing.
KEEP_ALIVE_S: Final = 620
BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a bound socket; port 0 takes a free one.

    Raises:
        OSError: the port is in use, or not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP by name: asyncio turns Nagle's delay (40 ms an answer) off only then.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


class HttpServer(uvicorn.Server):
    """Leaves signals to its caller, who sets `should_exit`; calls `on_ready` once it listens."""

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
        self._on_ready = on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started and self._on_ready is not None:
            self._on_ready()


@asynccontextmanager
async def serving(app: Any, listener: socket.socket) -> AsyncIterator[None]:  # noqa: ANN401  uvicorn's own type
    """Serve in the background for as long as it is open."""
    ready = asyncio.Event()
    server = HttpServer(app, on_ready=ready.set)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    await ready.wait()
    try:
        yield
    finally:
        server.should_exit = True
        await task
