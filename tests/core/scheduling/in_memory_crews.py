from collections.abc import Mapping
from datetime import date
from types import TracebackType
from typing import Self

from totetaxi_core.scheduling.crews import CrewCount, SlotUnavailableError


class InMemoryCrews:
    """The crew calendar's port in a dictionary; one caller at a time."""

    def __init__(self) -> None:
        self.counts: dict[tuple[date, int], CrewCount] = {}

    async def lock(self, on: date, half_hours: range, *, crews: int) -> None:
        for n in half_hours:
            self.counts.setdefault((on, n), CrewCount(0, crews))

    async def take(self, on: date, half_hours: range, *, crews: int) -> None:
        of_date = (count.crews for (day, _), count in self.counts.items() if day == on)
        born_with = next(of_date, crews)
        rows = [self.counts.get((on, n), CrewCount(0, born_with)) for n in half_hours]
        if any(row.taken >= row.crews for row in rows):
            raise SlotUnavailableError(on, half_hours)
        for n, row in zip(half_hours, rows, strict=True):
            self.counts[on, n] = CrewCount(row.taken + 1, row.crews)

    async def release(self, on: date, half_hours: range) -> None:
        for n in half_hours:
            row = self.counts[on, n]
            self.counts[on, n] = CrewCount(row.taken - 1, row.crews)

    async def taken(self, start: date, end: date) -> Mapping[tuple[date, int], CrewCount]:
        return {key: count for key, count in self.counts.items() if start <= key[0] <= end}


class InMemoryUnitOfWork:
    """A unit of work with crews alone; counts how often it was entered."""

    def __init__(self) -> None:
        self.crews = InMemoryCrews()
        self.entered = 0

    async def __aenter__(self) -> Self:
        self.entered += 1
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
        /,
    ) -> None:
        return None
