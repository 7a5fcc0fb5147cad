"""Reconciliation on the terminal: progress while it runs, then what differs and what was done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from uuid import UUID

import attrs
import typer
from rich.console import Console
from rich.progress import Progress as ProgressBar

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.output import money, print_json, print_table
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.reconciliation.drift import DriftKind, Outcome, ReconciledDrift, Repair
from totetaxi_core.reconciliation.reconcile import Progress, Reconciliation, reconcile
from totetaxi_core.reconciliation.reconcile_drives import reconcile_drives
from totetaxi_core.reconciliation.sweep import Span

UNMENDED: Final = 1
DAYS_BEFORE: Final = timedelta(days=2)
MOST_DAYS: Final = 366


@attrs.frozen(kw_only=True)
class DriftResponse:
    """A difference; `expected_cents` is by our records. `note` says why it was not mended."""

    kind: DriftKind
    booking_id: UUID | None
    booking_number: str | None
    payment_id: UUID | None
    refund_id: UUID | None
    intent_id: str | None
    provider_refund_id: str | None
    stripe_dispute_id: str | None
    courier_task_id: UUID | None
    onfleet_task_id: str | None
    expected_cents: int | None
    actual_cents: int | None
    detail: str
    repair: Repair | None
    outcome: Outcome
    note: str | None

    @classmethod
    def from_found(cls, found: ReconciledDrift) -> Self:
        drift = found.drift
        return cls(
            kind=drift.kind,
            booking_id=drift.booking_id,
            booking_number=drift.booking_number,
            payment_id=drift.payment_id,
            refund_id=drift.refund_id,
            intent_id=drift.intent_id,
            provider_refund_id=drift.provider_refund_id,
            stripe_dispute_id=drift.stripe_dispute_id,
            courier_task_id=drift.courier_task_id,
            onfleet_task_id=drift.onfleet_task_id,
            expected_cents=drift.expected_cents,
            actual_cents=drift.actual_cents,
            detail=drift.detail,
            repair=drift.repair,
            outcome=found.outcome,
            note=found.note,
        )


@attrs.frozen(kw_only=True)
class ReconciliationResponse:
    """`compared` counts looks at bookings' records; `unrepaired` is what the exit code is about."""

    date_from: date
    date_to: date
    compared: int
    unrepaired: int
    drifts: tuple[DriftResponse, ...]


def reconcile_to_terminal(
    *, begin: date | None, end: date | None, repair: bool, as_json: bool
) -> None:
    """Reconcile those business days, both included, and print what differs.

    Raises:
        typer.BadParameter: the first day comes after the last, or more than a year before it.
        typer.Exit: with 1, something is left.
        PaymentUnavailableError: Stripe does not answer; what was mended by then is mended.
    """
    if begin is not None and end is not None and begin > end:
        raise typer.BadParameter("comes before the first day", param_hint="--to")

    async def job(wiring: Wiring) -> tuple[date, date, Reconciliation]:
        ports, terms = wiring.ports, wiring.terms
        last = end or max(begin or date.min, ports.clock().astimezone(terms.zone).date())
        first = begin or last - DAYS_BEFORE
        if (last - first).days >= MOST_DAYS:
            raise typer.BadParameter(f"at most {MOST_DAYS} days at a time", param_hint="--from")
        done = await _reconcile(_span(first, last, terms), ports, terms, repair=repair)
        return first, last, done

    first, last, done = run_with_stripe(job)
    if as_json:
        print_json(_response(first, last, done))
    else:
        _print(first, last, done)
    if done.unmended:
        raise typer.Exit(UNMENDED)


async def _reconcile(span: Span, ports: Ports, terms: Terms, *, repair: bool) -> Reconciliation:
    with _shown() as show:
        payments = await reconcile(span, ports, terms, repair=repair, on_progress=show)
        drives = await reconcile_drives(span, ports, terms, repair=repair)
    return replace(payments, drifts=(*payments.drifts, *drives))


def _span(first: date, last: date, terms: Terms) -> Span:
    """Return from midnight to midnight in the business's own zone."""
    begin, until = (
        datetime.combine(day, time.min, tzinfo=terms.zone).astimezone(UTC)
        for day in (first, last + timedelta(days=1))
    )
    return Span(begin=begin, until=until)


@contextmanager
def _shown() -> Iterator[Callable[[Progress], None]]:
    """Show a bar on standard error where somebody looks at it."""
    console = Console(file=sys.stderr)
    with ProgressBar(console=console, disable=not sys.stderr.isatty(), transient=True) as bar:
        task = bar.add_task("comparing", total=None)

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.days,
                completed=progress.days_done,
                description=f"comparing: {progress.compared} bookings",
            )

        yield show


def _response(first: date, last: date, done: Reconciliation) -> ReconciliationResponse:
    return ReconciliationResponse(
        date_from=first,
        date_to=last,
        compared=done.compared,
        unrepaired=len(done.unmended),
        drifts=tuple(DriftResponse.from_found(one) for one in done.drifts),
    )


def _print(first: date, last: date, done: Reconciliation) -> None:
    if done.drifts:
        print_table(
            ("drift", "booking", "here", "found", "outcome", "what"),
            (_row(one) for one in done.drifts),
            right=frozenset({"here", "found"}),
        )
    count, left = len(done.drifts), len(done.unmended)
    drifts = "1 drift" if count == 1 else f"{count} drifts"
    typer.echo(f"{first} to {last}: {drifts}, {count - left} repaired, {left} left")
    if any(one.outcome is Outcome.REPAIRABLE for one in done.drifts):
        typer.echo("--repair mends those that are repairable")


def _row(found: ReconciledDrift) -> tuple[object, ...]:
    drift = found.drift
    why = f"{drift.detail}: {found.note}" if found.note else drift.detail
    return (
        drift.kind,
        drift.booking_number,
        money(drift.expected_cents),
        money(drift.actual_cents),
        found.outcome,
        why,
    )
