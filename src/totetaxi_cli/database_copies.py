"""Write a backup, restore one, or see whether one is whole."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psycopg
import typer

from totetaxi_adapters.backup.archive import Manifest
from totetaxi_adapters.backup.back_up import back_up
from totetaxi_adapters.backup.errors import DatabaseRefusedError
from totetaxi_adapters.backup.restore import put_back_standing, restore
from totetaxi_adapters.backup.verify import rehearse, verify
from totetaxi_adapters.postgres.migrations import current, newest
from totetaxi_cli.command_wiring import quiet_logging, read_settings, running_database
from totetaxi_cli.output import money, print_facts, print_json
from totetaxi_cli.schema_state import stage
from totetaxi_core.unit_of_work import DatabaseUnavailableError

BOOKINGS: Final = "public.bookings"
MEGABYTE: Final = 1_000_000


def back_up_to_file(out: Path | None, *, as_json: bool) -> None:
    """Write the backup and say what is in it; without `out`, into this folder.

    Raises:
        BackupExistsError: the file is there already.
        PostgresProgramMissingError: there is no `pg_dump` of the server's version.
    """
    started, at = time.monotonic(), datetime.now(UTC)
    own_name = f"totetaxi-{at:%Y%m%dT%H%M%SZ}.tar"
    path = _place(out) / own_name if out is None or _is_folder(out) else out
    with _database(None) as database_url:
        manifest = back_up(database_url, path, at=at, tell=_tell)
    _show(path, manifest, started=started, as_json=as_json)


def _is_folder(out: Path) -> bool:
    """Tell whether a folder is meant: what has no ending is one, also before it is there."""
    return out.is_dir() or not out.suffix


def _place(folder: Path | None) -> Path:
    if folder is None:
        return Path()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def restore_from_file(path: Path, *, database_url: str | None, force: bool, as_json: bool) -> None:
    """Restore the file, and say what is in the database now.

    Raises:
        BackupBrokenError: the file is not whole; nothing was changed.
        DatabaseNotEmptyError: there are tables, and `force` is not set.
        DatabaseInUseError: others are connected to it.
        RestoreDiffersError: the result is not what the manifest says.
    """
    started = time.monotonic()
    with _database(database_url) as url:
        manifest = restore(path, url, force=force, tell=_tell)
    _show(path, manifest, started=started, as_json=as_json)
    if manifest.contents.migration != newest():
        typer.echo("it is of another version: run `totetaxi db upgrade`", err=True)


def put_back_before_restore() -> None:
    """Undo a restore that was killed, and say where the database stands again.

    Raises:
        DatabaseInUseError: others are connected to it.
        NoUnfinishedRestoreError: no restore was.
    """
    with _database(None) as database_url:
        put_back_standing(database_url)
        typer.echo(f"the database is as before the restore, {stage(current(database_url))}")


def verify_file(path: Path, *, is_rehearsed: bool, as_json: bool) -> None:
    """Say what is in the file, if it is whole.

    Raises:
        BackupBrokenError: it is not.
        RestoreDiffersError: it was restored, and is not what the manifest says.
    """
    started = time.monotonic()
    check: Callable[..., Manifest] = rehearse if is_rehearsed else verify
    _show(path, check(path, tell=_tell), started=started, as_json=as_json)


@contextmanager
def _database(given: str | None) -> Iterator[str]:
    """Give the URL of the database, that of the settings if none is given.

    Raises:
        DatabaseUnavailableError: it does not answer, or the connection was lost.
        DatabaseRefusedError: this role may not do that there.
    """
    settings = read_settings(**({} if given is None else {"DATABASE_URL": given}))
    quiet_logging(settings)
    with running_database(settings) as database_url:
        try:
            yield database_url
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(str(error)) from error
        except psycopg.Error as error:
            raise DatabaseRefusedError(str(error)) from error


def _tell(step: str) -> None:
    typer.echo(step, err=True)


def _show(path: Path, manifest: Manifest, *, started: float, as_json: bool) -> None:
    held = manifest.contents
    bookings = held.tables.get(BOOKINGS)
    facts = {
        "file": str(path),
        "bytes": path.stat().st_size,
        "made_at": f"{manifest.made_at:%Y-%m-%dT%H:%M:%SZ}",
        "totetaxi_version": manifest.totetaxi_version,
        "postgres": manifest.postgres_major,
        "migration": held.migration,
        "tables": len(held.tables),
        "rows": held.rows,
        "bookings": 0 if bookings is None else bookings.rows,
        "ledger_cents": dict(held.ledger_cents),
        "ledger_sum_cents": held.ledger_sum_cents,
        "acts_head": held.acts_head,
        "sha256": manifest.dump_sha256,
        "took_s": round(time.monotonic() - started, 1),
    }
    if as_json:
        print_json(facts)
        return
    accounts = ", ".join(f"{name} {money(cents)}" for name, cents in held.ledger_cents.items())
    shown = facts | {
        "bytes": f"{path.stat().st_size / MEGABYTE:,.1f} MB",
        "rows": f"{held.rows:,}",
        "bookings": f"{facts['bookings']:,}",
        "ledger_cents": accounts or "nothing posted",
        "ledger_sum_cents": f"{money(held.ledger_sum_cents)} (must be $0.00)",
        "took_s": f"{facts['took_s']} s",
    }
    names = {"bytes": "size", "ledger_cents": "ledger", "ledger_sum_cents": "sum", "took_s": "took"}
    print_facts((names.get(name, name).replace("_", " "), value) for name, value in shown.items())
