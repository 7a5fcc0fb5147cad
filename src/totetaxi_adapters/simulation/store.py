"""Where a simulated business keeps its rows."""

from typing import Protocol, cast
from uuid import UUID

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.unit_of_work import UnitOfWork


class Store(Protocol):
    """Where the business keeps its rows."""

    def unit_of_work(self) -> UnitOfWork: ...

    async def take_job(self, draw: int) -> UUID | None:
        """Return an effect that has a job, if there is one; the job is gone."""
        ...

    def jobs(self) -> int:
        """Return how many jobs there are."""
        ...


class MemoryStore:
    def __init__(self) -> None:
        self.database = MemoryDatabase()

    def unit_of_work(self) -> UnitOfWork:
        return MemoryUnitOfWork(self.database)

    async def take_job(self, draw: int) -> UUID | None:
        """Return the next effect, or now and then the one after it."""
        jobs = self.database.jobs
        if draw % 4 == 0 and len(jobs) > 1:
            jobs.add(cast("UUID", jobs.take()))
        return jobs.take()

    def jobs(self) -> int:
        return len(self.database.jobs)
