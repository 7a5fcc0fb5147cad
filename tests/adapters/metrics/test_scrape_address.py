"""The address that Prometheus asks, whoever of the machine's processes holds it."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import count

import attrs
import httpx
import pytest
from structlog.testing import capture_logs

from tests.scenarios.house import free_port
from totetaxi_adapters import http_server
from totetaxi_adapters.http_server import listen
from totetaxi_adapters.jobs import EffectJobs
from totetaxi_adapters.metrics.scrape_address import answering_scrapes
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_adapters.postgres.heartbeats import Heartbeats
from totetaxi_adapters.setting_values import Place
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired

PATIENCE_S = 60


@pytest.fixture
async def wiring(database_url: str) -> AsyncIterator[Wiring]:
    place = Place(host="127.0.0.1", port=free_port())
    settings = settings_from({"HOME": "/nowhere", "STRIPE_API_BASE": "http://127.0.0.1:9"})
    async with wired(settings, database_url) as made:
        yield replace(made, settings=attrs.evolve(settings, metrics_listen=place))


async def answer(wiring: Wiring, path: str = "/metrics") -> httpx.Response:
    """Ask until somebody answers."""
    async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient(trust_env=False) as client:
        while True:
            try:
                return await client.get(f"http://{wiring.settings.metrics_listen}{path}")
            except httpx.ConnectError:
                await asyncio.sleep(0.02)


async def test_given_an_address_when_asked_then_it_tells_the_metrics_and_nothing_else(
    wiring: Wiring,
) -> None:
    async with answering_scrapes(wiring):
        metrics = await answer(wiring)
        other = await answer(wiring, "/api/public/services")

    assert metrics.status_code == 200
    assert metrics.headers["content-type"].startswith("text/plain; version=")
    assert "totetaxi_database_up 1.0" in metrics.text
    assert 'totetaxi_last_beat_timestamp_seconds{name="reconcile"} 0.0' in metrics.text
    assert other.status_code == 404


async def test_given_a_process_that_holds_it_when_that_one_leaves_then_the_next_answers(
    wiring: Wiring,
) -> None:
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        await first.enter_async_context(answering_scrapes(wiring, try_every_s=0.02))
        await answer(wiring)
        await second.enter_async_context(answering_scrapes(wiring, try_every_s=0.02))
        await first.aclose()

        assert (await answer(wiring)).status_code == 200


async def test_given_no_database_when_asked_then_it_says_so_and_tells_the_rest(
    wiring: Wiring,
) -> None:
    gone = open_engine("postgresql://127.0.0.1:1/nothing")
    jobs = EffectJobs(wiring.jobs)
    ports = replace(wiring.ports, unit_of_work=lambda: PostgresUnitOfWork(gone, jobs=jobs))

    async with answering_scrapes(replace(wiring, ports=ports, heartbeats=Heartbeats(gone))):
        told = (await answer(wiring)).text

    assert "totetaxi_database_up 0.0" in told
    assert "totetaxi_disk_free_bytes" in told
    assert "totetaxi_holds" not in told


async def test_given_another_that_listens_first_when_that_one_leaves_then_the_next_answers(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = wiring.settings.metrics_listen
    assert place is not None
    tries, again = count(1), asyncio.Event()
    with listen(place.host, place.port) as rival:

        def bound_too_late(host: str, port: int) -> socket.socket:
            if next(tries) > 1:
                again.set()
                return listen(host, port)
            bound = listen(host, port)
            rival.listen()
            return bound

        monkeypatch.setattr(http_server, "listen", bound_too_late)
        async with answering_scrapes(wiring, try_every_s=0.02):
            async with asyncio.timeout(PATIENCE_S):
                await again.wait()
            rival.close()

            assert (await answer(wiring)).status_code == 200


@pytest.mark.parametrize(
    ("taken", "told"),
    [(True, "scrapes_answered_by_another"), (False, "scrapes_not_answered")],
)
async def test_given_an_address_that_cannot_be_had_when_tried_then_the_log_says_so_once(
    wiring: Wiring, monkeypatch: pytest.MonkeyPatch, *, taken: bool, told: str
) -> None:
    tries, thrice = count(1), asyncio.Event()

    def counted(host: str, port: int) -> socket.socket:
        if next(tries) > 2:
            thrice.set()
        return listen(host, port)

    monkeypatch.setattr(http_server, "listen", counted)
    with socket.create_server(("127.0.0.1", 0)) as other:
        here = Place(host="127.0.0.1", port=other.getsockname()[1])
        place = here if taken else Place(host="192.0.2.1", port=9464)  # nobody's, by RFC 5737
        tried = replace(wiring, settings=attrs.evolve(wiring.settings, metrics_listen=place))
        with capture_logs() as lines:
            async with asyncio.timeout(PATIENCE_S), answering_scrapes(tried, try_every_s=0.001):
                await thrice.wait()

    assert [line["event"] for line in lines] == [told]
