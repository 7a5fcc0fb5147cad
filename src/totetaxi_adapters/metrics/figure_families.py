"""How figures of the house are named and shown to Prometheus."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from totetaxi_adapters.postgres.figures import Holds, Queue
from totetaxi_adapters.worker import SCHEDULE, SCHEDULER, WORKER
from totetaxi_core.ledger.trial_balance import TrialBalance
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.reconciliation.drift import DriftKind

ALWAYS_BEATING: Final = (WORKER, SCHEDULER, *SCHEDULE)
OPEN_REFUNDS: Final = ("requested", "approved", "failed")
Key = TypeVar("Key", bound=str)


def number(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def gauge(name: str, help_text: str, values: Mapping[Key, float], label: str) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def owed(backlog: Backlog, *, now: datetime) -> Iterator[Metric]:
    help_text = (
        "Effects owed and not done: due now, tried in vain (retrying), or with a time ahead."
    )
    yield gauge("totetaxi_owed_effects", help_text, backlog.counts, "state")
    help_text = "Effects that have failed again and again for over five minutes."
    yield gauge("totetaxi_failing_effects", help_text, backlog.failing, "kind")
    since = backlog.due_since
    yield number(
        "totetaxi_owed_effects_overdue_seconds",
        "How long the oldest due effect has waited, in seconds.",
        (now - since).total_seconds() if since else 0.0,
    )


def drifts(counts: Mapping[DriftKind, int]) -> Metric:
    """Show the drifts that the latest look left to a person: every kind, at 0 too."""
    help_text = "Differences from Stripe's and the courier's records that wait for a person."
    shown = {kind: counts.get(kind, 0) for kind in DriftKind}
    return gauge("totetaxi_open_drifts", help_text, shown, "kind")


def messages(unfinished: Mapping[Key, int]) -> Metric:
    help_text = "Messages on their way, refused, or of unknown outcome."
    return gauge("totetaxi_messages", help_text, unfinished, "state")


def beats(ends: Mapping[str, datetime]) -> Metric:
    never = dict.fromkeys(ALWAYS_BEATING, 0.0)
    shown = never | {name: at.astimezone(UTC).timestamp() for name, at in ends.items()}
    help_text = "Last sign of life, or end of a periodic task's round, in Unix time; 0 is never."
    return gauge("totetaxi_last_beat_timestamp_seconds", help_text, shown, "name")


def pauses() -> Metric:
    shown = {name: rhythm.pause.total_seconds() for name, rhythm in SCHEDULE.items()}
    help_text = "How often a periodic task should run: every so many seconds."
    return gauge("totetaxi_task_pause_seconds", help_text, shown, "name")


def queues(found: Sequence[Queue]) -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "totetaxi_queued_jobs",
        "Jobs that wait (todo) or are being done.",
        labels=["queue", "state"],
    )
    oldest = GaugeMetricFamily(
        "totetaxi_oldest_job_age_seconds", "Age of the oldest job.", labels=["queue", "state"]
    )
    for queue in found:
        waiting.add_metric([queue.name, queue.state], queue.number)
        oldest.add_metric([queue.name, queue.state], queue.oldest_s)
    yield from (waiting, oldest)


def holds(counted: Holds) -> Metric:
    return gauge("totetaxi_holds", "Unpaid bookings, by their hold.", counted._asdict(), "state")


def refunds(counted: Mapping[str, int]) -> Metric:
    shown = {status: counted.get(status, 0) for status in OPEN_REFUNDS}
    help_text = "Refunds that wait, or failed within a day."
    return gauge("totetaxi_refunds", help_text, shown, "status")


def ledger(balance: TrialBalance) -> Iterator[Metric]:
    help_text = "Balance of an account, debits above zero, in cents; some minutes old at most."
    yield gauge("totetaxi_ledger_balance_cents", help_text, balance.balances, "account")
    yield number(
        "totetaxi_ledger_sum_cents", "Sum over all accounts: 0, or broken.", balance.sum_cents
    )


def certificate(url: str, ends_at: datetime) -> Metric:
    help_text = "When the certificate of PUBLIC_BASE_URL ends, in Unix time."
    name = "totetaxi_certificate_ends_timestamp_seconds"
    return gauge(name, help_text, {url: ends_at.timestamp()}, "url")


def disk(data_folder: Path) -> Iterator[Metric]:
    there = next(one for one in (data_folder, *data_folder.parents) if one.exists())
    usage = shutil.disk_usage(there)
    yield number("totetaxi_disk_size_bytes", "Size of the data folder's disk.", usage.total)
    yield number("totetaxi_disk_free_bytes", "Room left on that disk.", usage.free)
