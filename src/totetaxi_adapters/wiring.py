"""Where a process is put together: settings in, ports and terms out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import SystemRandom
from zoneinfo import ZoneInfo

import procrastinate
from sqlalchemy.ext.asyncio import AsyncEngine

from totetaxi_adapters.access_tokens import JwtAccessTokens
from totetaxi_adapters.clock import SystemClock
from totetaxi_adapters.current_book import CurrentBook
from totetaxi_adapters.disposable_domains import ListedDisposableDomains
from totetaxi_adapters.holidays import FederalHolidayCalendar
from totetaxi_adapters.jobs import EffectJobs, create_job_app
from totetaxi_adapters.passwords import Argon2PasswordHasher
from totetaxi_adapters.postgres.engine import open_engine
from totetaxi_adapters.postgres.heartbeats import Heartbeats
from totetaxi_adapters.postgres.rate_limit import PostgresRateLimiter
from totetaxi_adapters.postgres.unit_of_work import PostgresUnitOfWork
from totetaxi_adapters.providers import stripe_checkout, stripe_gateway, stripe_records
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.stripe import StripeCardGateway, StripeDisputeGateway
from totetaxi_core.accounts.credentials import Credentials
from totetaxi_core.accounts.password import PasswordHasher
from totetaxi_core.bookings.manage_token import ManageTokens
from totetaxi_core.customers.account_token import AccountTokens
from totetaxi_core.customers.pseudonyms import Pseudonyms
from totetaxi_core.ids import IdSource
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.pricing.charge_limits import ChargeLimits
from totetaxi_core.pricing.quote_token import QuoteTokens

BUSINESS_ZONE = "America/New_York"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """Everything a process works with, ready for use."""

    settings: Settings
    database_url: str
    engine: AsyncEngine
    jobs: procrastinate.App
    ports: Ports
    terms: Terms
    credentials: Credentials
    current_book: CurrentBook
    heartbeats: Heartbeats
    rate_limiter: PostgresRateLimiter


@asynccontextmanager
async def wired(
    settings: Settings, database_url: str, *, sandbox_url: str | None = None
) -> AsyncIterator[Wiring]:
    """Wire a process to a database whose schema is up to date, and unwire it at the end.

    `sandbox_url` is where the sandbox listens, such as `http://127.0.0.1:8000`; None where Stripe
    is named in the settings, or will not be asked.
    """
    engine = open_engine(database_url)
    jobs = create_job_app(database_url)
    gateway = stripe_gateway(settings, sandbox_url=sandbox_url)
    passwords = Argon2PasswordHasher()
    effect_jobs = EffectJobs(jobs)
    ports = Ports(
        unit_of_work=lambda: PostgresUnitOfWork(engine, jobs=effect_jobs),
        payments=gateway,
        payment_records=stripe_records(gateway),
        checkout=stripe_checkout(settings, gateway),
        cards=StripeCardGateway(gateway.connection),
        disputes=StripeDisputeGateway(gateway.connection),
        holidays=FederalHolidayCalendar(),
        clock=SystemClock(settings.totetaxi_now),
        ids=IdSource(SystemRandom()),
    )
    try:
        async with CurrentBook.following(ports) as current_book:
            yield Wiring(
                settings=settings,
                database_url=database_url,
                engine=engine,
                jobs=jobs,
                ports=ports,
                terms=terms_of(settings),
                credentials=credentials_of(settings, passwords),
                current_book=current_book,
                heartbeats=Heartbeats(engine),
                rate_limiter=PostgresRateLimiter(engine),
            )
    finally:
        passwords.close()
        await gateway.close()
        await engine.dispose()


def terms_of(settings: Settings) -> Terms:
    """Return the house's terms as the settings have them."""
    secret = settings.secret_key.reveal()
    previous = settings.secret_key_previous.reveal() if settings.secret_key_previous else None
    return Terms(
        zone=ZoneInfo(BUSINESS_ZONE),
        limits=ChargeLimits(
            minimum_cents=settings.min_charge_cents,
            maximum_cents=settings.max_charge_cents,
            support_phone=settings.support_phone,
        ),
        quote_tokens=QuoteTokens(secret, previous_secret=previous),
        manage_tokens=ManageTokens(secret, previous_secret=previous),
        account_tokens=AccountTokens(secret, previous_secret=previous),
        pseudonyms=Pseudonyms(secret),
        public_url=settings.public_base_url.rstrip("/"),
        staff_email=settings.staff_email,
        hold=timedelta(minutes=settings.hold_minutes),
    )


def credentials_of(settings: Settings, passwords: PasswordHasher) -> Credentials:
    """Return what logging in works with: the former secret is still accepted."""
    previous = settings.secret_key_previous
    return Credentials(
        passwords=passwords,
        access_tokens=JwtAccessTokens(
            settings.secret_key.reveal(), previous_secret=previous.reveal() if previous else None
        ),
        disposable_domains=ListedDisposableDomains(),
    )
