"""Bring the schema up to date, or say how it stands."""

import typer

from totetaxi_adapters.postgres.migrations import check, current, newest, upgrade
from totetaxi_adapters.settings import Settings
from totetaxi_cli.command_wiring import quiet_logging, read_settings, running_database
from totetaxi_core.refusal import DomainError

NOT_MIGRATED = "without any table"


class SchemaBehindError(DomainError):
    """The database lacks migrations, or has some of a newer version."""

    code = "database_outdated"

    def __init__(self, at: str | None) -> None:
        super().__init__(
            f"the database is {stage(at)}, this version needs {newest()}:"
            " run `totetaxi db upgrade`, with this version or a newer one"
        )


def upgrade_schema() -> None:
    """Run the migrations that are missing."""
    settings = _settings()
    with running_database(settings) as database_url:
        before = current(database_url)
        upgrade(database_url)
        after = current(database_url)
    if before == after:
        typer.echo(f"the database is {stage(after)} already")
    else:
        typer.echo(f"the database was {stage(before)} and is {stage(after)} now")


def check_schema() -> None:
    """Compare the database with what this version needs.

    Raises:
        SchemaBehindError: migrations are missing.
        SchemaMismatchError: the tables differ from those the migrations make.
    """
    with running_database(_settings()) as database_url:
        at = current(database_url)
        if at != newest():
            raise SchemaBehindError(at)
        check(database_url)
    typer.echo(f"the database is {stage(at)}, as this version needs")


def stage(revision: str | None) -> str:
    return NOT_MIGRATED if revision is None else f"at migration {revision}"


def _settings() -> Settings:
    settings = read_settings()
    quiet_logging(settings)
    return settings
