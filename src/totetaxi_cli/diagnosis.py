"""Look over everything the service stands on."""

import asyncio
from collections.abc import Iterator

import attrs
import typer

from totetaxi_adapters.postgres.migrations import SchemaState, current, newest, state
from totetaxi_adapters.postgres.unfinished_restore import RestoreUnfinishedError
from totetaxi_adapters.settings import Settings, SettingsError
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli import interruptible
from totetaxi_cli.certificate_check import check_certificate
from totetaxi_cli.command_wiring import quiet_logging, read_settings, running_database
from totetaxi_cli.database_checks import check_server
from totetaxi_cli.files_check import check_files
from totetaxi_cli.health_check import HealthCheck, Verdict, failed, passed, warned
from totetaxi_cli.machine_checks import check_disk, check_time_zone
from totetaxi_cli.message_checks import check_messages
from totetaxi_cli.onfleet_check import check_onfleet
from totetaxi_cli.output import print_json
from totetaxi_cli.schema_state import stage
from totetaxi_cli.service_process import wired_with_sandbox
from totetaxi_cli.stripe_check import check_stripe
from totetaxi_cli.transport_checks import check_mail, check_texts
from totetaxi_cli.worker_checks import check_outbox, check_retention, check_worker
from totetaxi_core.refusal import DomainError

SERVES = (SchemaState.CURRENT, SchemaState.NEWER)
COLORS = {Verdict.OK: "green", Verdict.WARN: "yellow", Verdict.FAIL: "red"}


@attrs.frozen(kw_only=True)
class Diagnosis:
    """`ok` is false when a check failed; warnings pass."""

    ok: bool
    checks: tuple[HealthCheck, ...]


def diagnose(*, as_json: bool) -> None:
    """Print every check; exit 1 when one failed."""
    checks: list[HealthCheck] = []
    for check in _checks():
        checks.append(check)
        if not as_json:
            _print_check(check)
    diagnosis = Diagnosis(ok=not any(one.has_failed for one in checks), checks=tuple(checks))
    if as_json:
        print_json(diagnosis)
    if not diagnosis.ok:
        raise typer.Exit(1)


def _print_check(check: HealthCheck) -> None:
    verdict = typer.style(f"{check.verdict:<5}", fg=COLORS[check.verdict])
    typer.echo(f"{verdict} {check.name:<15}{check.message}")
    if check.advice is not None:
        typer.echo(f"{'':<21}-> {check.advice}")


def _checks() -> Iterator[HealthCheck]:
    yield check_time_zone()
    try:
        settings = read_settings()
    except SettingsError as error:
        for name, problem in error.problems.items():
            yield failed("settings", f"{name} {problem}", advice=f"set {name} anew, or unset it")
        return
    quiet_logging(settings)
    yield passed("settings", f"fit for {settings.environment}")
    yield check_disk(settings.totetaxi_data_dir)
    yield from _database_checks(settings)


def _database_checks(settings: Settings) -> Iterator[HealthCheck]:
    where = "DATABASE_URL" if settings.database_url else "the embedded server"
    try:
        with running_database(settings) as database_url:
            at, stands = current(database_url), state(database_url)
            yield passed("database", f"{where} answers")
            yield _schema_check(settings, at, stands)
            if stands in SERVES:
                yield from interruptible.run(_wired_checks(settings, database_url))
    except RestoreUnfinishedError as error:
        advice = "run `totetaxi db restore FILE --force` again, or `totetaxi db put-back`"
        says = f"{where}: {error.code}, a restore began and has not ended"
        yield failed("database", says, advice=advice)
    except (DomainError, OSError) as error:
        said = " ".join(str(error).split())
        yield failed("database", f"{where}: {said}", advice="see that it runs and can be reached")


def _schema_check(settings: Settings, at: str | None, stands: SchemaState) -> HealthCheck:
    if stands in SERVES:
        later = ", of a later version, which serves this one as well"
        return passed("migrations", stage(at) + (later if stands is SchemaState.NEWER else ""))
    if stands is SchemaState.TOO_NEW:
        says = f"{stage(at)}, of a later version; this one cannot work with it"
        return failed("migrations", says, advice="install the version that migrated it")
    advice = "run `totetaxi db upgrade`"
    if settings.database_url is None:
        # The next command brings the embedded one up to date by itself.
        return warned("migrations", f"{stage(at)}; needs {newest()}", advice=advice)
    return failed("migrations", f"{stage(at)}; needs {newest()}", advice=advice)


async def _wired_checks(settings: Settings, database_url: str) -> list[HealthCheck]:
    async with wired_with_sandbox(settings, database_url) as wiring:
        return [
            *await check_server(wiring.engine),
            _price_book_check(wiring),
            *await check_worker(wiring),
            await check_outbox(wiring),
            await check_retention(wiring),
            await check_messages(wiring),
            *await asyncio.gather(
                check_stripe(wiring),
                check_onfleet(wiring),
                check_mail(settings),
                check_texts(settings),
                check_files(settings),
                check_certificate(settings.public_base_url),
            ),
        ]


def _price_book_check(wiring: Wiring) -> HealthCheck:
    book = wiring.current_book.book
    return passed("price book", f"version {book.version}, {book.title}")
