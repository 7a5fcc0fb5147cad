"""The schedules staff have made, one after the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from totetaxi_core.scheduling.schedule import Schedule

HOUSE_RULES_VERSION = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSchedule:
    """One version; it never changes. `changed_at` is in UTC; `changed_by` is a username."""

    version: int
    schedule: Schedule
    changed_by: str
    changed_at: datetime
    reason: str = ""


class Schedules(Protocol):
    """Every schedule there was since staff first changed the house rules; the newest counts."""

    async def current(self, *, lock: bool = False) -> StoredSchedule | None:
        """Return the newest; None while the house rules stand.

        `lock` keeps others who lock it waiting until the end, and no reader: it comes before any
        other lock.
        """
        ...

    async def add(self, stored: StoredSchedule) -> None:
        """Store the next version; whoever does so has locked the current one."""
        ...

    async def history(self, *, before: int | None, limit: int) -> tuple[StoredSchedule, ...]:
        """Return the newest below the version `before`, newest first."""
        ...
