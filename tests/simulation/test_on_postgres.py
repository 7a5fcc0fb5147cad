"""A sample of the seeds on PostgreSQL, with as many connections as there are acts at once."""

import os
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.conftest import PostgresUowFactory
from tests.simulation.parallel_run import ParallelRun
from tests.simulation.planted_bugs import do_nothing
from tests.simulation.postgres_store import PostgresStore
from totetaxi_adapters.postgres.crews import PostgresCrewCalendar
from totetaxi_adapters.simulation.history import History
from totetaxi_adapters.simulation.watch import NO_OVERSELL

IS_SOAK: Final = bool(os.environ.get("TOTETAXI_SOAK"))
SEEDS: Final = range(1, 41) if IS_SOAK else (4, 9, 22)
STEPS: Final = 300 if IS_SOAK else 150


@pytest.mark.parametrize("seed", SEEDS)
async def test_given_a_seed_when_run_on_postgresql_then_every_promise_holds_in_the_end(
    seed: int, engine: AsyncEngine, postgres_uow_factory: PostgresUowFactory
) -> None:
    run = ParallelRun(History.of(seed, steps=STEPS), PostgresStore(engine, postgres_uow_factory))

    faults = await run.faults()

    assert faults == [], "\n".join(str(line) for line in run.lines if line.is_worth_telling)
    assert len(run.lines) >= STEPS


async def test_given_crews_that_are_never_freed_when_run_on_postgresql_then_it_is_found(
    engine: AsyncEngine,
    postgres_uow_factory: PostgresUowFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PostgresCrewCalendar, "release", do_nothing)
    store = PostgresStore(engine, postgres_uow_factory)

    faults = await ParallelRun(History.of(4, steps=STEPS), store).faults()

    assert NO_OVERSELL in {promise for promise, _ in faults}
