"""`totetaxi reports`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from totetaxi_cli.command_options import AsJson, day
from totetaxi_core.reports.report import Grouping, ReportName

app = typer.Typer(
    help="Reports: revenue, tax, refunds, bookings, crews, customers.", no_args_is_help=True
)

TOLD: Final[Mapping[ReportName, str]] = {
    ReportName.REVENUE: "what was earned, given back and lost, and the sales tax"
    " (by day, week, month, service, rule, package)",
    ReportName.TAXES: "the sales tax collected, given back and owed (by month, week, day)",
    ReportName.REFUNDS: "what was sent back, and what of it came back (by day, week, month)",
    ReportName.BOOKINGS: "how many bookings are picked up (by status, service, day, week, month)",
    ReportName.CANCELLATIONS: "which share of bookings is cancelled, and refunded"
    " (by service, day, week, month)",
    ReportName.LEAD_TIME: "how long before their pickup bookings are made",
    ReportName.MORNINGS: "the busiest mornings (by day, weekday, time)",
    ReportName.CREWS: "how much of the crews is taken (by day, week, month, weekday)",
    ReportName.CUSTOMERS: "who spent most",
    ReportName.NEW_CUSTOMERS: "how many customers are new (by month, week, day)",
}
Staff = Annotated[
    str | None,
    typer.Option(
        "--as",
        envvar="TOTETAXI_STAFF",
        metavar="NAME",
        help="Who asks: a username, once there are accounts (`staff create`).",
    ),
]
By = Annotated[Grouping | None, typer.Option("--by", help="What the rows are.")]
First = Annotated[
    datetime | None, day("--from", "First day in New York; that month's first, if not said.")
]
Last = Annotated[
    datetime | None,
    day("--to", "Last day, at most 366 in all; today, or where pickups count this month's last."),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Save it for a spreadsheet.")
]
Html = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Save it as a page with a chart."),
]


def _command(name: ReportName) -> Callable[..., None]:
    def command(
        first: First = None,
        last: Last = None,
        by: By = None,
        staff: Staff = None,
        csv: Csv = None,
        html: Html = None,
        json: AsJson = False,
    ) -> None:
        from totetaxi_cli.report_views import Output, report_to_terminal
        from totetaxi_core.reports.read_report import ReportRequest

        asked = ReportRequest(
            name=name,
            first_on=first.date() if first else None,
            last_on=last.date() if last else None,
            by=by,
        )
        report_to_terminal(asked, Output(as_json=json, csv=csv, html=html), staff=staff)

    command.__doc__ = f"""Show {TOLD[name]}.

    Example: totetaxi reports {name} --from 2026-11-01 --to 2026-11-30
    """
    return command


for _name in ReportName:
    app.command(_name.value)(_command(_name))


@app.command("trial-balance")
def trial_balance(json: AsJson = False) -> None:
    """Show what each account of the ledger holds; exit 1 unless they add up to zero.

    Example: totetaxi reports trial-balance
    """
    from totetaxi_cli.trial_balance_view import trial_balance_to_terminal

    trial_balance_to_terminal(as_json=json)
