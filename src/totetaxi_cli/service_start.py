"""Start the processes that stay up."""

import asyncio
import errno
import gc
import ipaddress
from collections.abc import Callable

import typer

from totetaxi_adapters.event_loop import run
from totetaxi_adapters.http_server import LOOPBACK, CannotListenError, listen_now
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.providers import uses_sandbox
from totetaxi_adapters.settings import Settings
from totetaxi_cli.command_wiring import read_settings, ready_database
from totetaxi_cli.service_group import Role, serve_group
from totetaxi_cli.service_process import address_of, serve, work_alone
from totetaxi_core.refusal import DomainError

EVERYWHERE = "0.0.0.0"  # noqa: S104  production sits behind a proxy or in a container


class PortUnavailableError(DomainError):
    """We cannot listen there."""

    code = "port_unavailable"

    @classmethod
    def of(cls, host: str, port: int, error: CannotListenError) -> "PortUnavailableError":
        reasons = {errno.EADDRINUSE: "is in use", errno.EACCES: "is not ours to take"}
        reason = reasons.get(error.errno or 0, f"cannot be had ({error.strerror})")
        return cls(
            f"port {port} on {host} {reason}: choose another with --port N or PORT=N (0 takes a"
            " free one)"
        )


class HostUnfitError(DomainError):
    """The sandbox answers on loopback alone."""

    code = "host_unfit"

    def __init__(self, host: str) -> None:
        super().__init__(
            f"the sandbox cannot be reached on {host}: use --host {LOOPBACK} or {EVERYWHERE},"
            " or set STRIPE_SECRET_KEY and ONFLEET_API_KEY, with ONFLEET_MOCK_MODE=false"
        )


class PoolerUnfitError(DomainError):
    """Jobs are announced by LISTEN, which a pooler in transaction mode does not pass on."""

    code = "pooler_unfit"

    def __init__(self) -> None:
        super().__init__(
            "jobs need the server itself: with DATABASE_POOLER use `totetaxi serve --no-worker`,"
            " and give `totetaxi worker` a DATABASE_URL that goes past the pooler"
        )


def start_service(*, host: str | None, port: int | None, workers: int, with_worker: bool) -> None:
    """Serve until told to stop: with `workers` processes that answer, if they are several.

    Raises:
        PoolerUnfitError: a worker is wanted behind a pooler.
        PortUnavailableError: another process listens there.
    """
    settings = read_settings(**({} if port is None else {"PORT": str(port)}))
    configure_logging(level=settings.log_level)
    listen_on = host or (EVERYWHERE if settings.is_production else LOOPBACK)
    has_sandbox = uses_sandbox(settings)
    if has_sandbox and not _reaches_loopback(listen_on):
        raise HostUnfitError(listen_on)
    if settings.database_pooler and with_worker:
        raise PoolerUnfitError

    def announce(url: str) -> None:
        gc.freeze()  # code and handlers stay: no look for garbage goes through them again
        typer.echo(ready_line(url, has_sandbox=has_sandbox))

    with ready_database(settings, migrate=not settings.database_pooler) as database_url:
        try:
            if workers > 1:
                _serve_as_group(settings, listen_on, workers, with_worker, announce)
                return
            run(
                serve(
                    settings,
                    database_url,
                    host=listen_on,
                    with_worker=with_worker,
                    announce=announce,
                )
            )
        except CannotListenError as error:
            raise PortUnavailableError.of(listen_on, settings.port, error) from error


def _serve_as_group(
    settings: Settings,
    host: str,
    workers: int,
    with_worker: bool,
    announce: Callable[[str], None],
) -> None:
    roles = [Role.API] * workers + [Role.WORKER] * with_worker
    with listen_now(host, settings.port) as listener:
        url = address_of(listener, host)
        asyncio.run(serve_group(listener, roles, url=url, announce=lambda: announce(url)))


def start_worker() -> None:
    """Work until told to stop."""
    settings = read_settings()
    configure_logging(level=settings.log_level)
    if settings.database_pooler:
        raise PoolerUnfitError
    with ready_database(settings) as database_url:
        run(work_alone(settings, database_url, announce=lambda: typer.echo("ready: worker")))


def ready_line(url: str, *, has_sandbox: bool) -> str:
    sandbox = f"sandbox {url}/sandbox, " if has_sandbox else ""
    return f"ready: API docs {url}/schema, {sandbox}health {url}/health/"


def _reaches_loopback(host: str) -> bool:
    """Tell whether 127.0.0.1 leads to a listener on this address."""
    try:
        address = ipaddress.IPv4Address(LOOPBACK if host == "localhost" else host)
    except ValueError:
        return False
    return address == ipaddress.IPv4Address(LOOPBACK) or address.is_unspecified
