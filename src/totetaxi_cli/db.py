"""`totetaxi db`: the schema of the database."""

import typer

app = typer.Typer(
    help="The database's schema: bring it up to date, or check it.", no_args_is_help=True
)


@app.command()
def upgrade() -> None:
    """Bring the database up to this version; safe to run again, and by several at once.

    Example: DATABASE_URL=postgresql://user@host/totetaxi totetaxi db upgrade
    """
    from totetaxi_cli.schema_state import upgrade_schema

    upgrade_schema()


@app.command()
def check() -> None:
    """Tell whether the database is what this version needs; exit 1 and say what is missing if not.

    Runs no migration.

    Example: totetaxi db check
    """
    from totetaxi_cli.schema_state import check_schema

    check_schema()
