"""The processes that stay up: the service with its worker, and the worker alone."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from totetaxi_adapters.http_server import LOOPBACK, HttpServer, listen, serving
from totetaxi_adapters.providers import uses_stripe_sandbox
from totetaxi_adapters.sandbox.mount import SandboxMount, sandbox_of
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_adapters.worker import work, working
from totetaxi_http.service import create_service


async def serve(
    settings: Settings,
    database_url: str,
    *,
    host: str,
    with_worker: bool,
    announce: Callable[[str], None],
) -> None:
    """Serve until SIGTERM or SIGINT; then answer what was asked, finish jobs, and leave.

    `announce` gets the address, such as `http://127.0.0.1:8000`, once it listens.

    Raises:
        OSError: the port is in use.
    """
    listener = listen(host, settings.port)
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    with_sandbox = uses_stripe_sandbox(settings)
    async with AsyncExitStack() as stack:
        wiring = await stack.enter_async_context(
            wired(settings, database_url, sandbox_url=url if with_sandbox else None)
        )
        app: Any = create_service(wiring)
        if with_sandbox:
            sandbox = sandbox_of(wiring, service_url=url)
            await stack.enter_async_context(sandbox.lifespan())
            app = SandboxMount(app, sandbox)
        if with_worker:
            await stack.enter_async_context(working(wiring))
        server = HttpServer(app, on_ready=lambda: announce(url))
        _on_stop(lambda: setattr(server, "should_exit", True))
        await server.serve(sockets=[listener])


async def work_alone(
    settings: Settings, database_url: str, *, announce: Callable[[], None]
) -> None:
    """Work until SIGTERM or SIGINT, then finish the jobs at hand."""
    stop = asyncio.Event()
    _on_stop(stop.set)
    async with wired_with_sandbox(settings, database_url) as wiring:
        announce()
        await work(wiring, stop)


@asynccontextmanager
async def wired_with_sandbox(settings: Settings, database_url: str) -> AsyncIterator[Wiring]:
    """Wire a process that may ask Stripe; where that is the sandbox, it brings its own.

    Sandboxes of several processes share their state in the database.
    """
    if not uses_stripe_sandbox(settings):
        async with wired(settings, database_url) as wiring:
            yield wiring
        return
    listener = listen(LOOPBACK, 0)
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    async with (
        wired(settings, database_url, sandbox_url=url) as wiring,
        serving(sandbox_of(wiring, service_url=None), listener),
    ):
        yield wiring


def _on_stop(act: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, act)
