"""The service on memory, with two customers to call it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest
from litestar import Litestar

from tests.core.customers.customer_house import (
    CustomerHouse,
    a_customer_house,
    a_customer_with_password,
)
from tests.core.staff.staffing import PASSWORD
from tests.http.echo import client_of
from tests.http.one_app import app_on
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.current_terms import CurrentTerms
from totetaxi_adapters.jobs import create_job_app
from totetaxi_adapters.postgres.engine import open_engine
from totetaxi_adapters.postgres.heartbeats import Heartbeats
from totetaxi_adapters.postgres.rate_limit import PostgresRateLimiter
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.customers.customer import Customer

NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


@dataclass(frozen=True, kw_only=True)
class Service:
    """An application, and the house in memory that it serves."""

    app: Litestar
    house: CustomerHouse


@dataclass(frozen=True, kw_only=True)
class LoggedIn:
    """A customer at a client that shows their access token."""

    http: httpx.AsyncClient
    customer: Customer


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    house = await a_customer_house()
    engine = open_engine(NO_DATABASE)
    async with CurrentBook.following(house.ports) as current_book:
        wiring = Wiring(
            settings=settings_from({"RATELIMIT_ENABLE": "false"}),
            database_url=NO_DATABASE,
            engine=engine,
            jobs=create_job_app(NO_DATABASE),
            ports=house.ports,
            current_terms=CurrentTerms(house.ports, house.terms),
            credentials=house.credentials,
            current_book=current_book,
            heartbeats=Heartbeats(engine),
            rate_limiter=PostgresRateLimiter(engine),
        )
        yield Service(app=app_on(wiring), house=house)
    await engine.dispose()


@pytest.fixture
async def stranger(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that shows no token."""
    async with client_of(service.app) as http:
        yield http


@asynccontextmanager
async def logged_in(service: Service, customer: Customer) -> AsyncIterator[LoggedIn]:
    login = await service.house.log_in_customer(customer.email, PASSWORD)
    header = ("Authorization", f"Bearer {login.access_token}")
    async with client_of(service.app, headers=[header]) as http:
        yield LoggedIn(http=http, customer=customer)


@pytest.fixture
async def customer_a(service: Service) -> AsyncIterator[LoggedIn]:
    customer = await service.house.take_in(a_customer_with_password("ada@example.com"))
    async with logged_in(service, customer) as caller:
        yield caller


@pytest.fixture
async def customer_b(service: Service) -> AsyncIterator[LoggedIn]:
    customer = await service.house.take_in(a_customer_with_password("bea@example.com"))
    async with logged_in(service, customer) as caller:
        yield caller
