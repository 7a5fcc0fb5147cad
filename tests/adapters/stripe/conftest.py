import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer, forget_everything, running_stripe
from tests.adapters.sandbox.throwaway_postgres import throwaway_postgres
from tests.adapters.stripe.orders import gateway_to
from totetaxi_adapters.stripe import StripePaymentGateway


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with throwaway_postgres() as url:
        yield url


@pytest.fixture
def sandbox_database(database_url: str) -> str:
    """A database in which no sandbox has been yet."""
    forget_everything(database_url)
    return database_url


@pytest.fixture
async def stripe_server(sandbox_database: str) -> AsyncIterator[StripeServer]:
    async with running_stripe(sandbox_database) as server:
        yield server


@pytest.fixture
async def gateway(stripe_server: StripeServer) -> AsyncIterator[StripePaymentGateway]:
    async with gateway_to(stripe_server.url) as gateway:
        yield gateway
