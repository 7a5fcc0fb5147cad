"""A PostgreSQL of our own for whoever asks, and how long Hypothesis searches."""

import asyncio
import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from inspect import iscoroutinefunction
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg.sql import SQL, Identifier
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.embedded_postgres import EmbeddedPostgres
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.postgres import PostgresUnitOfWork, open_engine
from totetaxi_adapters.postgres.migrations import upgrade

settings.register_profile("default", max_examples=60, deadline=None)
settings.register_profile("soak", max_examples=2_000, deadline=None)
SOAK = bool(os.environ.get("TOTETAXI_SOAK"))
settings.load_profile("soak" if SOAK else "default")

# They need programs of Debian's: `make test-nodes` has them.
collect_ignore = [] if os.environ.get("TOTETAXI_NODES") else ["nodes"]

TEMPLATE = "totetaxi_template"
UNSAFE_AND_FAST = ("fsync", "synchronous_commit", "full_page_writes")
database_numbers = count(1)

PostgresUowFactory = Callable[[], PostgresUnitOfWork]

AsyncTest = Callable[..., Awaitable[None]]

ASYNC_TEST_S = 240
SLOW_ROOMS = ("scenarios", "cli", "benchmarks")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Collect without looking for garbage: there is none, and looking takes a quarter as long.

    What was collected lives to the end: it is not looked through ever again.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits for processes: what only computes fills the gaps, and the end."""
    items.sort(key=lambda item: item.path.parent.name not in SLOW_ROOMS)
    for item in items:
        if isinstance(item, pytest.Function) and iscoroutinefunction(item.obj):
            item.obj = ended_in_time(item.obj)


def ended_in_time(test: AsyncTest) -> AsyncTest:
    """Fail where it waits, instead of waiting for ever; who waits in a thread is not seen here."""

    @wraps(test)
    async def bounded(*arguments: object, **named: object) -> None:
        async with asyncio.timeout(None if SOAK else ASYNC_TEST_S):
            await test(*arguments, **named)

    return bounded


@pytest.fixture(scope="module", autouse=True)
def no_greenlet_left_behind() -> Iterator[None]:
    """Collect what cancelled database calls left, here and not at any odd moment.

    CPython 3.11 loses count of its recursion when a suspended greenlet is collected while source
    is parsed, as Hypothesis does: SystemError, "AST constructor recursion depth mismatch".
    """
    yield
    gc.collect()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Start a server for this process's tests; its data may be lost in a crash."""
    # Not in `tmp_path`: the account PostgreSQL runs as may not pass through that one.
    folder = Path(tempfile.mkdtemp(prefix="tt-tests-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "data").acquire() as lease:
        with psycopg.connect(lease.database_url, autocommit=True) as connection:
            for name in UNSAFE_AND_FAST:
                connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(name)))
            connection.execute("SELECT pg_reload_conf()")
        yield lease.database_url
    shutil.rmtree(folder)


def named(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def create_database(server_url: str, name: str, *, template: str = "template0") -> None:
    statement = SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement.format(Identifier(name), Identifier(template)))


@contextmanager
def fresh_database(server_url: str, *, template: str = "template0") -> Iterator[str]:
    """Make a database and drop it at the end, whoever is still connected."""
    name = f"test_{next(database_numbers)}"
    create_database(server_url, name, template=template)
    yield name
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.fixture(scope="session")
def template(postgres_url: str) -> str:
    """Migrate one database, for the others to copy; nobody may be connected to it."""
    create_database(postgres_url, TEMPLATE)
    upgrade(named(postgres_url, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def empty_database_url(postgres_url: str) -> Iterator[str]:
    """Return a fresh database without any table."""
    with fresh_database(postgres_url) as name:
        yield named(postgres_url, name)


@pytest.fixture
def database_url(postgres_url: str, template: str) -> Iterator[str]:
    """Return a fresh, migrated database."""
    with fresh_database(postgres_url, template=template) as name:
        yield named(postgres_url, name)


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    made = open_engine(database_url, pool_size=5, max_overflow=25)
    yield made
    await made.dispose()


@pytest.fixture
def postgres_uow_factory(database_url: str, engine: AsyncEngine) -> PostgresUowFactory:
    """Make units of work on a fresh, migrated database."""
    jobs = EffectJobs(create_job_app(database_url))
    return lambda: PostgresUnitOfWork(engine, jobs=jobs)


@pytest.fixture
def uow_factory(postgres_uow_factory: PostgresUowFactory) -> PostgresUowFactory:
    return postgres_uow_factory
