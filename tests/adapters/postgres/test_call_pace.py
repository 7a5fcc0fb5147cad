"""One provider's limit, kept by all processes together."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.postgres.call_pace import PostgresCallPace
from totetaxi_adapters.postgres.engine import open_engine
from totetaxi_core.logistics.courier_gateway import CourierUnavailableError


class Waits:
    """Keeps how long each caller was to wait, and lets it go at once."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, wait_s: float) -> None:
        self.taken.append(wait_s)


async def test_given_two_processes_when_they_call_at_once_then_their_turns_are_one_row(
    engine: AsyncEngine, database_url: str
) -> None:
    other = open_engine(database_url)
    waits = Waits()
    paces = [PostgresCallPace(one, "onfleet", per_second=2, sleep=waits) for one in (engine, other)]

    await asyncio.gather(*(paces[index % 2].turn() for index in range(9)))
    await other.dispose()

    # The first goes at once; two rows would not let anybody wait longer than two seconds.
    assert len(waits.taken) == 8
    assert 2 < max(waits.taken) <= 4
    assert len({round(wait_s, 1) for wait_s in waits.taken}) == 8


async def test_given_ten_seconds_of_calls_ahead_when_one_more_comes_then_it_is_turned_away(
    engine: AsyncEngine,
) -> None:
    waits = Waits()
    pace = PostgresCallPace(engine, "onfleet", per_second=1, sleep=waits)

    turns = [pace.turn() for _ in range(30)]
    ended = await asyncio.gather(*turns, return_exceptions=True)

    assert {type(one) for one in ended} == {type(None), CourierUnavailableError}
    ahead = len(waits.taken)
    await PostgresCallPace(engine, "another", per_second=1, sleep=waits).turn()
    assert ahead >= 10
    assert max(waits.taken) <= 10
    assert len(waits.taken) == ahead  # the first of another key need not wait
