"""The command `totetaxi`.

Command modules import Typer alone; what does the work is imported when a command runs, so that
help and usage errors come at once.
"""

import gc
import sys
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from totetaxi_cli import (
    audit,
    availability,
    bookings,
    codes,
    customers,
    dashboard,
    db,
    demo,
    dispatch,
    doctor,
    documents,
    explain,
    jobs,
    messages,
    payments,
    pricebook,
    quote,
    reconcile,
    refunds,
    reports,
    retention,
    schedule,
    serve,
    simulate,
    staff,
    webhooks,
    worker,
)
from totetaxi_cli.wrong_value import wrong_value

REFUSED = 1
WRONG_INPUT = 2
INTERRUPTED = 130
# What a start makes, it keeps: to look for garbage after every 700 objects is a fifth of its time.
NEW_OBJECTS_BETWEEN_LOOKS_FOR_GARBAGE = 20_000


class Commands(TyperGroup):
    """Says what is wrong with a value in the words of the rest, not in those of the parser."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401  the base's are private
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = wrong_value(error.message)
            raise


app = typer.Typer(
    name="totetaxi",
    cls=Commands,
    help="Quotes, bookings and payments for moves between Manhattan and the Hamptons.",
    epilog="Settings come from the environment: see docs/operations.md.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.command()(serve.serve)
app.command()(worker.worker)
app.add_typer(db.app, name="db")
app.command()(demo.demo)
app.command()(quote.quote)
app.command()(availability.availability)
app.command()(dashboard.dashboard)
app.add_typer(bookings.app, name="bookings")
app.command()(explain.explain)
app.add_typer(customers.app, name="customers")
app.add_typer(payments.app, name="payments")
app.add_typer(refunds.app, name="refunds")
app.add_typer(reports.app, name="reports")
app.command()(reconcile.reconcile)
app.add_typer(pricebook.app, name="pricebook")
app.add_typer(codes.app, name="codes")
app.add_typer(schedule.app, name="schedule")
app.add_typer(staff.app, name="staff")
app.add_typer(audit.app, name="audit")
app.add_typer(retention.app, name="retention")
app.add_typer(dispatch.app, name="dispatch")
app.add_typer(documents.app, name="documents")
app.add_typer(jobs.app, name="jobs")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(messages.app, name="messages")
app.command()(doctor.doctor)
app.command()(simulate.simulate)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit: 0 done, 1 refused or failed, 2 wrong input, 130 interrupted."""
    gc.set_threshold(NEW_OBJECTS_BETWEEN_LOOKS_FOR_GARBAGE)
    try:
        app(None if arguments is None else list(arguments), prog_name="totetaxi")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        from totetaxi_cli.refusal_lines import is_wrong_input, refusal_lines

        lines = refusal_lines(error)
        if not lines:
            raise
        for line in lines:
            typer.echo(line, err=True)
        sys.exit(WRONG_INPUT if is_wrong_input(error) else REFUSED)


if __name__ == "__main__":
    main()
