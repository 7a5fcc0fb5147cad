"""An address of its own for Prometheus, held by one of the machine's processes at a time."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog

from totetaxi_adapters.http_server import CannotListenError, HttpServer, listen_now
from totetaxi_adapters.metrics.exposition import CONTENT_TYPE, Exposition
from totetaxi_adapters.setting_values import Place
from totetaxi_adapters.wiring import Wiring

TRY_EVERY_S: Final = 5.0
PATH: Final = "/metrics"
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
_LOG = structlog.get_logger(__name__)


@asynccontextmanager
async def answering_scrapes(
    wiring: Wiring, *, try_every_s: float = TRY_EVERY_S
) -> AsyncIterator[None]:
    """Answer at METRICS_LISTEN for as long as it is open; while another process does, wait."""
    place = wiring.settings.metrics_listen
    if place is None:
        yield
        return
    stop = asyncio.Event()
    exposition = Exposition(wiring, shared=wiring.shared_counts)
    task = asyncio.create_task(_keep_answering(place, exposition, stop, every_s=try_every_s))
    try:
        yield
    finally:
        stop.set()
        await task


async def _keep_answering(
    place: Place, exposition: Exposition, stop: asyncio.Event, *, every_s: float
) -> None:
    is_told = False
    while not stop.is_set():
        try:
            listener = listen_now(place.host, place.port)
        except CannotListenError as error:
            if not is_told:
                _tell_why_not(place, error)
            is_told = True
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), every_s)
            continue
        _LOG.info("answers_scrapes", host=place.host, port=listener.getsockname()[1])
        with listener:
            server = HttpServer(_app(exposition))
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            await stop.wait()
            server.leave()
            await serving


def _tell_why_not(place: Place, error: CannotListenError) -> None:
    """Warn of what waiting does not mend; that another process answers is as it should be."""
    if error.errno == errno.EADDRINUSE:
        _LOG.info("scrapes_answered_by_another", host=place.host, port=place.port)
    else:
        _LOG.warning("scrapes_not_answered", host=place.host, port=place.port, error=str(error))


def _app(exposition: Exposition) -> Callable[..., Awaitable[None]]:
    async def app(scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for end in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{end}.complete"})
            return
        found = scope["path"] == PATH and scope["method"] == "GET"
        body = await exposition.text() if found else b"see /metrics\n"
        headers = [(b"content-type", CONTENT_TYPE.encode() if found else b"text/plain")]
        status = 200 if found else 404
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app
