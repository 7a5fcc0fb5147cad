"""What every command stands on: the settings, a database that is up to date, and the wiring."""

import os
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import uuid4

import typer
from sqlalchemy.exc import ArgumentError

from totetaxi_adapters.database import EMBEDDED_FOLDER, open_database, prepare_schema
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.origin import at_work
from totetaxi_adapters.postgres.engine import driver_url
from totetaxi_adapters.setting_values import LogLevel
from totetaxi_adapters.settings import Settings, SettingsError, settings_from
from totetaxi_adapters.wiring import Wiring, wired
from totetaxi_cli import interruptible
from totetaxi_cli.service_process import wired_with_sandbox

Answer = TypeVar("Answer")
Job = Callable[[Wiring], Awaitable[Answer]]

_CHATTY = (LogLevel.DEBUG, LogLevel.INFO)


def read_settings(**given: str) -> Settings:
    """Return the settings of the environment; `given` wins over it.

    Raises:
        SettingsError: values are bad.
    """
    settings = settings_from({**os.environ, **given})
    if settings.database_url is not None:
        try:
            driver_url(settings.database_url.reveal())
        except (ValueError, ArgumentError):
            problem = "must be an address beginning postgresql://"
            raise SettingsError({"DATABASE_URL": problem}) from None  # the cause shows the value
    return settings


def quiet_logging(settings: Settings) -> None:
    """Log warnings and worse: a command's answer is its own output."""
    level = LogLevel.WARNING if settings.log_level in _CHATTY else settings.log_level
    configure_logging(level=level)


@contextmanager
def running_database(settings: Settings) -> Iterator[str]:
    """Give the URL of the database, whatever its schema.

    Raises:
        EmbeddedPostgresError: the embedded server cannot run here.
    """
    folder = settings.totetaxi_data_dir / EMBEDDED_FOLDER
    if settings.database_url is None and not folder.exists():
        typer.echo(f"setting up the database in {folder} ...", err=True)
    with open_database(settings) as database_url:
        yield database_url


@contextmanager
def ready_database(settings: Settings, *, migrate: bool = False) -> Iterator[str]:
    """Give the URL of a database whose schema is that of this version.

    Raises:
        DatabaseOutdatedError: it is a server of its own, and `migrate` is not set.
        EmbeddedPostgresError: the embedded server cannot run here.
    """
    with running_database(settings) as database_url:
        prepare_schema(settings, database_url, migrate=migrate)
        yield database_url


def new_request_id() -> str:
    """Return what a command's log lines, acts, effects and calls bear, as those of a request do."""
    return f"cli-{uuid4().hex[:12]}"


def run(job: Job[Answer]) -> Answer:
    """Run a job that does not ask Stripe, and return its answer."""
    settings = read_settings()
    quiet_logging(settings)
    with ready_database(settings) as database_url:

        async def running() -> Answer:
            with at_work(request_id=new_request_id()):
                async with wired(settings, database_url) as wiring:
                    return await job(wiring)

        return interruptible.run(running())


def run_with_stripe(job: Job[Answer]) -> Answer:
    """Run a job that may ask Stripe, or the sandbox in its place."""
    settings = read_settings()
    quiet_logging(settings)
    with ready_database(settings) as database_url:

        async def running() -> Answer:
            with at_work(request_id=new_request_id()):
                async with wired_with_sandbox(settings, database_url) as wiring:
                    return await job(wiring)

        return interruptible.run(running())
