"""Every pair of writing use cases at once, on real connections: each ends, no promise is broken.

A pair races on one booking in each state in which both can be asked; where there is none, on two
bookings of one morning. Held locks bring both to the same place before either may go on.
"""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.adapters.postgres.arena import DONE, Arena
from tests.adapters.postgres.house_rows import check_promises
from tests.adapters.postgres.raced_world import CODE, State, World, a_house_on, a_world
from tests.adapters.postgres.server_view import end_sessions, fetch
from tests.adapters.postgres.writing_use_cases import PAIRS, USE_CASES, WritingUseCase
from tests.conftest import fresh_database, named
from tests.core.bookings.sample_books import book_with_code
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_core.unit_of_work import DatabaseUnavailableError

Meeting = tuple[tuple[WritingUseCase, WritingUseCase], tuple[State, ...]]

EVERY_STATE = bool(os.environ.get("TOTETAXI_SOAK"))
MAX_USES = 2
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def raced_url(postgres_url: str, template: str) -> Iterator[str]:
    with fresh_database(postgres_url, template=template) as name:
        yield named(postgres_url, name)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def arena(raced_url: str) -> AsyncIterator[Arena]:
    """Open one database for all races; in the end the server must not have seen a deadlock."""
    engine = open_engine(raced_url, pool_size=4, max_overflow=4)
    jobs = EffectJobs(create_job_app(raced_url))
    async with Arena.open(raced_url, lambda: PostgresUnitOfWork(engine, jobs=jobs)) as opened:
        house = a_house_on(opened.uow_factory, crews=1)
        await house.publish(book_with_code(max_uses=MAX_USES), based_on=0)
        yield opened
    await engine.dispose()
    await end_sessions(raced_url)  # those that have ended have told of their deadlocks
    assert fetch(raced_url, DEADLOCKS) == [(0,)]


async def worlds_for(arena: Arena, states: tuple[State, ...]) -> tuple[World, ...]:
    """Clear the arena and bring one booking into each state, with one crew to spare."""
    await arena.clear()
    house = a_house_on(arena.uow_factory, crews=len(states) + 1)
    codes = (CODE, None)
    return tuple(
        [
            await a_world(arena, house, state, name=f"ada{number}", code=codes[number])
            for number, state in enumerate(states)
        ]
    )


def meetings(pair: tuple[WritingUseCase, WritingUseCase]) -> tuple[tuple[State, ...], ...]:
    """Return where the two can meet: a state that both act in, else one for each."""
    first, second = pair
    shared = [state for state in State if state in first.alone and state in second.alone]
    if not shared:
        return ((next(iter(first.alone)), next(iter(second.alone))),)
    return tuple((state,) for state in shared)


def named_meetings() -> Iterator[tuple[str, Meeting]]:
    """Yield each pair with where it meets; in the sample once, from pair to pair elsewhere."""
    for number, pair in enumerate(PAIRS):
        found = meetings(pair)
        for states in found if EVERY_STATE else (found[number % len(found)],):
            yield "-".join([*(each.name for each in pair), *states]), (pair, states)


MEETINGS = dict(named_meetings())


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda each: each.name)
async def test_given_each_state_when_one_acts_alone_then_it_is_answered_as_told(
    use_case: WritingUseCase, arena: Arena
) -> None:
    outcomes = {}
    for state in use_case.alone:
        (world,) = await worlds_for(arena, (state,))
        (outcomes[state],) = await arena.race(use_case.act(world, 0))
        await check_promises(arena, world.house, max_uses=MAX_USES)

    assert outcomes == dict(use_case.alone)


@pytest.mark.parametrize("meeting", MEETINGS.values(), ids=MEETINGS)
async def test_given_two_who_write_when_they_race_then_both_end_and_no_promise_is_broken(
    meeting: Meeting, arena: Arena
) -> None:
    (first, second), states = meeting
    worlds = await worlds_for(arena, states)

    outcomes = await arena.race(first.act(worlds[0], 0), second.act(worlds[-1], 1))

    assert DatabaseUnavailableError.code not in outcomes
    alone = {first.alone[states[0]], second.alone[states[-1]]}
    assert DONE in outcomes or alone != {DONE}
    await check_promises(arena, worlds[0].house, max_uses=MAX_USES)
