"""The scheduler: it draws who goes on, and moves no clock."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.simulation.scheduler import Scheduler

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@contextmanager
def a_scheduler(*, draws: int = 1, clock: SettableClock | None = None) -> Iterator[Scheduler]:
    scheduler = Scheduler(clock or SettableClock(NOON))
    scheduler.chance = Random(draws)  # noqa: S311  the draws of a test
    yield scheduler
    scheduler.close()


async def write(name: str, log: list[str], *, awaits: int) -> None:
    for number in range(awaits):
        log.append(f"{name}{number}")
        await asyncio.sleep(0)


def a_run(draws: int) -> list[str]:
    log: list[str] = []
    with a_scheduler(draws=draws) as scheduler:
        for name in "abc":
            scheduler.start(write(name, log, awaits=4))
        scheduler.settle()
    return log


@given(st.integers(0, 10_000))
def test_given_the_same_draws_when_run_again_then_the_order_is_the_same(draws: int) -> None:
    first = a_run(draws)

    second = a_run(draws)

    assert first == second
    assert sorted(first) == [f"{name}{number}" for name in "abc" for number in range(4)]
    assert [each for each in first if each[0] == "a"] == ["a0", "a1", "a2", "a3"]


def test_given_other_draws_when_run_then_the_orders_differ() -> None:
    runs = {tuple(a_run(draws)) for draws in range(30)}

    assert len(runs) > 20
    assert {run[0] for run in runs} == {"a0", "b0", "c0"}


def test_given_somebody_who_sleeps_when_the_clock_stands_then_they_sleep_on() -> None:
    clock, log = SettableClock(NOON), []

    async def sleeper() -> None:
        await asyncio.sleep(60)
        log.append(clock())

    with a_scheduler(clock=clock) as scheduler:
        scheduler.start(sleeper())
        scheduler.settle()
        clock.advance(timedelta(seconds=59))
        scheduler.settle()
        assert log == []
        clock.advance(timedelta(seconds=1))
        scheduler.settle()

    assert log == [NOON + timedelta(minutes=1)]


@given(st.integers(0, 9))
def test_given_work_of_ten_steps_when_killed_at_any_then_nothing_later_is_done(turns: int) -> None:
    log: list[str] = []

    with a_scheduler() as scheduler:
        task = scheduler.start(write("a", log, awaits=10))
        scheduler.run_turns(turns)
        task.cancel()
        scheduler.settle()

        assert task.cancelled()
    assert len(log) == turns


def test_given_work_for_a_thread_when_awaited_then_it_is_done_or_raises_at_once() -> None:
    async def divide() -> float:
        half = await asyncio.to_thread(lambda: 1 / 2)
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 / 0)
        return half

    with a_scheduler() as scheduler:
        task = scheduler.start(divide())
        scheduler.settle()

    assert task.result() == 0.5


def test_given_nobody_to_go_on_when_turns_are_given_then_none_is_taken() -> None:
    log: list[str] = []

    with a_scheduler() as scheduler:
        scheduler.start(write("a", log, awaits=2))
        taken = [scheduler.run_turns(2), scheduler.run_turns(100), scheduler.run_turns(100)]

    assert taken == [2, 1, 0]
