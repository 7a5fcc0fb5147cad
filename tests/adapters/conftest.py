"""The Stripe sandbox as a server, on the server of this process's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer, forget_everything, running_stripe


@pytest.fixture
def sandbox_database(postgres_url: str) -> str:
    """A database in which no sandbox has been yet."""
    forget_everything(postgres_url)
    return postgres_url


@pytest.fixture
async def stripe_server(sandbox_database: str) -> AsyncIterator[StripeServer]:
    async with running_stripe(sandbox_database) as server:
        yield server
