"""What Prometheus reads: this machine's counts and the house's figures, as text."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Metric
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector

from totetaxi_adapters.metrics.house_figures import HouseFigures
from totetaxi_adapters.metrics.shared_counts import SharedCounts
from totetaxi_adapters.wiring import Wiring

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


class Exposition:
    """`shared` are the counts of all processes here; without, those of this one are told."""

    def __init__(self, wiring: Wiring, *, shared: SharedCounts | None = None) -> None:
        self._wiring, self._shared = wiring, shared
        self._figures = HouseFigures(wiring)

    async def text(self) -> bytes:
        """Return all of it in Prometheus's text format."""
        figures = await self._figures.read()
        return await asyncio.to_thread(self._rendered, figures)

    def _rendered(self, figures: Sequence[Metric]) -> bytes:
        house = CollectorRegistry()
        house.register(_Read(figures))
        shared = self._shared
        counts = self._wiring.meters.registry if shared is None else shared.registry()
        return generate_latest(counts) + generate_latest(house)


class _Read(Collector):
    def __init__(self, figures: Sequence[Metric]) -> None:
        self._figures = figures

    def collect(self) -> Iterable[Metric]:
        return self._figures
