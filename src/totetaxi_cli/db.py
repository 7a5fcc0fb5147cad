"""`totetaxi db`: the schema of the database, and its backups."""

from pathlib import Path
from typing import Annotated

import typer

from totetaxi_cli.command_options import AsJson

app = typer.Typer(
    help="The database: bring it up to date, check it, back it up and restore it.",
    no_args_is_help=True,
)
Backup = Annotated[Path, typer.Argument(metavar="FILE", help="What `db backup` wrote.")]


@app.command()
def upgrade(
    wait: Annotated[
        float,
        typer.Option(
            "--wait", min=0, max=3_600, help="How many seconds a database may take to answer."
        ),
    ] = 0,
) -> None:
    """Bring the database up to this version; safe to run again, and by several at once.

    Example: DATABASE_URL=postgresql://user@host/totetaxi totetaxi db upgrade --wait 60
    """
    from totetaxi_cli.schema_state import upgrade_schema

    upgrade_schema(wait_s=wait)


@app.command()
def check() -> None:
    """Tell whether the database is what this version needs; exit 1 and say what is missing if not.

    Runs no migration.

    Example: totetaxi db check
    """
    from totetaxi_cli.schema_state import check_schema

    check_schema()


@app.command()
def backup(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="A file, or a folder to make totetaxi-TIME.tar in. Default: this folder.",
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Write the whole database into one file, while work goes on; files on bookings are not in it.

    Needs a `pg_dump` of the server's version; the embedded server brings its own. The file is
    readable for you alone: it holds every customer.

    Example: totetaxi db backup --out /backups
    """
    from totetaxi_cli.database_copies import back_up_to_file

    back_up_to_file(out, as_json=json)


@app.command()
def restore(
    file: Backup,
    database_url: Annotated[
        str | None,
        typer.Option(
            "--database-url",
            metavar="URL",
            help="Another database than that of the settings. A password in it shows in the list"
            " of processes: better set DATABASE_URL.",
        ),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force",
            help="Replace what the database holds; that is kept until the new was verified.",
        ),
    ] = False,
    json: AsJson = False,
) -> None:
    """Fill a database from a backup, and check every row and the ledger against its manifest.

    Stop `serve` and `worker` first. Then read docs/operations.md, "After a restore".

    Example: DATABASE_URL=postgresql://user@host/copy totetaxi db restore yesterday.tar
    """
    from totetaxi_cli.database_copies import restore_from_file

    restore_from_file(file, database_url=database_url, force=force, as_json=json)


@app.command("put-back")
def put_back() -> None:
    """Go back to what the database held before a restore that was killed; what that made goes.

    Until then, or until `db restore --force` has run again, nothing else starts on it.

    Example: totetaxi db put-back
    """
    from totetaxi_cli.database_copies import put_back_before_restore

    put_back_before_restore()


@app.command()
def verify(
    file: Backup,
    rehearse: Annotated[
        bool,
        typer.Option("--rehearse", help="Restore it too, into an embedded server just for that."),
    ] = False,
    json: AsJson = False,
) -> None:
    """Tell whether a backup is whole, and what is in it; exit 1 if it is not. Touches no database.

    Example: totetaxi db verify yesterday.tar --rehearse
    """
    from totetaxi_cli.database_copies import verify_file

    verify_file(file, is_rehearsed=rehearse, as_json=json)
