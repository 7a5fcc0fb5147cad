"""Bring the schema up to date, or say how it stands."""

import typer

from totetaxi_adapters.postgres.migrations import (
    DatabaseTooNewError,
    SchemaState,
    check,
    current,
    newest,
    state,
    upgrade,
)
from totetaxi_adapters.settings import Settings
from totetaxi_cli.command_wiring import quiet_logging, read_settings, running_database
from totetaxi_cli.database_wait import wait_for_database
from totetaxi_core.refusal import DomainError

NOT_MIGRATED = "without any table"


class SchemaBehindError(DomainError):
    """The database lacks migrations."""

    code = "database_outdated"

    def __init__(self, at: str | None) -> None:
        super().__init__(
            f"the database is {stage(at)}, this version needs {newest()}: run `totetaxi db upgrade`"
        )


def upgrade_schema(*, wait_s: float = 0) -> None:
    """Run the migrations that are missing, once the database answers.

    Raises:
        DatabaseUnavailableError: it does not within `wait_s`; nothing was changed.
    """
    settings = _settings()
    with running_database(settings) as database_url:
        wait_for_database(database_url, within_s=wait_s)
        before = current(database_url)
        stood = upgrade(database_url)
        after = current(database_url)
    if stood is SchemaState.NEWER:
        typer.echo(newer(after))
    elif stood is SchemaState.CURRENT:
        typer.echo(f"the database is {stage(after)} already")
    else:
        typer.echo(f"the database was {stage(before)} and is {stage(after)} now")


def check_schema() -> None:
    """Compare the database with what this version needs.

    Raises:
        DatabaseTooNewError: a later version has taken away what this one needs.
        RestoreUnfinishedError: it is half of a backup.
        SchemaBehindError: migrations are missing.
        SchemaMismatchError: the tables differ from those the migrations make.
    """
    with running_database(_settings()) as database_url:
        at, stands = current(database_url), state(database_url)
        if stands is SchemaState.TOO_NEW:
            raise DatabaseTooNewError(at)
        if stands is SchemaState.BEHIND:
            raise SchemaBehindError(at)
        if stands is SchemaState.CURRENT:
            check(database_url)
    is_newer = stands is SchemaState.NEWER
    typer.echo(newer(at) if is_newer else f"the database is {stage(at)}, as this version needs")


def newer(revision: str | None) -> str:
    return f"the database is {stage(revision)}, of a later version, and serves this one as well"


def stage(revision: str | None) -> str:
    return NOT_MIGRATED if revision is None else f"at migration {revision}"


def _settings() -> Settings:
    settings = read_settings()
    quiet_logging(settings)
    return settings
