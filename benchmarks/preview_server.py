"""The service without any database, and beside its preview one that answers fixed bytes.

`python -m benchmarks.preview_server REQUESTS` prints its address and serves until SIGTERM.
"""

import asyncio
import os
import signal
import sys
from random import SystemRandom
from statistics import mean
from typing import Any, Final, NoReturn

from litestar import Litestar, get, post

from benchmarks.quote_requests import NOW, RequestMix
from totetaxi_adapters.clock import SystemClock
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.event_loop import run
from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_adapters.http_server import LOOPBACK, HttpServer, listen
from totetaxi_adapters.jobs import create_job_app
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.memory.couriers import MemoryCourierGateway
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.route_planner import MemoryRoutePlanner
from totetaxi_adapters.memory.subscribers import MemorySubscribers
from totetaxi_adapters.passwords import Argon2PasswordHasher
from totetaxi_adapters.postgres import Heartbeats, PostgresRateLimiter, open_engine
from totetaxi_adapters.providers import stripe_checkout, stripe_gateway, stripe_records
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.stripe import StripeCardGateway, StripeDisputeGateway
from totetaxi_adapters.wiring import Wiring, credentials_of, terms_of
from totetaxi_adapters.zip_points import ZipcodesZipPoints
from totetaxi_core import PriceBook
from totetaxi_core.ids import IdSource
from totetaxi_core.ports import Ports
from totetaxi_core.pricing.preview_price import preview_price
from totetaxi_http.schemas.preview import PreviewResponse
from totetaxi_http.service import create_service
from totetaxi_http.wire.converter import json_bytes

PREVIEW_PATH: Final = "/api/public/pricing-preview"
FIXED_PATH: Final = "/fix/public/of-fixed-bytes-"  # as long as the preview's
NO_DATABASE: Final = "postgresql://nobody@127.0.0.1:1/none"


class DatabaseTouchedError(Exception):
    """The preview asked for a unit of work."""


def no_unit_of_work() -> NoReturn:
    raise DatabaseTouchedError("a preview must do without the database")


def wiring_without_database() -> Wiring:
    """Return a wiring whose every unit of work raises."""
    settings = settings_from({"RATELIMIT_ENABLE": "false"})
    engine = open_engine(NO_DATABASE)
    gateway = stripe_gateway(settings, sandbox_url="http://127.0.0.1:1")
    ports = Ports(
        unit_of_work=no_unit_of_work,
        payments=gateway,
        payment_records=stripe_records(gateway),
        checkout=stripe_checkout(settings, gateway),
        cards=StripeCardGateway(gateway.connection),
        disputes=StripeDisputeGateway(gateway.connection),
        couriers=MemoryCourierGateway(ids=IdSource(SystemRandom()), clock=SystemClock(NOW)),
        planner=MemoryRoutePlanner(),
        files=MemoryFileStore(),
        subscribers=MemorySubscribers(),
        holidays=FederalHolidayCalendar(),
        zip_points=ZipcodesZipPoints(),
        clock=SystemClock(NOW),
        ids=IdSource(SystemRandom()),
    )
    return Wiring(
        settings=settings,
        database_url=NO_DATABASE,
        engine=engine,
        jobs=create_job_app(NO_DATABASE),
        ports=ports,
        current_terms=CurrentTerms(ports, terms_of(settings)),
        credentials=credentials_of(settings, Argon2PasswordHasher()),
        current_book=CurrentBook(ports, PriceBook.default()),
        heartbeats=Heartbeats(engine),
        rate_limiter=PostgresRateLimiter(engine),
    )


async def usual_size(wiring: Wiring, requests: int) -> int:
    """Return how long the answers to the mix of requests are, on average, in bytes."""
    book = wiring.current_book.book
    previews = [
        await preview_price(request, book, wiring.ports, wiring.terms)
        for request in RequestMix(book).distinct(requests)
    ]
    return round(mean(len(json_bytes(PreviewResponse.from_preview(one))) for one in previews))


def serve_fixed(service: Litestar, answer: bytes) -> None:
    """Have the service answer the same bytes to whoever asks for them."""

    @get(FIXED_PATH, media_type="application/json")
    async def fixed_by_query() -> bytes:
        return answer

    @post(FIXED_PATH, status_code=200, media_type="application/json")
    async def fixed_by_body() -> bytes:
        return answer

    service.register(fixed_by_query)
    service.register(fixed_by_body)


async def serve(requests: int) -> None:
    wiring = wiring_without_database()
    service: Any = create_service(wiring)
    serve_fixed(service, b" " * await usual_size(wiring, requests))
    listener = listen(LOOPBACK, 0)
    url = f"http://{LOOPBACK}:{listener.getsockname()[1]}"
    server = HttpServer(service, on_ready=lambda: print(url, flush=True))
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, lambda: setattr(server, "should_exit", True))
    await server.serve(sockets=[listener])


if __name__ == "__main__":
    configure_logging(level=os.environ.get("LOG_LEVEL", "INFO"))
    run(serve(int(sys.argv[1])))
