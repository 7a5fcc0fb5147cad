import asyncio
from datetime import UTC, datetime

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.adapters.postgres.server_view import end_sessions, fetch
from tests.builders import NOW, a_booking
from tests.conftest import PostgresUowFactory
from tests.scenarios.tcp_proxy import TcpProxy
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import Heartbeats, PostgresRateLimiter, PostgresUnitOfWork
from totetaxi_adapters.postgres.engine import driver_url, libpq_url, open_engine
from totetaxi_adapters.postgres.refusals import refusals
from totetaxi_core.unit_of_work import DatabaseUnavailableError, UnitOfWork

NOBODY_THERE = "postgresql://nobody@127.0.0.1:1/none"


def unit_of_work(engine: AsyncEngine, database_url: str) -> UnitOfWork:
    return PostgresUnitOfWork(engine, jobs=EffectJobs(create_job_app(database_url)))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ada:p%40ss@db.example.com:5433/totetaxi?sslmode=require",
        "postgresql://ada@/totetaxi?host=%2Ftmp%2Fa+folder%2Frun&port=5432",
        "postgresql://ada:pa%20ss+%25w@db.example.com/totetaxi?options=-c%20jit%3Doff",
    ],
)
def test_given_a_url_when_made_the_drivers_and_back_then_nothing_is_lost(url: str) -> None:
    driver = driver_url(url)

    assert driver.drivername == "postgresql+psycopg"
    assert driver_url(libpq_url(url)) == driver == driver_url(url.replace("postgresql", "postgres"))


def test_given_spaces_in_a_url_when_libpq_reads_it_then_each_is_a_space() -> None:
    url = "postgresql://ada:pa%20ss+%25w@/totetaxi?host=%2Frun%2Fa+folder&options=-c%20jit%3Doff"

    read = conninfo_to_dict(libpq_url(url))

    assert read["password"] == "pa ss+%w"
    assert read["host"] == "/run/a folder"
    assert read["options"] == "-c jit=off"


def test_given_another_kind_of_database_when_its_url_is_read_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        driver_url("sqlite:///totetaxi.db")


