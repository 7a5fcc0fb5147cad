"""One Onfleet sandbox for each test, on the server of this process's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.sandbox.onfleet.onfleet_server import OnfleetServer, running_onfleet


@pytest.fixture
async def onfleet(sandbox_database: str) -> AsyncIterator[OnfleetServer]:
    async with running_onfleet(sandbox_database) as server:
        yield server
