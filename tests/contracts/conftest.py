"""Both sides of the ports to what we store. A suite that asks for `uow_factory` runs on each."""

from collections.abc import Callable

import pytest

from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.unit_of_work import UnitOfWork

UowFactory = Callable[[], UnitOfWork]


@pytest.fixture
def memory_uow_factory() -> UowFactory:
    database = MemoryDatabase()
    return lambda: MemoryUnitOfWork(database)


@pytest.fixture(params=["memory", "postgres"])
def uow_factory(request: pytest.FixtureRequest) -> UowFactory:
    """Make units of work on one empty database."""
    factory: UowFactory = request.getfixturevalue(f"{request.param}_uow_factory")
    return factory
