"""The processes that stay up: the service with its worker, and the worker alone."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, NamedTuple

from totetaxi_adapters.http_server import GRACE_S, LOOPBACK, HttpServer, listen, serving
from totetaxi_adapters.metrics.scrape_address import answering_scrapes
from totetaxi_adapters.metrics.shared_counts import SharedCounts, sharing_counts
from totetaxi_adapters.providers import uses_sandbox
from totetaxi_adapters.sandbox.mount import SandboxMount, sandbox_of
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_adapters.worker import work, working
from totetaxi_adapters.worker_watch import watching
from totetaxi_cli.stop_deadline import leave_in_time
from totetaxi_http.service import create_service

EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104  names what a host may be, listens on nothing


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
        CannotListenError: the port is in use, or not ours to take.
    """
    with listen(host, settings.port) as listener:
        await serve_on(
            listener,
            settings,
            database_url,
            url=address_of(listener, host),
            with_worker=with_worker,
            announce=announce,
        )


async def serve_on(
    listener: socket.socket,
    settings: Settings,
    database_url: str,
    *,
    url: str,
    with_worker: bool,
    announce: Callable[[str], None],
) -> None:
    """Do the same on a socket that is bound, and may be shared with other processes."""
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        counts = stack.enter_context(sharing_counts(settings.totetaxi_data_dir))
        made = await stack.enter_async_context(
            service(settings, database_url, url=url, counts=counts)
        )
        await stack.enter_async_context(answering_scrapes(made.wiring))
        if with_worker:
            await stack.enter_async_context(working(made.wiring, stop))
        server = HttpServer(made.app, on_ready=lambda: announce(url))

        def leave(number: int) -> None:
            # All at once: one after the other could take twice as long.
            made.wiring.leaving.set()
            # Ctrl-C comes from somebody who waits, not from before a load balancer.
            server.leave(grace_s=GRACE_S if number == signal.SIGTERM else 0)
            stop.set()

        _on_stop(leave)
        await server.serve(sockets=[listener])


@asynccontextmanager
async def service_beside(settings: Settings, database_url: str) -> AsyncIterator[str]:
    """Serve on a free port of loopback, worker and all, for as long as it is open.

    Gives the address. Other services may run on the same data.
    """
    with listen(LOOPBACK, 0) as listener:
        url = address_of(listener, LOOPBACK)
        async with (
            service(settings, database_url, url=url) as made,
            serving(made.app, listener),
            working(made.wiring),  # ends first: what it is at may need the sandbox
        ):
            yield url


class Service(NamedTuple):
    """The ASGI app, and what it works with."""

    app: Any
    wiring: Wiring


@asynccontextmanager
async def service(
    settings: Settings, database_url: str, *, url: str, counts: SharedCounts | None = None
) -> AsyncIterator[Service]:
    """Put the service together, with the sandbox of a provider not named; its worker is apart.

    `url` is where it will be reached from this machine. `counts` are those it has joined.
    """
    with_sandbox = uses_sandbox(settings)
    async with AsyncExitStack() as stack:
        wiring = await stack.enter_async_context(
            wired(
                settings,
                database_url,
                sandbox_url=url if with_sandbox else None,
                shared_counts=counts,
            )
        )
        app: Any = create_service(wiring)
        if with_sandbox:
            sandbox = sandbox_of(wiring, service_url=url)
            lifespan = sandbox.lifespan()
            await lifespan.__aenter__()
            # Not told of what is raised meanwhile: its task group would wrap that in a group.
            stack.push_async_callback(lifespan.__aexit__, None, None, None)
            app = SandboxMount(app, sandbox)
        await stack.enter_async_context(watching(wiring))
        yield Service(app, wiring)


async def work_alone(
    settings: Settings, database_url: str, *, announce: Callable[[], None]
) -> None:
    """Work until SIGTERM or SIGINT, then finish the jobs at hand."""
    stop = asyncio.Event()
    _on_stop(lambda _: stop.set())
    with sharing_counts(settings.totetaxi_data_dir) as counts:
        async with (
            wired_with_sandbox(settings, database_url, counts=counts) as wiring,
            answering_scrapes(wiring),
        ):
            announce()
            await work(wiring, stop)


@asynccontextmanager
async def wired_with_sandbox(
    settings: Settings, database_url: str, *, counts: SharedCounts | None = None
) -> AsyncIterator[Wiring]:
    """Wire a process that may ask Stripe or Onfleet; for a sandbox it brings its own.

    Sandboxes of several processes share their state in the database.
    """
    if not uses_sandbox(settings):
        async with wired(settings, database_url, shared_counts=counts) as wiring:
            yield wiring
        return
    with listen(LOOPBACK, 0) as listener:
        url = address_of(listener, LOOPBACK)
        async with (
            wired(settings, database_url, sandbox_url=url, shared_counts=counts) as wiring,
            serving(sandbox_of(wiring, service_url=None), listener),
        ):
            yield wiring


def address_of(listener: socket.socket, host: str) -> str:
    """Return the listener's address as reached from this machine."""
    reached = LOOPBACK if host in EVERY_ADDRESS else f"[{host}]" if ":" in host else host
    return f"http://{reached}:{listener.getsockname()[1]}"


def _on_stop(act: Callable[[int], None]) -> None:
    """Have `act` called with the signal's number."""

    def leave(number: int) -> None:
        leave_in_time()
        act(number)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave, number)
