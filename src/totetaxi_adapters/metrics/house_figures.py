"""Figures of the whole house, read when asked: every process that is asked tells the same."""

import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

import structlog
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from totetaxi_adapters.certificate import certificate_ends_at
from totetaxi_adapters.metrics.remembered import Remembered
from totetaxi_adapters.postgres.figures import PostgresFigures, Queue
from totetaxi_adapters.wiring import Wiring
from totetaxi_adapters.worker import SCHEDULE, SCHEDULER, WORKER
from totetaxi_core.ledger.trial_balance import TrialBalance, trial_balance
from totetaxi_core.outbox.outbox import Backlog
from totetaxi_core.reconciliation.drift import DriftKind
from totetaxi_core.refusal import DomainError

DAYS_AHEAD: Final = 14
ALWAYS_BEATING: Final = (WORKER, SCHEDULER, *SCHEDULE)
# To add up the ledger reads all of it.
LEDGER_EVERY_S: Final = 300.0
CERTIFICATE_EVERY_S: Final = 3_600.0
OPEN_REFUNDS: Final = ("requested", "approved", "failed")
Key = TypeVar("Key", bound=str)
_LOG = structlog.get_logger(__name__)


class HouseFigures:
    """Reads the database, the disk and our certificate."""

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._balance = Remembered(self._balances, for_s=LEDGER_EVERY_S, clock=monotonic)
        self._certificate = Remembered(
            self._certificate_ends, for_s=CERTIFICATE_EVERY_S, clock=monotonic
        )

    async def read(self) -> Sequence[Metric]:
        """Return every figure; without a database, those that need none."""
        figures = [
            _gauge(
                "totetaxi_build", "The version that answers.", {version("totetaxi"): 1}, "version"
            ),
            *_disk(self._wiring.settings.totetaxi_data_dir),
        ]
        ends_at = await self._certificate.value()
        if ends_at is not None:
            figures.append(_certificate(self._wiring.settings.public_base_url, ends_at))
        try:
            stored = [one async for one in self._stored()]
        except DomainError as error:
            _LOG.warning("figures_not_read", code=error.code)
            return [*figures, _number("totetaxi_database_up", "Whether it answers.", 0)]
        return [*figures, _number("totetaxi_database_up", "Whether it answers.", 1), *stored]

    async def _stored(self) -> AsyncIterator[Metric]:
        now = self._wiring.ports.clock()
        async with self._wiring.ports.unit_of_work() as uow:
            backlog = await uow.outbox.backlog()
            drifts = await uow.open_drifts.counts()
            messages = await uow.messages.unfinished()
        for one in (*_owed(backlog, now=now), _drifts(drifts)):
            yield one
        yield _gauge(
            "totetaxi_messages",
            "Messages on their way, refused, or of unknown outcome.",
            messages,
            "state",
        )
        yield _beats(await self._wiring.heartbeats.all())
        async for figure in self._counted(now):
            yield figure
        for figure in _ledger(await self._balance.value()):
            yield figure

    async def _counted(self, now: datetime) -> AsyncIterator[Metric]:
        figures = PostgresFigures(self._wiring.engine)
        for one in _queues(await figures.queues()):
            yield one
        holds = await figures.holds(now)
        yield _gauge("totetaxi_holds", "Unpaid bookings, by their hold.", holds._asdict(), "state")
        refunds = await figures.refunds(now)
        shown = {status: refunds.get(status, 0) for status in OPEN_REFUNDS}
        help_text = "Refunds that wait, or failed within a day."
        yield _gauge("totetaxi_refunds", help_text, shown, "status")
        yield await self._crews_left(figures, now)
        size = await figures.size_bytes()
        yield _number("totetaxi_database_size_bytes", "Size of the database.", size)

    async def _crews_left(self, figures: PostgresFigures, now: datetime) -> Metric:
        terms = self._wiring.terms
        today = now.astimezone(terms.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        touched = await figures.least_crews_left(days[0], days[-1])
        left = {
            str(ahead): touched.get(on, terms.schedule.crews_on(on))
            for ahead, on in enumerate(days)
        }
        help_text = "Crews free in the fullest half hour of a date, by days from today."
        return _gauge("totetaxi_crews_left", help_text, left, "days_ahead")

    async def _balances(self) -> TrialBalance:
        return await trial_balance(self._wiring.ports)

    async def _certificate_ends(self) -> datetime | None:
        try:
            return await certificate_ends_at(self._wiring.settings.public_base_url)
        except OSError as error:
            _LOG.warning("certificate_not_read", error=type(error).__name__)
            return None


def _number(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _gauge(name: str, help_text: str, values: Mapping[Key, float], label: str) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family


def _owed(backlog: Backlog, *, now: datetime) -> Iterator[Metric]:
    yield _gauge("totetaxi_owed_effects", "Effects owed and not done.", backlog.counts, "state")
    since = backlog.due_since
    yield _number(
        "totetaxi_owed_effects_overdue_seconds",
        "How long the oldest due effect has waited, in seconds.",
        max(0.0, (now - since).total_seconds()) if since else 0.0,
    )


def _drifts(counts: Mapping[DriftKind, int]) -> Metric:
    """Show the drifts that the latest look left to a person: every kind, at 0 too."""
    help_text = "Differences from Stripe's and the courier's records that wait for a person."
    shown = {kind: counts.get(kind, 0) for kind in DriftKind}
    return _gauge("totetaxi_open_drifts", help_text, shown, "kind")


def _beats(beats: Mapping[str, datetime]) -> Metric:
    never = dict.fromkeys(ALWAYS_BEATING, 0.0)
    shown = never | {name: at.astimezone(UTC).timestamp() for name, at in beats.items()}
    help_text = "Last sign of life, or end of a periodic task's round, in Unix time; 0 is never."
    return _gauge("totetaxi_last_beat_timestamp_seconds", help_text, shown, "name")


def _queues(queues: Sequence[Queue]) -> Iterator[Metric]:
    number = GaugeMetricFamily(
        "totetaxi_queued_jobs",
        "Jobs that wait (todo) or are being done.",
        labels=["queue", "state"],
    )
    oldest = GaugeMetricFamily(
        "totetaxi_oldest_job_age_seconds", "Age of the oldest job.", labels=["queue", "state"]
    )
    for queue in queues:
        number.add_metric([queue.name, queue.state], queue.number)
        oldest.add_metric([queue.name, queue.state], queue.oldest_s)
    yield from (number, oldest)


def _ledger(balance: TrialBalance) -> Iterator[Metric]:
    help_text = "Balance of an account, debits above zero, in cents; some minutes old at most."
    yield _gauge("totetaxi_ledger_balance_cents", help_text, balance.balances, "account")
    yield _number(
        "totetaxi_ledger_sum_cents", "Sum over all accounts: 0, or broken.", balance.sum_cents
    )


def _certificate(url: str, ends_at: datetime) -> Metric:
    help_text = "When the certificate of PUBLIC_BASE_URL ends, in Unix time."
    name = "totetaxi_certificate_ends_timestamp_seconds"
    return _gauge(name, help_text, {url: ends_at.timestamp()}, "url")


def _disk(data_folder: Path) -> Iterator[Metric]:
    there = next(one for one in (data_folder, *data_folder.parents) if one.exists())
    usage = shutil.disk_usage(there)
    yield _number("totetaxi_disk_size_bytes", "Size of the data folder's disk.", usage.total)
    yield _number("totetaxi_disk_free_bytes", "Room left on that disk.", usage.free)
