"""When the watch speaks, and when it had better not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_adapters.worker import SCHEDULE, WORKER, register_tasks
from totetaxi_adapters.worker_watch import WorkerWatch, watching
from totetaxi_core.notifications.message import Message
from totetaxi_core.unit_of_work import DatabaseUnavailableError

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
STEP = timedelta(seconds=15)


class Watched:
    """A watch whose time passes as the test says."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring, self.now = wiring, START
        self.watch = WorkerWatch(wiring, now=lambda: self.now)

    async def beat(self) -> None:
        await self.wiring.heartbeats.beat(WORKER, at=self.now)

    async def look_for(self, time: timedelta) -> None:
        """Look every 15 s until the time is over."""
        for _ in range(time // STEP):
            self.now += STEP
            await self.watch.look()

    async def alerts(self) -> tuple[Message, ...]:
        async with self.wiring.ports.unit_of_work() as uow:
            return await uow.messages.to(self.wiring.terms.staff_email, limit=9)


@pytest.fixture
async def watched(database_url: str) -> AsyncIterator[Watched]:
    settings = settings_from({"HOME": "/nowhere", "STRIPE_API_BASE": "http://127.0.0.1:9"})
    async with wired(settings, database_url) as wiring:
        yield Watched(wiring)


async def test_given_a_worker_that_beats_when_watched_then_nobody_is_told(watched: Watched) -> None:
    for _ in range(8):
        await watched.beat()
        await watched.look_for(STEP)

    assert await watched.alerts() == ()


async def test_given_a_worker_that_stops_when_a_minute_is_over_then_staff_are_told_once(
    watched: Watched,
) -> None:
    for _ in range(8):
        await watched.look_for(STEP)
        await watched.beat()

    await watched.look_for(timedelta(seconds=45))
    before = await watched.alerts()
    await watched.look_for(timedelta(seconds=15))
    told = await watched.alerts()
    await watched.look_for(timedelta(minutes=5))

    assert (len(before), len(told)) == (0, 1)
    assert await watched.alerts() == told


async def test_given_an_old_beat_when_the_house_has_just_started_then_the_worker_gets_its_time(
    watched: Watched,
) -> None:
    watched.now = START - timedelta(hours=8)
    await watched.beat()
    watched.now = START

    await watched.look_for(timedelta(seconds=30))
    early = await watched.alerts()
    await watched.look_for(timedelta(seconds=30))

    assert early == ()
    assert len(await watched.alerts()) == 1


async def test_given_a_machine_that_slept_when_it_goes_on_then_the_worker_gets_its_time(
    watched: Watched,
) -> None:
    await watched.beat()
    watched.now += timedelta(hours=8)

    await watched.watch.look()
    await watched.beat()
    await watched.look_for(STEP)

    assert await watched.alerts() == ()


async def test_given_a_database_that_was_away_when_it_is_back_then_the_worker_gets_its_time(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watched.beat()
    with monkeypatch.context() as outage:
        outage.setattr(watched.wiring.heartbeats, "last", _refuse)
        for _ in range(8):
            with pytest.raises(DatabaseUnavailableError):
                await watched.look_for(STEP)

    await watched.look_for(STEP)
    await watched.beat()
    await watched.look_for(STEP)

    assert await watched.alerts() == ()


async def _refuse(_: str) -> None:
    raise DatabaseUnavailableError("gone for a while")


async def test_given_a_worker_that_came_back_when_it_stops_again_then_staff_are_told_again(
    watched: Watched,
) -> None:
    for _ in range(2):
        await watched.beat()
        await watched.look_for(timedelta(minutes=2))

    assert len(await watched.alerts()) == 2


async def test_given_two_processes_when_both_watch_then_staff_are_told_once(
    watched: Watched,
) -> None:
    both = (watched, Watched(watched.wiring))
    await watched.beat()

    for _ in range(8):
        await asyncio.gather(*(each.look_for(STEP) for each in both))

    assert len(await watched.alerts()) == 1


async def test_given_a_database_that_is_away_when_watched_then_the_watch_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, looked_again = 0, asyncio.Event()

    async def last(_: str) -> datetime:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise DatabaseUnavailableError("gone for a moment")
        if looks == 2:
            raise RuntimeError("an error nobody thought of")
        looked_again.set()
        return datetime.now(UTC)

    monkeypatch.setattr(watched.wiring.heartbeats, "last", last)
    async with watching(watched.wiring, every=timedelta(milliseconds=1)), asyncio.timeout(120):
        await looked_again.wait()

    assert looks >= 3


async def test_given_the_worker_s_tasks_when_registered_then_the_schedule_names_each(
    watched: Watched,
) -> None:
    register_tasks(watched.wiring)

    periodic = watched.wiring.jobs.periodic_registry.periodic_tasks.values()
    assert {task.task.name: task.cron for task in periodic} == {
        name: rhythm.cron for name, rhythm in SCHEDULE.items()
    }
