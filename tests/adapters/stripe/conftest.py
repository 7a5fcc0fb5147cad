from collections.abc import AsyncIterator

import pytest

from tests.adapters.sandbox.stripe_server import StripeServer
from tests.adapters.stripe.orders import gateway_to
from totetaxi_adapters.stripe import StripePaymentGateway


@pytest.fixture
async def gateway(stripe_server: StripeServer) -> AsyncIterator[StripePaymentGateway]:
    async with gateway_to(stripe_server.url) as gateway:
        yield gateway