async def test_given_a_machine_elsewhere_when_connected_then_the_session_is_in_utc(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", "Asia/Tokyo")

    async with engine.connect() as connection:
        zone, name = (
            await connection.execute(
                text("SELECT current_setting('timezone'), current_setting('application_name')")
            )
        ).one()
        instant = await connection.scalar(text("SELECT '2026-12-01T09:00-05'::timestamptz"))

    assert (zone, name) == ("UTC", "totetaxi")
    assert instant == datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert instant.tzinfo is UTC


async def test_given_options_in_the_url_when_connected_then_they_hold_beside_ours(
    database_url: str,
) -> None:
    engine = open_engine(f"{database_url}&options=-c%20work_mem%3D5MB", statement_timeout_s=7)

    async with engine.connect() as connection:
        settings = "SELECT current_setting('work_mem'), current_setting('statement_timeout')"
        row = (await connection.execute(text(settings))).one()
    await engine.dispose()

    assert tuple(row) == ("5MB", "7s")


async def test_given_nobody_at_the_address_when_used_then_the_database_is_unavailable() -> None:
    engine = open_engine(NOBODY_THERE)
    jobs = EffectJobs(create_job_app(NOBODY_THERE))

    with pytest.raises(DatabaseUnavailableError):
        async with PostgresUnitOfWork(engine, jobs=jobs):
            pass
    with pytest.raises(DatabaseUnavailableError):
        await PostgresRateLimiter(engine).hit("key", limit=1, window_s=60)
    with pytest.raises(DatabaseUnavailableError):
        await Heartbeats(engine).last("worker")


async def test_given_no_free_connection_when_one_more_comes_then_the_database_is_unavailable(
    database_url: str,
) -> None:
    engine = open_engine(database_url, pool_size=1, pool_timeout_s=0.05)

    async with unit_of_work(engine, database_url):
        with pytest.raises(DatabaseUnavailableError):
            async with unit_of_work(engine, database_url):
                pass
    async with unit_of_work(engine, database_url) as uow:
        assert await uow.bookings.page(status=None, after=None, limit=1) == ()
    await engine.dispose()


async def test_given_a_lock_that_is_not_freed_when_waited_for_then_the_wait_ends(
    database_url: str,
) -> None:
    engine = open_engine(database_url, statement_timeout_s=0.2)
    booking = a_booking()
    async with unit_of_work(engine, database_url) as uow:
        await uow.bookings.add(booking)
        await uow.commit()

    async with unit_of_work(engine, database_url) as holder:
        await holder.bookings.get(booking.id, lock=True)
        with pytest.raises(DatabaseUnavailableError):
            async with unit_of_work(engine, database_url) as waiter:
                await waiter.bookings.get(booking.id, lock=True)
    await engine.dispose()


async def test_given_idle_connections_when_the_server_restarts_then_nobody_notices(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async with uow_factory() as first, uow_factory() as second:
        await first.bookings.page(status=None, after=None, limit=1)
        await second.bookings.page(status=None, after=None, limit=1)

    ended = await end_sessions(database_url)
    async with uow_factory() as first, uow_factory() as second:
        pages = [
            await uow.bookings.page(status=None, after=None, limit=1) for uow in (first, second)
        ]

    assert ended == 2
    assert pages == [(), ()]


async def test_given_an_open_transaction_when_the_connection_is_lost_then_nothing_was_stored(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    booking = a_booking()

    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await end_sessions(database_url)
        with pytest.raises(DatabaseUnavailableError):
            await uow.commit()

    assert fetch(database_url, "SELECT count(*) FROM bookings") == [(0,)]
    async with uow_factory() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    assert fetch(database_url, "SELECT id FROM bookings") == [(booking.id,)]


async def test_given_a_connection_lost_unused_when_leaving_then_the_callers_error_passes(
    uow_factory: PostgresUowFactory, database_url: str
) -> None:
    async def fail_after_losing_it() -> None:
        async with uow_factory() as uow:
            await uow.bookings.page(status=None, after=None, limit=1)
            await end_sessions(database_url)
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_losing_it()


async def test_given_a_mistake_of_ours_when_it_reaches_the_database_then_it_is_no_refusal(
    engine: AsyncEngine,
) -> None:
    async with engine.connect() as connection:
        with pytest.raises(ProgrammingError, match="does not exist"), refusals():
            await connection.execute(text("SELECT nothing_such"))


async def test_given_a_unit_of_work_in_use_when_entered_again_then_it_is_refused(
    uow_factory: PostgresUowFactory,
) -> None:
    async with uow_factory() as uow:
        with pytest.raises(RuntimeError):
            await uow.__aenter__()


async def test_given_a_committed_transaction_when_used_on_then_it_is_refused(
    uow_factory: PostgresUowFactory,
) -> None:
    async with uow_factory() as uow:
        await uow.bookings.add(a_booking())
        await uow.commit()
        with pytest.raises(RuntimeError):
            await uow.bookings.add(a_booking())
        with pytest.raises(RuntimeError):
            await uow.commit()


async def test_given_calls_when_counted_across_processes_then_the_limit_holds_for_all(
    engine: AsyncEngine, database_url: str
) -> None:
    other = open_engine(database_url)
    limiters = [PostgresRateLimiter(engine), PostgresRateLimiter(other)]

    waits = await asyncio.gather(
        *(limiters[number % 2].hit("login:ada", limit=5, window_s=60) for number in range(12))
    )
    apart = await limiters[0].hit("login:eve", limit=5, window_s=60)
    await other.dispose()

    assert waits.count(None) == 5
    assert all(59 <= wait <= 60 for wait in waits if wait is not None)
    assert apart is None


async def test_given_a_window_that_ended_when_called_then_counting_begins_anew(
    engine: AsyncEngine, database_url: str
) -> None:
    limiter = PostgresRateLimiter(engine)
    before = [await limiter.hit("key", limit=1, window_s=60) for _ in range(2)]
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE rate_limits SET ends_at = now() - interval '1 s'"))

    after = [await limiter.hit("key", limit=1, window_s=60) for _ in range(2)]
    kept = await limiter.forget_ended()
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE rate_limits SET ends_at = now()"))
    forgotten = await limiter.forget_ended()

    assert [wait is None for wait in (*before, *after)] == [True, False, True, False]
    assert (kept, forgotten) == (0, 1)
    assert fetch(database_url, "SELECT count(*) FROM rate_limits") == [(0,)]


async def test_given_beats_when_asked_for_then_the_last_of_each_name_is_known(
    engine: AsyncEngine,
) -> None:
    heartbeats = Heartbeats(engine)
    later = NOW.replace(minute=5)

    for at in (NOW, later):
        await heartbeats.beat("worker", at=at)

    assert await heartbeats.last("worker") == later
    assert await heartbeats.last("scheduler") is None


@pytest.mark.parametrize(("pooled", "prepared"), [(False, 1), (True, 0)])
async def test_given_a_statement_that_recurs_when_pooled_then_the_server_keeps_none_of_it(
    database_url: str, *, pooled: bool, prepared: int
) -> None:
    engine = open_engine(database_url, pool_size=1, pooled=pooled)
    kept = "SELECT count(*) FROM pg_prepared_statements"

    async with engine.connect() as connection:
        counts = [(await connection.execute(text(kept))).scalar_one() for _ in range(10)]
        limit = (await connection.execute(text("SHOW statement_timeout"))).scalar_one()
    await engine.dispose()

    assert counts[-1] == prepared
    assert limit == ("0" if pooled else "30s")


@pytest.mark.parametrize(
    "sqlstate",
    [
        "53100",  # the disk is full
        "XX000",  # a file cannot grow
        "58030",  # a file cannot be read
        "57P01",  # the server is stopped
        "25006",  # it only reads
    ],
)
async def test_given_a_server_in_trouble_when_asked_then_the_database_is_unavailable(
    engine: AsyncEngine, sqlstate: str
) -> None:
    trouble = text(f"DO $$ BEGIN RAISE EXCEPTION SQLSTATE '{sqlstate}'; END $$")

    with pytest.raises(DatabaseUnavailableError), refusals():
        async with engine.connect() as connection:
            await connection.execute(trouble)


async def test_given_a_server_that_falls_silent_when_asked_then_it_is_given_up_and_healed(
    database_url: str, postgres_url: str
) -> None:
    with TcpProxy.to_database(postgres_url) as network:
        engine = open_engine(network.database_url(database_url), statement_timeout_s=0.1)
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

        network.hang()
        with pytest.raises(DatabaseUnavailableError), refusals():
            async with engine.connect() as connection:
                await connection.execute(text("SELECT 2"))
        network.mend()
        async with engine.connect() as connection:
            answer = await connection.scalar(text("SELECT 3"))
        await engine.dispose()

    assert answer == 3
