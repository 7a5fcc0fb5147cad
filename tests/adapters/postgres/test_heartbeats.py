from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.builders import NOW
from totetaxi_adapters.postgres import Heartbeats, open_engine
from totetaxi_core.unit_of_work import DatabaseUnavailableError


async def test_given_no_beat_when_asked_then_there_is_none(engine: AsyncEngine) -> None:
    heartbeats = Heartbeats(engine)

    assert await heartbeats.last("worker") is None
    assert await heartbeats.all() == {}


async def test_given_beats_when_asked_then_the_last_of_each_name_is_told(
    engine: AsyncEngine,
) -> None:
    heartbeats = Heartbeats(engine)
    await heartbeats.beat("worker", at=NOW)
    await heartbeats.beat("expire_holds", at=NOW + timedelta(seconds=1))

    await heartbeats.beat("worker", at=NOW + timedelta(seconds=10))

    assert await heartbeats.last("worker") == NOW + timedelta(seconds=10)
    assert await heartbeats.all() == {
        "worker": NOW + timedelta(seconds=10),
        "expire_holds": NOW + timedelta(seconds=1),
    }


async def test_given_a_round_that_met_an_error_when_asked_then_that_stands_until_one_goes_well(
    engine: AsyncEngine,
) -> None:
    heartbeats = Heartbeats(engine)
    await heartbeats.break_off("forget", error="KeyError")
    await heartbeats.beat("check_tasks", at=NOW, error="courier_unavailable")
    refused = await heartbeats.errors()

    await heartbeats.break_off("check_tasks", error="KeyError")
    broken_off, beat = await heartbeats.errors(), await heartbeats.last("check_tasks")
    await heartbeats.beat("check_tasks", at=NOW + timedelta(minutes=1))

    assert refused == {"check_tasks": "courier_unavailable"}
    assert (broken_off, beat) == ({"check_tasks": "KeyError"}, NOW)
    assert await heartbeats.errors() == {}


async def test_given_no_database_when_asked_then_it_says_that_it_cannot_know() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    heartbeats = Heartbeats(engine)

    with pytest.raises(DatabaseUnavailableError):
        await heartbeats.all()
    with pytest.raises(DatabaseUnavailableError):
        await heartbeats.beat("worker", at=NOW)
    with pytest.raises(DatabaseUnavailableError):
        await heartbeats.break_off("worker", error="KeyError")
    with pytest.raises(DatabaseUnavailableError):
        await heartbeats.errors()

    await engine.dispose()
