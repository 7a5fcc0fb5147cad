"""The desk on the terminal."""

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_facts, print_json, print_table
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.staff.dashboard import Dashboard
from totetaxi_core.staff.dashboard import dashboard as seen_desk
from totetaxi_http.schemas.dashboard import DashboardResponse, PeriodResponse

FIGURES = tuple(status.value for status in BookingStatus)
MONEY = ("charged", "refunded", "net")


def dashboard_to_terminal(*, as_json: bool) -> None:
    """Print the desk as it stands."""

    async def job(wiring: Wiring) -> Dashboard:
        return await seen_desk(wiring.ports, wiring.terms, seen_by=None)

    seen = DashboardResponse.from_dashboard(run(job))
    if as_json:
        print_json(seen)
        return
    print_table(
        ("pickup", "booking", "service", "status", "crews left"),
        (
            (
                f"{one.pickup_time:%H:%M}",
                one.booking_number,
                one.service_type,
                one.status,
                one.crews_left,
            )
            for one in seen.pickups
        ),
        title=f"Today, {seen.today.date_from}",
        right=frozenset({"crews left"}),
        empty=f"There is no pickup today, {seen.today.date_from}.",
    )
    columns = ("pickups", *FIGURES, "new customers", *MONEY)
    rows = (_row("today", seen.today), _row("this week", seen.week))
    print_table(columns, rows, right=frozenset(columns[1:]))
    _print_waiting(seen)


def _row(name: str, period: PeriodResponse) -> tuple[object, ...]:
    moved = period.money
    figures = (moved.charged_cents, moved.refunded_cents, moved.net_cents) if moved else (None,) * 3
    counts = (getattr(period.bookings, status) for status in FIGURES)
    return (name, *counts, period.new_customers, *map(money, figures))


def _print_waiting(seen: DashboardResponse) -> None:
    waiting = seen.waiting_refunds
    facts: list[tuple[str, object]] = [("failed jobs", seen.failed_jobs)]
    if waiting is not None:
        facts.insert(0, ("refunds to decide on", waiting.count))
        if waiting.oldest_at is not None:
            facts.insert(1, ("oldest since (UTC)", f"{waiting.oldest_at:%Y-%m-%d %H:%M}"))
    if seen.messages is not None:
        facts.append(("messages that may be lost", seen.messages.unknown))
        facts.append(("messages refused", seen.messages.refused))
    print_facts(facts)
    if seen.failed_jobs:
        typer.echo("see: totetaxi jobs list")
    if seen.messages is not None and seen.messages.unknown:
        typer.echo("see: totetaxi messages list --state unknown")
