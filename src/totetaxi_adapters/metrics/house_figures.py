"""Figures of the whole house, read when asked: every process that is asked tells the same."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from importlib.metadata import version
from time import monotonic
from typing import Final

import structlog
from prometheus_client import Metric

from totetaxi_adapters.certificate import certificate_ends_at
from totetaxi_adapters.metrics import figure_families as families
from totetaxi_adapters.metrics.remembered import Remembered
from totetaxi_adapters.postgres.figures import PostgresFigures
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.ledger.trial_balance import TrialBalance, trial_balance
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import code_of

DAYS_AHEAD: Final = 14
# To add up the ledger reads all of it: a third of a second of one processor for a million bookings.
LEDGER_EVERY_S: Final = 300.0
CERTIFICATE_EVERY_S: Final = 3_600.0
RETRY_S: Final = 60.0
# For all that the database is asked at once: Prometheus itself gives up after ten seconds.
READ_WITHIN_S: Final = 4.0
BEATS: Final = "beats"
LEDGER: Final = "ledger"
CERTIFICATE: Final = "certificate"
Reader = Callable[[], Awaitable[Iterable[Metric]]]
_LOG = structlog.get_logger(__name__)


class HouseFigures:
    """Reads the database, the disk and our certificate.

    What cannot be read keeps nothing else from being told, and `totetaxi_figures_read` names it.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._balance: Remembered[TrialBalance] = Remembered(
            LEDGER, self._balances, for_s=LEDGER_EVERY_S, retry_s=RETRY_S, clock=monotonic
        )
        self._certificate: Remembered[datetime | None] = Remembered(
            CERTIFICATE,
            self._certificate_ends,
            for_s=CERTIFICATE_EVERY_S,
            retry_s=RETRY_S,
            clock=monotonic,
        )
        self._readers: Mapping[str, Reader] = {
            "outbox": self._outbox,
            "drifts": self._drifts,
            "messages": self._messages,
            "queues": self._queues,
            "holds": self._holds,
            "refunds": self._refunds,
            "crews": self._crews_left,
            "size": self._size,
        }

    async def read(self) -> Sequence[Metric]:
        """Return every figure; without a database, those that need none."""
        settings = self._wiring.settings
        figures = [
            families.gauge(
                "totetaxi_build", "The version that answers.", {version("totetaxi"): 1}, "version"
            ),
            families.pauses(),
            *families.disk(settings.totetaxi_data_dir),
        ]
        if ends_at := await self._certificate.value():
            figures.append(families.certificate(settings.public_base_url, ends_at))
        stored, read = await self._from_database()
        read[CERTIFICATE] = self._certificate.is_read
        help_text = "Whether a kind of figures could be read; 0: it is not known how things are."
        return [
            *figures,
            *stored,
            families.number("totetaxi_database_up", "Whether it answers.", read.pop(BEATS)),
            families.gauge("totetaxi_figures_read", help_text, read, "figures"),
        ]

    async def _from_database(self) -> tuple[list[Metric], dict[str, bool]]:
        """Return the figures, and which kinds were read; no further ones while none answers."""
        deadline = asyncio.get_running_loop().time() + READ_WITHIN_S
        found = await _within(deadline, BEATS, self._beats)
        if found is None:
            return [], {BEATS: False}
        figures, read = [*found], {BEATS: True}
        for name, reader in self._readers.items():
            found = await _within(deadline, name, reader)
            read[name] = found is not None
            figures += found or ()
        if balance := await self._balance.value():
            figures += families.ledger(balance)
        return figures, read | {LEDGER: self._balance.is_read}

    @property
    def _ports(self) -> Ports:
        return self._wiring.ports

    @property
    def _stored(self) -> PostgresFigures:
        return PostgresFigures(self._wiring.engine)

    async def _beats(self) -> Iterable[Metric]:
        return [families.beats(await self._wiring.heartbeats.all())]

    async def _outbox(self) -> Iterable[Metric]:
        now = self._ports.clock()
        async with self._ports.unit_of_work() as uow:
            return families.owed(await uow.outbox.backlog(now=now), now=now)

    async def _drifts(self) -> Iterable[Metric]:
        async with self._ports.unit_of_work() as uow:
            return [families.drifts(await uow.open_drifts.counts())]

    async def _messages(self) -> Iterable[Metric]:
        async with self._ports.unit_of_work() as uow:
            return [families.messages(await uow.messages.unfinished())]

    async def _queues(self) -> Iterable[Metric]:
        return families.queues(await self._stored.queues())

    async def _holds(self) -> Iterable[Metric]:
        return [families.holds(await self._stored.holds(self._ports.clock()))]

    async def _refunds(self) -> Iterable[Metric]:
        return [families.refunds(await self._stored.refunds(self._ports.clock()))]

    async def _crews_left(self) -> Iterable[Metric]:
        terms = self._wiring.terms
        today = self._ports.clock().astimezone(terms.zone).date()
        days = [today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD)]
        touched = await self._stored.least_crews_left(days[0], days[-1])
        left = {
            str(ahead): touched.get(on, terms.schedule.crews_on(on))
            for ahead, on in enumerate(days)
        }
        help_text = "Crews free in the fullest half hour of a date, by days from today."
        return [families.gauge("totetaxi_crews_left", help_text, left, "days_ahead")]

    async def _size(self) -> Iterable[Metric]:
        size = await self._stored.size_bytes()
        return [families.number("totetaxi_database_size_bytes", "Size of the database.", size)]

    async def _balances(self) -> TrialBalance:
        return await trial_balance(self._ports)

    async def _certificate_ends(self) -> datetime | None:
        return await certificate_ends_at(self._wiring.settings.public_base_url)


async def _within(deadline: float, name: str, reader: Reader) -> Iterable[Metric] | None:
    """Return a kind of figures; None if not read by the deadline, by the loop's clock."""
    try:
        async with asyncio.timeout_at(deadline):
            return await reader()
    except Exception as error:  # noqa: BLE001  it keeps nothing else from being told
        _LOG.warning("figures_not_read", figures=name, code=code_of(error))
        return None
